#include <memo/base/quantity.hpp>

#include <array>
#include <charconv>
#include <limits>
#include <system_error>

namespace memo::detail {
namespace {

struct unit {
    std::string_view name;
    std::uint64_t worth;
};

constexpr std::uint64_t second = 1'000'000'000;
constexpr std::array<unit, 7> spans{{{"ns", 1},
                                     {"us", 1'000},
                                     {"ms", 1'000'000},
                                     {"s", second},
                                     {"m", 60 * second},
                                     {"h", 3'600 * second},
                                     {"d", 86'400 * second}}};
constexpr std::uint64_t kibi = 1'024;
constexpr std::array<unit, 5> sizes{
    {{"", 1}, {"KiB", kibi}, {"MiB", kibi * kibi}, {"GiB", kibi * kibi * kibi}, {"TiB", kibi * kibi * kibi * kibi}}};

/// A number above zero in one of these units, up to `most`.
template <std::size_t Count>
std::optional<std::uint64_t> read_quantity(std::string_view text, std::array<unit, Count> const& units, std::uint64_t most) noexcept {
    auto digits = text.find_first_not_of("0123456789");
    digits = digits == text.npos ? text.size() : digits;
    auto const number = read_number(text.substr(0, digits));
    for (auto const& one : units)
        if (number && *number > 0 && one.name == text.substr(digits) && *number <= most / one.worth)
            return *number * one.worth;
    return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> read_number(std::string_view text) noexcept {
    std::uint64_t number = 0;
    auto const* const end = text.data() + text.size();
    auto const [rest, fault] = std::from_chars(text.data(), end, number);
    bool const padded = text.size() > 1 && text.front() == '0';
    if (fault != std::errc{} || rest != end || padded)
        return std::nullopt;
    return number;
}

std::optional<duration> read_span(std::string_view text) noexcept {
    constexpr auto most = static_cast<std::uint64_t>(duration::max().count());
    if (auto const nanoseconds = read_quantity(text, spans, most))
        return duration{static_cast<duration::rep>(*nanoseconds)};
    return std::nullopt;
}

std::optional<std::size_t> read_size(std::string_view text) noexcept {
    return read_quantity(text, sizes, std::numeric_limits<std::size_t>::max());
}

}  // namespace memo::detail
