#pragma once

#include <memo/base/fields.hpp>
#include <memo/key/buffer.hpp>
#include <memo/key/scalar.hpp>
#include <memo/key/traits.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace memo {

/// Writes values into a key, each by its canonical encoding.
///
/// The encoding is injective and the same in every process and on every platform: a byte for the type, lengths before
/// what has a length, numbers little-endian. No encoded value is the beginning of another, so values can stand side by
/// side. Types enter it: `1`, `1L`, `1.0`, `true`, `"1"` and `optional(1)` are six keys, and so are 1 s and 1,000 ms (a
/// duration is its period and its count). `long` and `int64_t` of one width agree, and so do all kinds of text of one
/// character type; a char array ends at its first NUL. All NaNs are one key; -0.0 and +0.0 are two.
///
/// Requires: every part is `keyable`.
/// Throws:   bad_alloc, and what a `key_traits` throws.
/// Cost:     a scalar is a bound check and two stores; an unordered container is a sort.
class key_writer {
public:
    explicit key_writer(detail::key_buffer& out) noexcept : out_(&out) {}

    template <class... T>
    void operator()(T const&... parts) {
        static_assert(
            (keyable<T> && ...),
            "memo::key_writer: a part has no encoding (pointers, callables and iterators have none); hand over "
            "what it stands for, or specialize memo::key_traits for its type");
        if constexpr ((keyable<T> && ...)) {
            (write(parts), ...);
        }
    }

private:
    template <class T>
    void write(T const& value);
    template <detail::character C>
    void write_text(std::basic_string_view<C> text);
    template <class T>
    void write_sequence(T const& elements);
    template <class T>
    void write_unordered(T const& elements);
    template <class T>
    void write_path(T const& path);
    template <class T>
    void write_bits(T const& bits);
    template <class Period>
    void write_period(detail::key_tag tag);
    void write_head(detail::key_tag tag, std::uint64_t length) { detail::append_head(*out_, tag, length); }

    detail::key_buffer* out_;
};

namespace detail {

template <class T>
std::size_t length_of(T const& elements) {
    if constexpr (requires {
                      { elements.size() } -> std::convertible_to<std::size_t>;
                  }) {
        return static_cast<std::size_t>(elements.size());
    } else {
        std::size_t length = 0;
        for (auto at = std::begin(elements); at != std::end(elements); ++at) {
            ++length;
        }
        return length;
    }
}

template <class T>
concept packed = scalar<T> && rule_of<T>()
== key_rule::scalar;

template <class Iterator, class T>
void append_packed(key_buffer& out, Iterator from, std::size_t length) {
    if constexpr (std::contiguous_iterator<Iterator> && raw_scalar<T>) {
        if (length != 0) {
            out.append(&*from, length * sizeof(T));
        }
    } else {
        constexpr std::size_t width = sizeof(bits_of(T{}));
        char* at = out.room(length * width);
        for (std::size_t i = 0; i != length; ++i, ++from, at += width) {
            store_little(at, bits_of(static_cast<T>(*from)));
        }
    }
}

}  // namespace detail

template <class T>
void key_writer::write(T const& value) {
    using detail::key_rule;
    using detail::key_tag;
    constexpr key_rule rule = detail::rule_of<T>();
    if constexpr (rule == key_rule::scalar) {
        detail::append_scalar(*out_, value);
    } else if constexpr (rule == key_rule::text) {
        if constexpr (std::is_pointer_v<T>) {
            if (value == nullptr) {
                detail::append_tag(*out_, key_tag::null_text);
                return;
            }
        }
        write_text(detail::text_of(value));
    } else if constexpr (rule == key_rule::custom) {
        detail::append_tag(*out_, key_tag::custom);
        key_traits<T>::feed(*this, value);
        detail::append_tag(*out_, key_tag::end);
    } else if constexpr (rule == key_rule::fields) {
        write_head(key_tag::fields, detail::field_count<T>);
        detail::with_fields(value, [this](auto const&... fields) { (this->write(fields), ...); });
    } else if constexpr (rule == key_rule::long_double) {
        detail::append_long_double(*out_, value);
    } else if constexpr (rule == key_rule::null) {
        detail::append_tag(*out_, key_tag::null);
    } else if constexpr (rule == key_rule::unit) {
        detail::append_tag(*out_, key_tag::unit);
    } else if constexpr (rule == key_rule::path) {
        write_path(value);
    } else if constexpr (rule == key_rule::complex) {
        detail::append_tag(*out_, key_tag::complex);
        write(value.real());
        write(value.imag());
    } else if constexpr (rule == key_rule::bits) {
        write_bits(value);
    } else if constexpr (rule == key_rule::duration) {
        write_period<typename T::period>(key_tag::duration);
        write(value.count());
    } else if constexpr (rule == key_rule::time_point) {
        write_period<typename T::period>(key_tag::time_point);
        write(value.time_since_epoch().count());
    } else if constexpr (rule == key_rule::optional) {
        detail::append_tag(*out_, key_tag::optional);
        out_->push(value ? 1 : 0);
        if (value) {
            write(*value);
        }
    } else if constexpr (rule == key_rule::variant) {
        if (value.valueless_by_exception()) {
            detail::append_tag(*out_, key_tag::valueless);
            return;
        }
        write_head(key_tag::variant, value.index());
        std::visit([this](auto const& held) { this->write(held); }, value);
    } else if constexpr (rule == key_rule::reference) {
        write(value.get());
    } else if constexpr (rule == key_rule::unordered) {
        write_unordered(value);
    } else if constexpr (rule == key_rule::sequence) {
        write_sequence(value);
    } else if constexpr (rule == key_rule::product) {
        write_head(key_tag::product, std::tuple_size_v<T>);
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            using std::get;
            (this->write(get<I>(value)), ...);
        }
        (std::make_index_sequence<std::tuple_size_v<T>>{});
    }
}

template <detail::character C>
void key_writer::write_text(std::basic_string_view<C> text) {
    write_head(detail::character_tag<C>(detail::key_tag::text), text.size());
    detail::append_packed<C const*, C>(*out_, text.data(), text.size());
}

template <class T>
void key_writer::write_sequence(T const& elements) {
    using element = detail::element_of<T>;
    std::size_t const length = detail::length_of(elements);
    if constexpr (detail::packed<element>) {
        detail::append_tag(*out_, detail::key_tag::packed_sequence);
        write_head(detail::tag_of<element>(), length);
        detail::append_packed<decltype(std::begin(elements)), element>(*out_, std::begin(elements), length);
    } else {
        write_head(detail::key_tag::sequence, length);
        for (auto at = std::begin(elements); at != std::end(elements); ++at) {
            write<element>(*at);
        }
    }
}

template <class T>
void key_writer::write_unordered(T const& elements) {
    detail::sorted_pieces pieces;
    key_writer piece{pieces.piece()};
    for (auto const& element : elements) {
        piece.write(element);
        pieces.close();
    }
    write_head(detail::key_tag::unordered, detail::length_of(elements));
    pieces.append_to(*out_);
}

template <class T>
void key_writer::write_path(T const& path) {
    detail::append_tag(*out_, detail::key_tag::path);
    if constexpr (std::is_same_v<typename T::value_type, char>) {
        write(path.native());
    } else {
        auto const text = path.generic_u8string();
        write(std::string_view{reinterpret_cast<char const*>(text.data()), text.size()});
    }
}

template <class T>
void key_writer::write_bits(T const& bits) {
    write_head(detail::key_tag::bits, bits.size());
    for (std::size_t i = 0; i < bits.size(); i += 8) {
        unsigned packed = 0;
        for (std::size_t k = 0; k != 8 && i + k != bits.size(); ++k) {
            packed |= unsigned{bits[i + k]} << k;
        }
        out_->push(static_cast<std::uint8_t>(packed));
    }
}

template <class Period>
void key_writer::write_period(detail::key_tag tag) {
    write_head(tag, static_cast<std::uint64_t>(Period::num));
    out_->append_length(static_cast<std::uint64_t>(Period::den));
}

}  // namespace memo
