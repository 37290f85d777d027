#pragma once

#include <memo/base/fields.hpp>
#include <memo/base/fixed_string.hpp>
#include <memo/key/buffer.hpp>
#include <memo/key/text.hpp>
#include <memo/key/writer.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace memo::detail {

/// What is wrong with a key template, or with the parameters it is given.
enum class template_fault {
    none,
    unbalanced_brace,
    empty_placeholder,
    bad_placeholder,
    index_out_of_range,
    unknown_field,
    no_text,
};

/// The text of a key, tag or pattern with places for values: `{0}` is parameter 0, `{1.home.city}` a member of a member
/// of parameter 1 (both types annotated with Boost.Hana), `{{` and `}}` are braces.
///
/// In a pattern what stands outside the placeholders is a glob. What a placeholder puts in is escaped and holds no
/// metacharacter, so it matches itself.
///
/// Requires: `template_fault_of<Text, Params...>()` is `none`.
/// Cost:     the template is taken apart when compiled; only a growing buffer allocates.
template <fixed_string Text>
struct key_template;

/// A stretch of the template: text as it stands, or the inside of a placeholder.
struct template_piece {
    bool placeholder = false;
    std::size_t parameter = 0;
    std::size_t begin = 0;  // of the text, or of the names that follow the parameter
    std::size_t end = 0;
};

template <std::size_t Capacity>
struct parsed_template {
    std::array<template_piece, Capacity> pieces{};
    std::size_t size = 0;
    std::size_t placeholders = 0;
    template_fault fault = template_fault::none;

    constexpr void add(template_piece piece) {
        pieces[size++] = piece;
        placeholders += piece.placeholder ? 1U : 0U;
    }
};

constexpr bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

constexpr bool is_name_part(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_' || is_digit(letter) ||
           static_cast<unsigned char>(letter) >= 0x80;
}

/// Returns: where `letter` stands first from `at` on, or the size of the text. `std::string_view::find` is no constant
/// expression with g++ 12 and -fsanitize=undefined.
constexpr std::size_t find_letter(std::string_view text, char letter, std::size_t at = 0) {
    while (at != text.size() && text[at] != letter) {
        ++at;
    }
    return at;
}

/// Reads `1.home.city` between its braces; `piece` has the bounds.
constexpr template_fault read_placeholder(std::string_view text, template_piece& piece) {
    if (piece.begin == piece.end) {
        return template_fault::empty_placeholder;
    }
    std::size_t at = piece.begin;
    for (; at != piece.end && is_digit(text[at]); ++at) {
        constexpr std::size_t far_too_many = 1'000'000;
        piece.parameter = piece.parameter * 10 + static_cast<std::size_t>(text[at] - '0');
        piece.parameter = piece.parameter < far_too_many ? piece.parameter : far_too_many;
    }
    bool well_formed = at != piece.begin;
    piece.begin = at;
    while (well_formed && at != piece.end) {
        std::size_t const name = ++at;
        while (at != piece.end && is_name_part(text[at])) {
            ++at;
        }
        well_formed = text[name - 1] == '.' && at != name && !is_digit(text[name]);
    }
    return well_formed ? template_fault::none : template_fault::bad_placeholder;
}

template <fixed_string Text>
constexpr auto parse_template() {
    constexpr std::string_view text = Text.view();
    parsed_template<text.size() + 1> parsed;
    std::size_t at = 0;
    while (at != text.size() && parsed.fault == template_fault::none) {
        std::size_t const end = std::min(find_letter(text, '{', at), find_letter(text, '}', at));
        if (end != at) {
            parsed.add({.begin = at, .end = end});
            at = end;
        } else if (at + 1 != text.size() && text[at + 1] == text[at]) {
            parsed.add({.begin = at, .end = at + 1});
            at += 2;
        } else {
            std::size_t const close = find_letter(text, '}', at);
            template_piece piece{.placeholder = true, .begin = at + 1, .end = close};
            bool const balanced = text[at] == '{' && close != text.size();
            parsed.fault = balanced ? read_placeholder(text, piece) : template_fault::unbalanced_brace;
            parsed.add(piece);
            at = close + 1;
        }
    }
    return parsed;
}

template <fixed_string Text>
constexpr auto parsed_pieces = parse_template<Text>();

/// The first name of `.home.city` is `home`, and `.city` is left.
template <fixed_string Text, std::size_t Begin, std::size_t End>
struct field_path {
    static constexpr std::string_view text = Text.view().substr(Begin + 1, End - Begin - 1);
    static constexpr std::string_view first = text.substr(0, find_letter(text, '.'));
    using rest = field_path<Text, Begin + 1 + first.size(), End>;
};
template <fixed_string Text, std::size_t End>
struct field_path<Text, End, End> {};

template <std::size_t I, class List>
struct list_element;
template <std::size_t I, class... T>
struct list_element<I, type_list<T...>> : std::tuple_element<I, std::tuple<T...>> {};

template <class T, fixed_string Text, std::size_t Begin, std::size_t End>
constexpr template_fault path_fault(field_path<Text, Begin, End>) {
    if constexpr (Begin == End) {
        return has_text<T> ? template_fault::none : template_fault::no_text;
    } else if constexpr (annotated<T>) {
        using path = field_path<Text, Begin, End>;
        constexpr std::size_t index = field_index<T>(path::first);
        if constexpr (index == field_count<T>) {
            return template_fault::unknown_field;
        } else {
            return path_fault<typename list_element<index, field_types<T>>::type>(typename path::rest{});
        }
    } else {
        return template_fault::unknown_field;
    }
}

/// Calls `visit` with the value at the end of the path.
template <class T, fixed_string Text, std::size_t Begin, std::size_t End, class Visit>
constexpr void visit_path(T const& value, field_path<Text, Begin, End>, Visit&& visit) {
    if constexpr (Begin == End) {
        visit(value);
    } else {
        using path = field_path<Text, Begin, End>;
        visit_path(field<field_index<T>(path::first)>(value), typename path::rest{}, visit);
    }
}

template <fixed_string Text, std::size_t Piece, class... Params>
constexpr template_fault piece_fault() {
    constexpr template_piece piece = parsed_pieces<Text>.pieces[Piece];
    if constexpr (!piece.placeholder) {
        return template_fault::none;
    } else if constexpr (piece.parameter >= sizeof...(Params)) {
        return template_fault::index_out_of_range;
    } else {
        using parameter = std::tuple_element_t<piece.parameter, std::tuple<Params...>>;
        return path_fault<parameter>(field_path<Text, piece.begin, piece.end>{});
    }
}

/// Returns: the first fault of the template, or of its first placeholder that these (decayed) parameters cannot fill.
template <fixed_string Text, class... Params>
constexpr template_fault template_fault_of() {
    if constexpr (parsed_pieces<Text>.fault != template_fault::none) {
        return parsed_pieces<Text>.fault;
    } else {
        template_fault first = template_fault::none;
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (void)(((first = piece_fault<Text, I, Params...>()) != template_fault::none) || ...);
        }
        (std::make_index_sequence<parsed_pieces<Text>.size>{});
        return first;
    }
}

template <fixed_string Text>
struct key_template {
    static constexpr std::size_t placeholders = parsed_pieces<Text>.placeholders;
    static constexpr bool is_static = placeholders == 0;

    /// Appends the text with the texts of the values in their places.
    template <class... Params>
    static void render(key_buffer& out, Params const&... params) {
        each_piece([&out](std::string_view text) { out.append(text); },
                   [&out](auto const& value) { append_text(out, value); }, params...);
    }

    /// Writes the values of the placeholders in their order: they are the identity of the call, not the text.
    template <class... Params>
    static void feed(key_writer& w, Params const&... params) {
        each_piece([](std::string_view) {}, [&w](auto const& value) { w(value); }, params...);
    }

private:
    template <class OnText, class OnValue, class... Params>
    static void each_piece(OnText on_text, OnValue on_value, Params const&... params) {
        std::tuple<Params const&...> const values{params...};
        [&]<std::size_t... I>(std::index_sequence<I...>) { (visit_piece<I>(on_text, on_value, values), ...); }
        (std::make_index_sequence<parsed_pieces<Text>.size>{});
    }

    template <std::size_t I, class OnText, class OnValue, class Values>
    static void visit_piece(OnText& on_text, OnValue& on_value, Values const& values) {
        constexpr template_piece piece = parsed_pieces<Text>.pieces[I];
        if constexpr (piece.placeholder) {
            visit_path(std::get<piece.parameter>(values), field_path<Text, piece.begin, piece.end>{}, on_value);
        } else {
            on_text(Text.view().substr(piece.begin, piece.end - piece.begin));
        }
    }
};

}  // namespace memo::detail
