#include <memo/key/scalar.hpp>

#include <cmath>
#include <cstdint>

namespace memo::detail {

void append_long_double(key_buffer& out, long double value) {
    enum : std::uint8_t { zero, finite, infinite, nan };
    constexpr int half = 64;

    bool const is_nan = std::isnan(value);
    bool const negative = !is_nan && std::signbit(value);
    append_tag(out, key_tag::long_double);
    out.push(negative ? 1 : 0);
    if (is_nan || std::isinf(value) || value == 0) {
        out.push(is_nan ? nan : value == 0 ? zero : infinite);
        return;
    }
    int exponent = 0;
    long double mantissa = std::ldexp(std::frexp(std::fabs(value), &exponent), half);
    auto const high = static_cast<std::uint64_t>(mantissa);
    auto const low = static_cast<std::uint64_t>(std::ldexp(mantissa - static_cast<long double>(high), half));

    out.push(finite);
    char* const at = out.room(sizeof(std::uint32_t) + 2 * sizeof(std::uint64_t));
    store_little(at, static_cast<std::uint32_t>(exponent));
    store_little(at + 4, high);
    store_little(at + 12, low);
}

}  // namespace memo::detail
