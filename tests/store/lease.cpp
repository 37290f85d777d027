#include "store/sample.hpp"

#include <memo/store/lease.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using memo::detail::lease;

TEST_CASE("lease: it keeps the key and the tags of its run, whatever becomes of theirs") {
    sample::key of{7};
    std::vector<std::string> tags{"users", "org:1"};
    lease const mine{of, tags};
    auto const same = sample::key{7};
    of.identity = "gone";
    of.text = "gone";
    tags.clear();
    CHECK(mine.key() == same.view());
    CHECK(mine.place == same.place);
    CHECK(mine.tags() == std::vector<std::string>{"users", "org:1"});
}

TEST_CASE("lease: a fresh one stands") { CHECK(lease{sample::key{7}, {}}.standing()); }

TEST_CASE("lease: a key of no bytes at all is a key") {
    lease const mine{memo::detail::key_view{}, {}};
    CHECK(mine.key() == memo::detail::key_view{});
}
