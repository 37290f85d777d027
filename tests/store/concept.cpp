#include "store/sample.hpp"

#include <memo/policy/fifo.hpp>
#include <memo/policy/lfu.hpp>
#include <memo/policy/lru.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/memory.hpp>

#include <doctest/doctest.h>

#include <cstdint>

using memo::detail::memory_store;
using memo::detail::result_store;

namespace {

using right = memory_store<std::int64_t, memo::lru_order>;

struct cannot_erase : right {
    using right::right;
    void erase() = delete;
};

struct abandons_loudly : right {
    using right::right;
    void abandon(memo::detail::lease&) {}
};

struct counts_differently : right {
    using right::right;
    int size() const { return 0; }
};

}  // namespace

TEST_CASE("concept: the memory store is a result_store with every policy and both ways to hold a result") {
    CHECK(result_store<memory_store<std::int64_t, memo::fifo_order>>);
    CHECK(result_store<memory_store<std::int64_t, memo::lru_order>>);
    CHECK(result_store<memory_store<std::int64_t, memo::lfu_order>>);
    CHECK(result_store<memory_store<sample::text_ptr, memo::lru_order>>);
}

TEST_CASE("concept: a verb that is missing, may throw or returns something else makes it no result_store") {
    CHECK_FALSE(result_store<cannot_erase>);
    CHECK_FALSE(result_store<abandons_loudly>);
    CHECK_FALSE(result_store<counts_differently>);
    CHECK_FALSE(result_store<int>);
}
