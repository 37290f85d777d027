#pragma once

#include <memo/base/fields.hpp>
#include <memo/codec/schema.hpp>
#include <memo/codec/shape.hpp>
#include <memo/codec/traits.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace memo::detail {

/// Appends what the bytes of a `T` mean: the structure of standard and of annotated types with the names of the latter and of
/// their members, and of types with cereal functions the name and the version, `Archive::version_of<T>()`.
///
/// Requires: `misfit_of<Archive, T>()` is none.
template <class Archive, class T, shape Kind = shape_of<T>()>
void describe(schema_writer& text);

template <class Archive, class... T>
void describe_each(schema_writer& text) {
    [[maybe_unused]] std::string_view before = "<";
    ((text += before, before = ",", describe<Archive, T>(text)), ...);
    text += sizeof...(T) == 0 ? "<>" : ">";
}

template <class Archive, class List>
struct description_of;
template <class Archive, template <class...> class List, class... T>
struct description_of<Archive, List<T...>> {
    static void append(schema_writer& text) { describe_each<Archive, T...>(text); }
};

template <class Archive, class T>
void describe_fields(schema_writer& text) {
    [&text]<class... Field, std::size_t... I>(type_list<Field...>, std::index_sequence<I...>) {
        ((text += I == 0 ? "" : ",", text += field_name<I, T>(), text += ":", describe<Archive, Field>(text)), ...);
    }(field_types<T>{}, std::make_index_sequence<field_count<T>>{});
}

template <class T, shape Kind>
constexpr std::string_view container_name() {
    if constexpr (Kind == shape::map && ordered_keys<T>)
        return unique_keys<T> ? "map" : "multimap";
    else if constexpr (Kind == shape::map)
        return unique_keys<T> ? "unordered map" : "unordered multimap";
    else if constexpr (Kind == shape::set && ordered_keys<T>)
        return unique_keys<T> ? "set" : "multiset";
    else if constexpr (Kind == shape::set)
        return unique_keys<T> ? "unordered set" : "unordered multiset";
    else
        return "list";
}

template <class Archive, class T, shape Kind>
void describe_standard(schema_writer& text) {
    if constexpr (Kind == shape::optional) {
        text += "optional";
        describe_each<Archive, typename T::value_type>(text);
    } else if constexpr (Kind == shape::variant || Kind == shape::product) {
        text += Kind == shape::variant ? "variant" : "tuple";
        description_of<Archive, T>::append(text);
    } else if constexpr (std::is_array_v<T>) {
        text += "array" + std::to_string(std::extent_v<T>);
        describe_each<Archive, std::remove_extent_t<T>>(text);
    } else if constexpr (Kind == shape::array) {
        text += "array" + std::to_string(std::tuple_size_v<T>);
        describe_each<Archive, typename T::value_type>(text);
    } else if constexpr (Kind == shape::map) {
        text += container_name<T, Kind>();
        describe_each<Archive, typename T::key_type, typename T::mapped_type>(text);
    } else {
        text += container_name<T, Kind>();
        describe_each<Archive, typename T::value_type>(text);
    }
}

template <class T>
std::string ratio_text() {
    return std::to_string(T::num) + '/' + std::to_string(T::den);
}

template <class Duration>
std::string duration_text() {
    return "duration " + scalar_schema<typename Duration::rep>() + ' ' + ratio_text<typename Duration::period>();
}

template <class Archive, class T, shape Kind>
void describe(schema_writer& text) {
    if constexpr (Kind == shape::own) {
        text += "own(" + codec_traits<T>::schema() + ')';
    } else if constexpr (Kind == shape::scalar) {
        text += scalar_schema<T>();
    } else if constexpr (Kind == shape::text) {
        text += text_schema<T>();
    } else if constexpr (Kind == shape::unit) {
        text += "unit";
    } else if constexpr (Kind == shape::bits) {
        text += "bits" + std::to_string(T{}.size());
    } else if constexpr (Kind == shape::duration) {
        text += duration_text<T>();
    } else if constexpr (Kind == shape::time_point) {
        text += "time " + std::string{type_name<typename T::clock>()} + ' ' + duration_text<typename T::duration>();
    } else if constexpr (Kind == shape::complex) {
        text += "complex " + scalar_schema<typename T::value_type>();
    } else if constexpr (Kind == shape::fields) {
        if (!text.begins<T>())
            return;
        text += std::string{name_of<T>()} + '{';
        describe_fields<Archive, T>(text);
        text += "}";
    } else if constexpr (Kind == shape::driven) {
        text += "cereal " + std::string{name_of<T>()} + '@' + std::to_string(Archive::template version_of<T>());
    } else {
        describe_standard<Archive, T, Kind>(text);
    }
}

template <class Archive, class T, shape Kind = shape_of<T>()>
std::string description() {
    schema_writer text;
    describe<Archive, T, Kind>(text);
    return text.text();
}

}  // namespace memo::detail
