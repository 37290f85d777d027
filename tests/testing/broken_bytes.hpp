#pragma once

#include "store/simple_bytes.hpp"

#include <memo/base/clock.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/testing/byte_trial.hpp>
#include <memo/testing/law_broken.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

/// What the laws of byte stores say of stores that break them.
namespace broken {

/// What a group of laws says of a store; `none` when it keeps them.
template <class Laws>
std::string law_of_bytes(simple::flaw flaw) {
    memo::manual_clock clock;
    memo::detail::byte_workshop const workshop{
        [&] { return memo::shared_store{std::make_shared<simple::bytes>(memo::detail::time_source{clock}, flaw)}; },
        [&](memo::duration span) { clock.advance(span); },
        [](memo::shared_store const& store) { return store; }};
    try {
        Laws{workshop}.run();
    } catch (memo::testing::law_broken const& error) {
        return error.what();
    }
    return "none";
}

/// Each flaw with a part of what is said of it. Those that only threads can show need some luck.
template <class Laws>
void expect_refused(std::initializer_list<std::pair<simple::flaw, char const*>> flaws) {
    constexpr int tries = 20;
    for (auto const& each : flaws) {
        auto said = law_of_bytes<Laws>(each.first);
        for (int again = 0; said == "none" && again != tries; ++again)
            said = law_of_bytes<Laws>(each.first);
        INFO("flaw ", static_cast<int>(each.first), ": ", said);
        CHECK(said.find(each.second) != std::string::npos);
    }
    CHECK(law_of_bytes<Laws>(simple::flaw::none) == "none");
}

}  // namespace broken
