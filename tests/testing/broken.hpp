#pragma once

#include <memo/policy/lru.hpp>
#include <memo/store/memory.hpp>
#include <memo/testing/law_broken.hpp>
#include <memo/testing/store_trial.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>

/// Stores that break laws, and what the laws say of them.
namespace broken {

using numbers = memo::detail::memory_store<std::int64_t, memo::lru_order>;

/// A right store; each test breaks it in one way.
struct right_store : numbers {
    right_store() : numbers{{100, 100, true, std::chrono::seconds{60}}} {}
};

/// What a group of laws says of a store; `none` when it keeps them.
template <template <class, class, class> class Laws, class Store>
std::string law() {
    auto const make = [] { return Store{}; };
    memo::testing::numbered_result<typename Store::value_type> const result;
    try {
        Laws<Store, decltype(make), decltype(result)>{make, result}.run();
    } catch (memo::testing::law_broken const& error) {
        return error.what();
    }
    return "none";
}

inline void expect_words(std::string const& message, char const* words) {
    INFO(message);
    CHECK(message.find(words) != std::string::npos);
}

}  // namespace broken
