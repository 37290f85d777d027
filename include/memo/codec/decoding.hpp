#pragma once

#include <memo/base/fields.hpp>
#include <memo/codec/encoding.hpp>
#include <memo/codec/raw.hpp>
#include <memo/codec/shape.hpp>
#include <memo/codec/traits.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace memo::detail {

/// The bytes of a value while they are read, and what reading them may cost. All budgets are asked before anything is allocated.
class value_reader {
public:
    value_reader(std::string_view bytes, decode_limits const& most) noexcept
        : at_{bytes.data()}, end_{bytes.data() + bytes.size()}, most_{most} {}

    std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
    decode_limits const& most() const noexcept { return most_; }

    void enter() {
        if (most_.depth == 0)
            malformed("it is nested too deep");
        --most_.depth;
    }
    void leave() noexcept { ++most_.depth; }

    /// The next bytes.
    char const* take(std::size_t size);
    std::uint64_t length();
    /// The number of elements that follow, which take `size` bytes each in memory and at least one each here.
    std::size_t count(std::size_t size);
    /// The number of plain numbers that follow, `size` bytes each here and in memory.
    std::size_t bulk(std::size_t size);
    /// Memory that the value will take.
    void spend(std::size_t number, std::size_t size);
    /// Zeros behind elements that took fewer bytes than there are elements.
    void padding(std::size_t size);
    /// Nothing may follow.
    void finish() const;

private:
    char const* at_;
    char const* end_;
    decode_limits most_;
};

/// Fills `into`, an empty value.
///
/// Throws: value_error when the bytes are no value, or cost too much; bad_alloc; what the user's functions throw.
template <class Archive, class T>
void read_value(Archive& from, T& into);

template <class Archive, class... T>
void read_values(Archive& from, T&... into) {
    (read_value(from, into), ...);
}

template <class T, class Archive>
T read_fresh(Archive& from) {
    T fresh = T();
    read_value(from, fresh);
    return fresh;
}

/// What a node of a list, tree or hash table takes beside its element, about.
inline constexpr std::size_t node_size = 4 * sizeof(void*);

template <class T>
concept made_of_nodes = !requires(T& container) { container.reserve(0); } || requires { typename T::key_type; };

template <class Archive, class T>
void read_sequence(Archive& from, T& into, std::size_t count) {
    using element = typename T::value_type;
    if constexpr (requires { into.before_begin(); }) {
        for (auto last = into.before_begin(); count != 0; --count)
            last = into.insert_after(last, read_fresh<element>(from));
    } else if constexpr (std::is_same_v<element, bool>) {
        for (; count != 0; --count)
            into.push_back(read_fresh<bool>(from));
    } else {
        for (; count != 0; --count)
            read_value(from, into.emplace_back());
    }
}

/// In ascending order where keys have one: what was written in another was not written here, and keys that come twice show.
template <class T>
bool comes_next(T const& keys, typename T::key_type const& key) {
    if (keys.empty())
        return true;
    auto const& last = [&keys]() -> auto const& {
        auto const& element = *std::prev(keys.end());
        if constexpr (requires { typename T::mapped_type; })
            return element.first;
        else
            return element;
    }();
    return unique_keys<T> ? keys.key_comp()(last, key) : !keys.key_comp()(key, last);
}

template <class Archive, class T>
void read_keys(Archive& from, T& into, std::size_t count) {
    for (std::size_t read = 0; read != count; ++read) {
        auto key = read_fresh<typename T::key_type>(from);
        if constexpr (ordered_keys<T>) {
            if (!comes_next(into, key))
                malformed("keys are not in order");
        }
        if constexpr (requires { typename T::mapped_type; })
            into.emplace_hint(into.end(), std::move(key), read_fresh<typename T::mapped_type>(from));
        else
            into.emplace_hint(into.end(), std::move(key));
        if (unique_keys<T> && into.size() != read + 1)
            malformed("a key comes twice");
    }
}

/// Room for as many elements as the bytes behind could hold if each took its size: more comes as they are read.
template <class Archive, class T>
void read_elements(Archive& from, T& into) {
    constexpr std::size_t size = sizeof(typename T::value_type);
    std::size_t const count = from.count(size + (made_of_nodes<T> ? node_size : 0));
    into.clear();
    if constexpr (requires { into.reserve(count); })
        into.reserve(std::min(count, from.left() / size + 1));
    std::size_t const before = from.left();
    if constexpr (requires { typename T::key_type; })
        read_keys(from, into, count);
    else
        read_sequence(from, into, count);
    std::size_t const taken = before - from.left();
    if (taken < count)
        from.padding(count - taken);
}

template <class Archive, class T>
void read_bits(Archive& from, T& into) {
    into.reset();
    std::size_t const size = (into.size() + 7) / 8;
    char const* const bytes = from.take(size);
    for (std::size_t bit = 0; bit != 8 * size; ++bit) {
        if ((static_cast<unsigned char>(bytes[bit / 8]) >> bit % 8 & 1) == 0)
            continue;
        if (bit >= into.size())
            malformed("a bit stands behind the last");
        into.set(bit);
    }
}

template <class Archive, class T>
void read_array(Archive& from, T& into) {
    if constexpr (std::tuple_size_v<T> != 0 && bulk_number<typename T::value_type>)
        load_numbers(from.take(sizeof into), into.data(), into.size());
    else
        for (auto& element : into)
            read_value(from, element);
}

template <std::size_t I, class Archive, class T>
void read_alternative(Archive& from, T& into, std::uint64_t index) {
    if constexpr (I == std::variant_size_v<T>)
        malformed("a variant has no such alternative");
    else if (index != I)
        read_alternative<I + 1>(from, into, index);
    else if constexpr (std::is_default_constructible_v<std::variant_alternative_t<I, T>>)
        read_value(from, into.template emplace<I>());
}

template <class Archive, class T>
void read_nested(Archive& from, T& into) {
    constexpr shape kind = shape_of<T>();
    nesting const deeper{from};
    if constexpr (kind == shape::own) {
        std::size_t const size = from.bulk(1);
        into = codec_traits<T>::decode(std::string_view{from.take(size), size}, from.most());
    } else if constexpr (kind == shape::optional) {
        into.reset();
        if (load_scalar<bool>(from.take(1)))
            read_value(from, into.emplace());
    } else if constexpr (kind == shape::variant) {
        read_alternative<0>(from, into, from.length());
    } else if constexpr (kind == shape::product) {
        std::apply([&from](auto&... parts) { read_values(from, parts...); }, into);
    } else if constexpr (kind == shape::fields) {
        fill_fields(into, [&from](auto&... parts) { read_values(from, parts...); });
    } else if constexpr (std::is_array_v<T>) {
        for (auto& element : into)
            read_value(from, element);
    } else if constexpr (kind == shape::array) {
        read_array(from, into);
    } else if constexpr (kind == shape::driven) {
        drive_loading(from, into);
    } else {
        read_elements(from, into);
    }
}

template <class T, class Archive>
T read_scalar(Archive& from) {
    return load_scalar<T>(from.take(scalar_size<T>()));
}

template <class Archive, class T>
void read_value(Archive& from, T& into) {
    constexpr shape kind = shape_of<T>();
    if constexpr (kind == shape::scalar) {
        into = read_scalar<T>(from);
    } else if constexpr (kind == shape::text || kind == shape::numbers) {
        using number = typename T::value_type;
        std::size_t const count = from.bulk(sizeof(number));
        into.resize(count);
        load_numbers(from.take(count * sizeof(number)), into.data(), count);
    } else if constexpr (kind == shape::bits) {
        read_bits(from, into);
    } else if constexpr (kind == shape::duration) {
        into = T{read_scalar<typename T::rep>(from)};
    } else if constexpr (kind == shape::time_point) {
        into = T{typename T::duration{read_scalar<typename T::rep>(from)}};
    } else if constexpr (kind == shape::complex) {
        auto const real = read_scalar<typename T::value_type>(from);
        into = T{real, read_scalar<typename T::value_type>(from)};
    } else if constexpr (kind != shape::unit) {
        read_nested(from, into);
    }
}

}  // namespace memo::detail
