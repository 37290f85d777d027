#include "axes.hpp"
#include "laws/machine.hpp"
#include "laws/model.hpp"
#include "laws/subject.hpp"

#include <memo/base/clock.hpp>
#include <memo/manager.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>

namespace {

constexpr axes::configuration plain{axes::order::lru, axes::lifetime::ten_seconds, axes::freshness::strict,
                                    axes::flights::coalesce, axes::kind::function};

using sound = laws::subject_of<plain>;

// caches with a fault

struct forgets_nothing : sound {
    using sound::sound;
    std::size_t evict(int) override { return 0; }
};

struct finds_what_is_gone : sound {
    using sound::sound;
    bool contains(int key) override { return last_ == key || sound::contains(key); }
    long call(int key) override { return sound::call(last_ = key); }

private:
    int last_ = -1;
};

/// Returns: what the machine prints.
template <class Subject>
std::string told_of() {
    std::ostringstream told;
    auto* const screen = std::cerr.rdbuf(told.rdbuf());
    bool const well = laws::obeys(plain, laws::make_subject<Subject>);
    std::cerr.rdbuf(screen);
    CHECK_FALSE(well);
    return told.str();
}

bool tells(std::string const& all, char const* part) {
    return all.find(part) != std::string::npos;
}

/// Of the program, with the one that makes the wrapper.
auto statements(std::string const& told) {
    return std::ranges::count(told, ';');
}

}  // namespace

TEST_CASE("machine: an evict that forgets nothing is found, and told as a short program") {
    auto const told = told_of<forgets_nothing>();
    CAPTURE(told);
    CHECK(tells(told, "auto g = memo::cached(f, memo::policy(memo::lru), memo::ttl(10s), memo::coalesce, memo::max_size("));
    CHECK(tells(told, "g.evict("));
    CHECK(statements(told) <= 9);
}

TEST_CASE("machine: a contains that finds what is gone is found, and told as a short program") {
    auto const told = told_of<finds_what_is_gone>();
    CAPTURE(told);
    CHECK(tells(told, "g.contains("));
    CHECK(statements(told) <= 9);
}
