#include "belady.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace {

using memo::sim::belady;
using memo::sim::trace;

constexpr std::uint32_t most_keys = 6;

trace trace_of(std::vector<std::uint32_t> requests) { return {"", std::move(requests), std::vector<std::uint64_t>(most_keys), {}}; }

std::size_t hits_of(trace const& what, std::size_t capacity) {
    belady cache{what, capacity};
    std::size_t hits = 0;
    for (std::size_t request = 0; request != what.requests.size(); ++request)
        hits += cache.ask(request) ? 1U : 0U;
    return hits;
}

std::size_t bits_of(std::uint32_t set) {
    std::size_t count = 0;
    for (; set != 0; set &= set - 1)
        ++count;
    return count;
}

/// The most hits that any choices have: the best way to every set of residents, request by request.
std::size_t most_hits(trace const& what, std::size_t capacity) {
    std::map<std::uint32_t, std::size_t> best{{0, 0}};
    for (auto const key : what.requests) {
        std::map<std::uint32_t, std::size_t> then;
        auto const reach = [&](std::uint32_t residents, std::size_t hits) { then[residents] = std::max(then[residents], hits); };
        auto const bit = 1U << key;
        for (auto const& [residents, hits] : best) {
            bool const hit = (residents & bit) != 0;
            reach(residents, hits + (hit ? 1U : 0U));
            if (hit)
                continue;
            if (bits_of(residents) < capacity)
                reach(residents | bit, hits);
            for (auto leaving = 1U; leaving != 1U << most_keys; leaving <<= 1)
                if ((residents & leaving) != 0)
                    reach((residents ^ leaving) | bit, hits);
        }
        best = std::move(then);
    }
    std::size_t most = 0;
    for (auto const& way : best)
        most = std::max(most, way.second);
    return most;
}

}  // namespace

TEST_CASE("belady: has as many hits as any choices could have") {
    CHECK(rc::check([] {
        auto const what = trace_of(*rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, most_keys)));
        auto const capacity = *rc::gen::inRange<std::size_t>(1, most_keys + 2);
        RC_ASSERT(hits_of(what, capacity) == most_hits(what, capacity));
    }));
}

TEST_CASE("belady: who comes is not kept where others are asked for sooner") {
    CHECK(hits_of(trace_of({0, 1, 2, 0, 1, 3, 0, 1, 2, 3}), 2) == 4);
}

TEST_CASE("belady: a long trace with few entries keeps no more of the past than of the present") {
    std::vector<std::uint32_t> requests;
    for (std::uint32_t at = 0; at != 30'000; ++at)
        requests.push_back(at % 4);
    auto const expected = most_hits(trace_of(requests), 2);
    CHECK(hits_of(trace_of(requests), 2) == expected);
}
