#include <memo/call/explanation.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <sstream>
#include <string>

using namespace std::chrono_literals;

namespace {

std::string printed(memo::explanation const& told) {
    std::ostringstream out;
    out << told;
    return out.str();
}

memo::explanation a_hit() {
    memo::explanation told;
    told.key = memo::cache_key{"user:1"};
    told.hit = true;
    told.tier = "memory";
    told.age = 2s;
    told.remaining = 3s;
    told.cost = 5ms;
    return told;
}

}  // namespace

TEST_SUITE("explanation") {
    TEST_CASE("explanation: a miss says why") {
        memo::explanation told;
        told.key = memo::cache_key{"user:1"};
        told.why = "nothing fresh is stored for these arguments";
        CHECK(printed(told) == "user:1: a miss, nothing fresh is stored for these arguments");
    }

    TEST_CASE("explanation: a hit says where, how old, for how long, and what it cost") {
        CHECK(printed(a_hit()) == "user:1: in memory, 2 s old, fresh for another 3 s, made by a run of 5 ms");
    }

    TEST_CASE("explanation: an entry without end is fresh forever, and its tags are listed") {
        auto told = a_hit();
        told.remaining = memo::duration::max();
        told.tags = {"users", "org:7"};
        CHECK(printed(told) == "user:1: in memory, 2 s old, fresh forever, made by a run of 5 ms, tags users, org:7");
    }
}
