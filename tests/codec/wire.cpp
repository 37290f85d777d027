#include "codec/counted.hpp"

#include <memo/codec/wire.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>

namespace {
thread_local std::size_t bytes_of_thread = 0;
}

std::size_t counted::bytes() noexcept { return bytes_of_thread; }

[[gnu::noinline]] void* operator new(std::size_t size) {
    bytes_of_thread += size;
    if (void* const block = std::malloc(size != 0 ? size : 1))
        return block;
    throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* block) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept { std::free(block); }

using namespace memo::detail;

namespace {

char const* take(std::string const& bytes, std::uint64_t& length) {
    return take_length(bytes.data(), bytes.data() + bytes.size(), length);
}

}  // namespace

TEST_CASE("wire: numbers are little-endian at their own width") {
    std::string bytes;
    append_wire(bytes, std::uint8_t{1});
    append_wire(bytes, std::uint16_t{0x0302});
    append_wire(bytes, std::uint32_t{0x07060504});
    append_wire(bytes, std::uint64_t{0x0f0e0d0c0b0a0908});
    REQUIRE(bytes.size() == 15);
    for (std::size_t at = 0; at != bytes.size(); ++at)
        CHECK(bytes[at] == static_cast<char>(at + 1));
    CHECK(read_wire<std::uint32_t>(bytes.data() + 3) == 0x07060504);
    CHECK(write_wire(bytes.data(), std::uint16_t{0x4241}) == bytes.data() + 2);
    CHECK(bytes.substr(0, 3) == "AB\x03");
}

TEST_CASE("wire: lengths come back, and take the room that was said") {
    auto const comes_back = [](std::uint64_t length) {
        std::string bytes;
        append_length(bytes, length);
        std::uint64_t again = 0;
        return bytes.size() == length_size(length) && take(bytes, again) == bytes.data() + bytes.size() && again == length;
    };
    for (unsigned bit = 0; bit != 64; ++bit) {
        CHECK(comes_back(std::uint64_t{1} << bit));
        CHECK(comes_back((std::uint64_t{1} << bit) - 1));
    }
    CHECK(comes_back(~std::uint64_t{0}));
    CHECK(rc::check([&](std::uint64_t length) { RC_ASSERT(comes_back(length)); }));
}

TEST_CASE("F11 wire: lengths that do not end, are too great or too long are refused") {
    std::uint64_t length = 0;
    for (std::string const wrong : {"", "\x80", "\xff\xff", "\x81", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
                                    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"})
        CHECK(take(wrong, length) == nullptr);
    CHECK(take(std::string{"\x80\0", 2}, length) == nullptr);
    CHECK(take(std::string{"\xff\x80\0", 3}, length) == nullptr);
}
