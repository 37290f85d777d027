#include "schedules/scenario.hpp"

#include <memo/base/sync.hpp>
#include <memo/cache_evict.hpp>
#include <memo/cached.hpp>
#include <memo/options.hpp>
#include <memo/policy/lru.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

using schedules::all_preemptions;
using schedules::scenario;

namespace {

auto small(std::function<int(int)> f) {
    return memo::cached(std::move(f), memo::policy(memo::lru), memo::max_size(10), memo::no_stats);
}

/// A result that is made of a result, both remembered, of a source that changes once.
struct sums {
    memo::detail::atomic<int> source{1};
    decltype(small({})) part{small([this](int) { return source.load(); })};
    decltype(small({})) whole{small([this](int n) { return part(n); })};
    std::string wrong;

    sums() { whole(7); }

    void change() {
        memo::cache_evict([this] { source = 2; }, memo::all(whole), memo::all(part))();
        if (whole(7) != 2)
            wrong = "what was made of an old result is given after the eviction";
    }
    void ask() { whole(7); }
    void ask_part() { part(7); }
};

void no_schedule_is_wrong(std::string const& what, std::vector<std::function<void(sums&)>> threads, unsigned preemptions) {
    auto const end = [](sums& with) -> std::string {
        if (with.wrong.empty() && with.whole(7) != 2)
            return "what was made of an old result is kept";
        return with.wrong;
    };
    auto const all = all_preemptions(scenario<sums>(std::move(threads), end), preemptions);
    CHECK(all.failure == "");
    CHECK(all.complete);
    MESSAGE(what << ": " << all.schedules << " schedules");
}

}  // namespace

TEST_CASE("F18 nested: no schedule leaves what was made of an old result behind an eviction of both") {
    no_schedule_is_wrong("an eviction and a call", {&sums::change, &sums::ask}, 2);
    no_schedule_is_wrong("an eviction and two calls", {&sums::change, &sums::ask, &sums::ask}, 2);
    no_schedule_is_wrong("an eviction and calls of both", {&sums::change, &sums::ask, &sums::ask_part}, 1);
}
