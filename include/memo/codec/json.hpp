#pragma once

#include <memo/base/fields.hpp>
#include <memo/codec/cereal.hpp>
#include <memo/codec/description.hpp>
#include <memo/codec/json_text.hpp>
#include <memo/codec/traits.hpp>

#include <cereal/archives/json.hpp>
#include <cereal/types/array.hpp>
#include <cereal/types/bitset.hpp>
#include <cereal/types/chrono.hpp>
#include <cereal/types/complex.hpp>
#include <cereal/types/deque.hpp>
#include <cereal/types/forward_list.hpp>
#include <cereal/types/list.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/set.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/tuple.hpp>
#include <cereal/types/unordered_map.hpp>
#include <cereal/types/unordered_set.hpp>
#include <cereal/types/utility.hpp>
#include <cereal/types/variant.hpp>
#include <cereal/types/vector.hpp>

#include <concepts>
#include <cstddef>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace memo::detail {

template <class T>
concept json_archive = std::same_as<T, cereal::JSONOutputArchive> || std::same_as<T, cereal::JSONInputArchive>;

template <annotated T, json_archive Archive>
void json_fields(Archive& archive, T& value) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        fill_fields(value, [&archive](auto&... parts) {
            (archive(cereal::make_nvp(std::string{field_name<I, T>()}.c_str(), parts)), ...);
        });
    }(std::make_index_sequence<field_count<T>>{});
}

}  // namespace memo::detail

namespace cereal {

/// Annotated types, in cereal's JSON; where cereal looks for it.
template <class Archive, class T>
    requires memo::detail::json_archive<Archive> && memo::detail::annotated<T>
void CEREAL_SERIALIZE_FUNCTION_NAME(Archive& archive, T& value) {
    memo::detail::json_fields(archive, value);
}

}  // namespace cereal

namespace memo {
namespace detail {

template <class T>
constexpr bool fits_json() {
    constexpr bool fits = cereal::traits::is_output_serializable<T, cereal::JSONOutputArchive>::value &&
                          cereal::traits::is_input_serializable<T, cereal::JSONInputArchive>::value;
    static_assert(fits,
                  "memo::json_codec: cereal cannot save and load the type; annotate its members with Boost.Hana, give it cereal "
                  "functions, or include cereal/types for it");
    return fits;
}

}  // namespace detail

/// Values as JSON, for people who read what is stored:
/// `template <> struct memo::codec_traits<user> : memo::json_codec<user> {};`
///
/// The text is cereal's. What cereal would not write for the value that it read is refused, but for the order of members and
/// elements: numbers out of range, texts with a NUL, members too many.
///
/// Cost: reading is writing once more; many times that of the binary codec.
template <class T>
struct json_codec {
    static void encode(std::string& out, T const& value) {
        if constexpr (detail::fits_json<T>()) {
            std::ostringstream text;
            cereal::JSONOutputArchive{text, cereal::JSONOutputArchive::Options::NoIndent()}(cereal::make_nvp("value", value));
            out += text.view();
        }
    }

    static T decode(std::string_view bytes, decode_limits const& most) {
        detail::bound_json(bytes, most);
        T value = T();
        std::string again;
        try {
            if constexpr (detail::fits_json<T>()) {
                std::istringstream text{std::string{bytes}};
                cereal::JSONInputArchive{text}(cereal::make_nvp("value", value));
                encode(again, value);
            }
        } catch (...) {
            detail::loading_failed();
        }
        if (!detail::same_json(bytes, again))
            detail::malformed("it is not what would be written for it");
        return value;
    }

    static std::string schema() {
        return "json " + detail::description<detail::cereal_marks, T, detail::shape_by_nature<T>()>();
    }
};

}  // namespace memo
