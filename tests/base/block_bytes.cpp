#include <memo/base/block_bytes.hpp>

#include <doctest/doctest.h>
#include <malloc.h>

#include <cstddef>
#include <cstdlib>

TEST_CASE("block_bytes: what the allocator gives, and what it keeps beside it") {
    CHECK(memo::detail::block_bytes(0) == 0);
    CHECK(memo::detail::block_bytes(1) == 32);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__)
    MESSAGE("skipped: a sanitizer may give blocks of its own");
    return;
#endif
    for (std::size_t bytes = 1; bytes != 2'000; ++bytes) {
        void* const block = std::malloc(bytes);
        CHECK(memo::detail::block_bytes(bytes) == malloc_usable_size(block) + sizeof(std::size_t));
        std::free(block);
    }
}
