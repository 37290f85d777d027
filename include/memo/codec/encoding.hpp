#pragma once

#include <memo/base/fields.hpp>
#include <memo/codec/raw.hpp>
#include <memo/codec/shape.hpp>
#include <memo/codec/traits.hpp>
#include <memo/codec/wire.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace memo::detail {

/// The bytes of a value while they are written.
class value_writer {
public:
    explicit value_writer(std::string& out) noexcept : out_{&out} {}

    std::string& out() noexcept { return *out_; }

    void enter() {
        if (++depth_ > decode_limits{}.depth)
            unstorable("it is nested deeper than 64");
    }
    void leave() noexcept { --depth_; }

private:
    std::string* out_;
    unsigned depth_ = 0;
};

/// One level of nesting.
template <class Archive>
class nesting {
public:
    explicit nesting(Archive& archive) : archive_{archive} { archive.enter(); }
    ~nesting() { archive_.leave(); }
    nesting(nesting const&) = delete;
    nesting& operator=(nesting const&) = delete;

private:
    Archive& archive_;
};

/// Appends the bytes of `value`. What is driven by functions of the user's goes through `drive_saving(to, value)`.
///
/// Requires: `misfit_of<Archive, T>()` is none.
/// Throws:   value_error for what could not come back; what the user's functions throw.
template <class Archive, class T>
void write_value(Archive& to, T const& value);

template <class Archive, class... T>
void write_values(Archive& to, T const&... values) {
    (write_value(to, values), ...);
}

template <class T>
std::size_t count_of(T const& container) {
    if constexpr (requires { container.size(); })
        return container.size();
    else
        return static_cast<std::size_t>(std::distance(container.begin(), container.end()));
}

/// The number of elements and each of them. Elements that take no bytes are followed by a zero each, so that no number is greater
/// than the bytes behind it.
template <class Archive, class T>
void write_elements(Archive& to, T const& container) {
    std::size_t const count = count_of(container);
    append_length(to.out(), count);
    std::size_t const before = to.out().size();
    for (auto const& element : container) {
        if constexpr (shape_of<T>() == shape::map)
            write_values(to, element.first, element.second);
        else
            write_value(to, static_cast<typename T::value_type const&>(element));
    }
    std::size_t const taken = to.out().size() - before;
    if (taken < count)
        to.out().append(count - taken, '\0');
}

template <class Archive, class T>
void write_bits(Archive& to, T const& bits) {
    for (std::size_t first = 0; first < bits.size(); first += 8) {
        unsigned byte = 0;
        for (std::size_t bit = 0; bit != 8 && first + bit < bits.size(); ++bit)
            byte |= static_cast<unsigned>(bits[first + bit]) << bit;
        to.out() += static_cast<char>(byte);
    }
}

template <class Archive, class T>
void write_array(Archive& to, T const& array) {
    if constexpr (std::tuple_size_v<T> != 0 && bulk_number<typename T::value_type>)
        append_numbers(to.out(), array.data(), array.size());
    else
        for (auto const& element : array)
            write_value(to, element);
}

/// What stands inside others.
template <class Archive, class T>
void write_nested(Archive& to, T const& value) {
    constexpr shape kind = shape_of<T>();
    nesting const deeper{to};
    if constexpr (kind == shape::own) {
        std::string bytes;
        codec_traits<T>::encode(bytes, value);
        append_length(to.out(), bytes.size());
        to.out() += bytes;
    } else if constexpr (kind == shape::optional) {
        append_scalar(to.out(), value.has_value());
        if (value)
            write_value(to, *value);
    } else if constexpr (kind == shape::variant) {
        if (value.valueless_by_exception())
            unstorable("a variant holds nothing");
        append_length(to.out(), value.index());
        std::visit([&to](auto const& held) { write_value(to, held); }, value);
    } else if constexpr (kind == shape::product) {
        std::apply([&to](auto const&... parts) { write_values(to, parts...); }, value);
    } else if constexpr (kind == shape::fields) {
        with_fields(value, [&to](auto const&... parts) { write_values(to, parts...); });
    } else if constexpr (std::is_array_v<T>) {
        for (auto const& element : value)
            write_value(to, element);
    } else if constexpr (kind == shape::array) {
        write_array(to, value);
    } else if constexpr (kind == shape::driven) {
        drive_saving(to, value);
    } else {
        write_elements(to, value);
    }
}

template <class Archive, class T>
void write_value(Archive& to, T const& value) {
    constexpr shape kind = shape_of<T>();
    if constexpr (kind == shape::scalar) {
        append_scalar(to.out(), value);
    } else if constexpr (kind == shape::text || kind == shape::numbers) {
        append_length(to.out(), value.size());
        append_numbers(to.out(), value.data(), value.size());
    } else if constexpr (kind == shape::bits) {
        write_bits(to, value);
    } else if constexpr (kind == shape::duration) {
        append_scalar(to.out(), value.count());
    } else if constexpr (kind == shape::time_point) {
        append_scalar(to.out(), value.time_since_epoch().count());
    } else if constexpr (kind == shape::complex) {
        append_scalar(to.out(), value.real());
        append_scalar(to.out(), value.imag());
    } else if constexpr (kind != shape::unit) {
        write_nested(to, value);
    }
}

}  // namespace memo::detail
