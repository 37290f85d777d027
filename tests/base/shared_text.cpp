#include <memo/base/shared_text.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using memo::detail::shared_text;

TEST_CASE("shared_text: it has the bytes it was made of, whatever they are") {
    for (std::string const& text : {std::string{}, std::string{"a"}, std::string{"a\0b", 3}, std::string(100'000, 'x')})
        CHECK(shared_text{text}.view() == text);
}

TEST_CASE("shared_text: copies are of the same bytes, which last as long as one of them") {
    shared_text kept{""};
    {
        shared_text const first{"first"};
        kept = first;
        CHECK(kept.view().data() == first.view().data());
    }
    CHECK(kept.view() == "first");
    auto moved = std::move(kept);
    CHECK(moved.view() == "first");
    kept = shared_text{"second"};
    CHECK(kept.view() == "second");
    auto& same = kept;
    kept = same;
    CHECK(kept.view() == "second");
}

TEST_CASE("shared_text: what it takes is its text, and a little more") {
    CHECK(shared_text{""}.footprint() >= 16);
    CHECK(shared_text{std::string(1000, 'x')}.footprint() > 1000);
    CHECK(shared_text{std::string(1000, 'x')}.footprint() < 1040);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("shared_text: many threads copy it and let go of it, and it ends once") {
    std::atomic<int> wrong{0};
    {
        shared_text const text{std::string(100, 'x')};
        std::vector<std::jthread> all;
        for (int thread = 0; thread != 4; ++thread)
            all.emplace_back([mine = text, &wrong] {
                for (int round = 0; round != 10'000; ++round)
                    if (auto const copy = mine; copy.view().back() != 'x') ++wrong;
            });
    }
    CHECK(wrong == 0);
}

TEST_SUITE_END();
