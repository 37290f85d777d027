// Any bytes are no record, or one that is written in these very bytes; also with a size and a checksum that fit.
#include "fuzz/check.hpp"

#include <memo/base/hash.hpp>
#include <memo/codec/record.hpp>
#include <memo/codec/wire.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

constexpr std::size_t size_at = 6;
constexpr std::size_t seal = 16;

void judge(std::string_view bytes) {
    memo::detail::record read;
    if (memo::detail::read_record(bytes, read) == memo::detail::flaw::none)
        fuzz::check(memo::detail::write_record(read) == bytes, "a record has one form");
}

std::string forged(std::string_view inside) {
    using memo::detail::write_wire;
    std::string bytes = "memo\x01";
    bytes += inside;
    bytes.append(seal, '\0');
    if (bytes.size() >= size_at + sizeof(std::uint64_t) + seal)
        write_wire(bytes.data() + size_at, std::uint64_t{bytes.size()});
    auto const sum = memo::detail::digest_of(std::string_view{bytes}.substr(0, bytes.size() - seal));
    write_wire(write_wire(bytes.data() + bytes.size() - seal, sum.low), sum.high);
    return bytes;
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const bytes = fuzz::text_of(data, size);
    judge(bytes);
    judge(forged(bytes));
    return 0;
}
