#include <memo/codec/raw.hpp>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace memo::detail {
namespace {

enum class kind : std::uint8_t { zero, finite, infinite, nan };
constexpr int half = 64;
constexpr std::int32_t farthest_exponent = std::int32_t{1} << 15;  // no long double has one as far out

kind kind_of(long double value) noexcept {
    if (std::isnan(value))
        return kind::nan;
    if (std::isinf(value))
        return kind::infinite;
    return value == 0 ? kind::zero : kind::finite;
}

long double value_of(kind what, std::int32_t exponent, std::uint64_t high, std::uint64_t low) noexcept {
    switch (what) {
        case kind::zero: return 0;
        case kind::infinite: return std::numeric_limits<long double>::infinity();
        case kind::nan: return std::numeric_limits<long double>::quiet_NaN();
        case kind::finite: break;
    }
    long double const mantissa = static_cast<long double>(high) + std::ldexp(static_cast<long double>(low), -half);
    return std::ldexp(mantissa, exponent - half);
}

}  // namespace

void store_long_double(char* at, long double value) noexcept {
    kind const what = kind_of(value);
    int exponent = 0;
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    if (what == kind::finite) {
        long double const mantissa = std::ldexp(std::frexp(std::fabs(value), &exponent), half);
        high = static_cast<std::uint64_t>(mantissa);
        low = static_cast<std::uint64_t>(std::ldexp(mantissa - static_cast<long double>(high), half));
    }
    at = write_wire(at, static_cast<std::uint8_t>(what != kind::nan && std::signbit(value) ? 1 : 0));
    at = write_wire(at, static_cast<std::uint8_t>(what));
    at = write_wire(at, static_cast<std::uint32_t>(exponent));
    write_wire(write_wire(at, high), low);
}

long double load_long_double(char const* at) {
    auto const sign = read_wire<std::uint8_t>(at);
    auto const what = read_wire<std::uint8_t>(at + 1);
    auto const exponent = static_cast<std::int32_t>(read_wire<std::uint32_t>(at + 2));
    if (sign > 1 || what > static_cast<std::uint8_t>(kind::nan) || exponent > farthest_exponent || exponent < -farthest_exponent)
        malformed("a long double has no such kind or exponent");
    long double const size =
        value_of(static_cast<kind>(what), exponent, read_wire<std::uint64_t>(at + 6), read_wire<std::uint64_t>(at + 14));
    long double const value = sign == 1 ? -size : size;
    char again[long_double_size];
    store_long_double(again, value);
    if (std::memcmp(at, again, sizeof again) != 0)
        malformed("a long double is not in its one form");
    return value;
}

}  // namespace memo::detail
