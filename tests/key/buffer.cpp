#include "key/allocations.hpp"

#include <memo/key/buffer.hpp>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <new>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

thread_local std::size_t allocations_of_thread = 0;

}  // namespace

std::size_t allocations() noexcept { return allocations_of_thread; }

[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocations_of_thread;
    if (void* const block = std::malloc(size != 0 ? size : 1)) {
        return block;
    }
    throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* block) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept { std::free(block); }

using memo::detail::key_buffer;

TEST_CASE("buffer: it shows the bytes that were appended, whatever their lengths") {
    CHECK(rc::check([](std::vector<std::string> const& parts, bool long_ones) {
        key_buffer buffer;
        std::string expected;
        for (auto part : parts) {
            for (int i = 0; long_ones && i != 8; ++i) {
                part += part;
            }
            buffer.append(part);
            expected += part;
        }
        RC_ASSERT(buffer.view() == expected);
        RC_ASSERT(buffer.size() == expected.size());
    }));
}

TEST_CASE("buffer: a key of up to 112 bytes allocates nothing") {
    auto const before = allocations();
    {
        key_buffer buffer;
        for (std::size_t i = 0; i != key_buffer::inline_capacity; ++i) {
            buffer.push('x');
        }
        CHECK(buffer.size() == 112);
    }
    CHECK(allocations() == before);
}

TEST_CASE("buffer: a long key allocates nothing on a thread that has written one of its length") {
    auto const write = [](std::size_t length) {
        key_buffer buffer;
        for (std::size_t i = 0; i != length; ++i) {
            buffer.push(static_cast<std::uint8_t>(i));
        }
        return buffer.size();
    };
    for (std::size_t const length : {113U, 1024U, 1025U, 70'000U, 1'000'000U}) {
        write(length);
        auto const before = allocations();
        CHECK(write(length) == length);
        CHECK(allocations() == before);
    }
}

TEST_CASE("buffer: several that are alive at once keep their own bytes, and allocate nothing when warm") {
    auto const nest = [](auto const& self, int depth) -> bool {
        key_buffer buffer;
        std::string_view const filling(depth % 2 == 0 ? "even" : "odd!");
        for (int i = 0; i != 1000; ++i) {
            buffer.append(filling);
        }
        bool const inner = depth == 0 || self(self, depth - 1);
        std::string_view const written = buffer.view();
        return inner && written.size() == 4000 && written.starts_with(filling) && written.ends_with(filling);
    };
    CHECK(nest(nest, 6));
    auto const before = allocations();
    CHECK(nest(nest, 6));
    CHECK(allocations() == before);
}

TEST_CASE("buffer: a cleared one keeps its room and none of its bytes") {
    key_buffer buffer;
    buffer.append(std::string(5000, 'x'));
    buffer.clear();
    CHECK(buffer.empty());
    auto const before = allocations();
    for (int i = 0; i != 5000; ++i) {
        buffer.push('y');
    }
    CHECK(allocations() == before);
    CHECK(std::ranges::count(buffer.view(), 'y') == 5000);
}

TEST_CASE("buffer: it keeps its bytes when there is no room for more") {
    key_buffer buffer;
    buffer.append(std::string_view{"kept"});
    CHECK_THROWS_AS(buffer.room(std::numeric_limits<std::size_t>::max()), std::bad_alloc);
    CHECK_THROWS_AS(buffer.room(std::numeric_limits<std::size_t>::max() / 2), std::bad_alloc);
    CHECK(buffer.view() == "kept");
}

TEST_CASE("buffer: a thread may write long keys while it ends") {
    struct last_words {
        std::size_t* written;
        ~last_words() {
            key_buffer buffer;
            buffer.append(std::string(3000, 'x'));
            *written = buffer.size();
        }
    };
    std::size_t written = 0;
    std::thread([&written] {
        thread_local last_words words{&written};
        key_buffer buffer;
        buffer.append(std::string(2000, 'y'));
    }).join();
    CHECK(written == 3000);
}

TEST_CASE("buffer: no written length is the beginning of another") {
    std::set<std::string> written;
    for (std::uint64_t const length :
         {0ULL, 1ULL, 127ULL, 128ULL, 129ULL, 255ULL, 256ULL, 16383ULL, 16384ULL, 1ULL << 32, 1ULL << 63, ~0ULL}) {
        key_buffer buffer;
        buffer.append_length(length);
        std::string const bytes{buffer.view()};
        CHECK(bytes.size() <= 10);
        for (auto const& other : written) {
            CHECK_FALSE(other.starts_with(bytes));
            CHECK_FALSE(bytes.starts_with(other));
        }
        written.insert(bytes);
    }
}

TEST_CASE("buffer: pieces are joined in the order of their bytes, however they came") {
    CHECK(rc::check([](std::vector<std::uint16_t> numbers, std::uint32_t turn) {
        auto const join = [](std::vector<std::uint16_t> const& all) {
            memo::detail::sorted_pieces pieces;
            for (auto const number : all) {
                pieces.piece().append_length(number);
                pieces.close();
            }
            key_buffer out;
            pieces.append_to(out);
            return std::string{out.view()};
        };
        auto const first = join(numbers);
        if (!numbers.empty()) {
            std::rotate(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(turn % numbers.size()),
                        numbers.end());
            std::swap(numbers.front(), numbers.back());
        }
        RC_ASSERT(join(numbers) == first);
    }));
}
