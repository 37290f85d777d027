// The first byte chooses a type, the rest is a payload in a record whose checksum fits: it is refused, or a value in its one
// form.
#include "codec/values.hpp"
#include "fuzz/check.hpp"

#include <memo/base/error.hpp>
#include <memo/codec/cereal.hpp>
#include <memo/codec/record.hpp>
#include <memo/codec/traits.hpp>

#include <bitset>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace {

using text_map = std::map<std::string, std::optional<std::vector<bool>>>;
using hashed = std::unordered_map<std::string, std::unordered_map<std::uint16_t, std::string>>;
using deep = std::variant<values::tree, std::vector<std::vector<std::vector<std::string>>>, std::list<values::empty>>;
using odd = std::tuple<long double, std::bitset<13>, values::color, std::chrono::milliseconds, std::set<std::u16string>, bool>;

// all but hash tables, which have no order
template <class T>
constexpr bool has_one_form = !std::is_same_v<T, hashed>;

template <class T>
void judge(std::string_view payload) {
    auto const bytes = memo::detail::write_record({.type = memo::detail::fingerprint_of<T>(), .payload = payload});
    memo::detail::record read;
    fuzz::check(memo::detail::read_record(bytes, read) == memo::detail::flaw::none, "a record is read");
    try {
        auto const value = memo::codec_traits<T>::decode(read.payload, {.bytes = 1 << 22, .elements = 1 << 16});
        std::string again;
        memo::codec_traits<T>::encode(again, value);
        fuzz::check(again.size() == payload.size(), "a value takes the bytes it came from");
        if (has_one_form<T>)
            fuzz::check(again == payload, "a value has one form");
        else
            fuzz::check(memo::codec_traits<T>::decode(again, {}) == value, "a value comes back");
    } catch (memo::value_error const&) {
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0)
        return 0;
    auto const payload = fuzz::text_of(data + 1, size - 1);
    switch (data[0] % 8) {
        case 0: judge<values::user>(payload); break;
        case 1: judge<values::tree>(payload); break;
        case 2: judge<text_map>(payload); break;
        case 3: judge<hashed>(payload); break;
        case 4: judge<deep>(payload); break;
        case 5: judge<odd>(payload); break;
        case 6: judge<std::vector<std::pair<values::user, values::address>>>(payload); break;
        default: judge<std::string>(payload); break;
    }
    return 0;
}
