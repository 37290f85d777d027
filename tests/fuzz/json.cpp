// The first byte chooses a type, the rest is JSON: it is refused, or what would be written for the value, in some order.
#include "codec/json_archive.hpp"
#include "codec/values.hpp"
#include "fuzz/check.hpp"

#include <memo/base/error.hpp>
#include <memo/codec/json.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace {

using scalars = std::tuple<bool, std::int8_t, std::uint64_t, double, std::string, values::color, std::chrono::seconds>;
using held = std::map<std::string, std::optional<std::variant<std::int32_t, std::string, std::vector<bool>>>>;
using hashed = std::unordered_map<std::uint16_t, std::set<std::string>>;

template <class T>
void judge(std::string_view text) {
    try {
        auto const value = memo::json_codec<T>::decode(text, {.bytes = 1 << 22, .elements = 1 << 12});
        std::string again;
        memo::json_codec<T>::encode(again, value);
        fuzz::check(memo::detail::same_json(text, again), "JSON is what would be written for it");
    } catch (memo::value_error const&) {
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0)
        return 0;
    auto const text = fuzz::text_of(data + 1, size - 1);
    switch (data[0] % 5) {
        case 0: judge<values::user>(text); break;
        case 1: judge<values::tree>(text); break;
        case 2: judge<scalars>(text); break;
        case 3: judge<held>(text); break;
        default: judge<hashed>(text); break;
    }
    return 0;
}
