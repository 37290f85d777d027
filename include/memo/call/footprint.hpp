#pragma once

#include <memo/base/block_bytes.hpp>
#include <memo/base/fields.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <type_traits>
#include <utility>

namespace memo {

/// How much heap a type of your own owns, when `max_bytes` should know: specialize it with
/// `static std::size_t heap_bytes(T const&) noexcept`, the bytes beyond `sizeof(T)`. Types annotated with Boost.Hana
/// need none.
template <class T>
struct footprint_traits;

}  // namespace memo

namespace memo::detail {

template <class T>
concept has_footprint_traits = requires(T const& value) {
    { footprint_traits<T>::heap_bytes(value) } -> std::convertible_to<std::size_t>;
};

/// A type whose destructor does nothing owns nothing.
template <class T>
concept owns_nothing = std::is_trivially_destructible_v<T> && !has_footprint_traits<T>;

template <class T>
concept owning_container = requires(T const& value) {
    typename T::allocator_type;
    typename T::value_type;
    value.begin();
    value.end();
};

template <class T>
concept array_backed = requires(T const& value) {
    value.capacity();
    value.data();
};

template <class T>
concept bit_backed = requires(T& value) {
    value.capacity();
    value.flip();
};

template <class T>
concept text_backed = requires(T const& value) {
    value.c_str();
};

template <class T>
concept hash_table = requires(T const& value) {
    value.bucket_count();
};

template <class T>
concept search_tree = requires {
    typename T::node_type;
};

template <class T>
concept chunked = requires(T const& value) {
    value[std::size_t{}];
};

template <class T>
concept path_like = requires(T const& value) {
    typename T::string_type;
    { value.native() } -> std::same_as<typename T::string_type const&>;
};

template <class T>
concept optional_like = requires(T const& value) {
    { value.has_value() } -> std::same_as<bool>;
    { *value } -> std::same_as<typename T::value_type const&>;
};

template <class T>
concept variant_like = requires(T const& value) {
    { value.valueless_by_exception() } -> std::same_as<bool>;
};

template <class T>
concept tuple_like = requires {
    std::tuple_size<T>::value;
};

template <class T>
concept smart_pointer = requires(T const& value) {
    sizeof(typename T::element_type);
    value.get();
    *value;
};

template <class T>
concept unique_pointer = smart_pointer<T> && requires {
    typename T::deleter_type;
};

template <class T>
concept shared_pointer = smart_pointer<T> && requires {
    typename T::weak_type;
};

/// Whether `part` is stored in the object itself, as the characters of a short string are.
template <class T>
bool lies_inside(T const& whole, void const* part) noexcept {
    auto const from_start = reinterpret_cast<std::uintptr_t>(part) - reinterpret_cast<std::uintptr_t>(&whole);
    return from_start < sizeof(T);
}

/// The blocks of a container, as libstdc++ lays them out, without what its elements own.
template <owning_container T>
std::size_t container_bytes(T const& value) noexcept {
    using element = typename T::value_type;
    constexpr std::size_t word = sizeof(void*);
    if constexpr (bit_backed<T>) {
        return block_bytes(value.capacity() / 8);
    } else if constexpr (array_backed<T>) {
        std::size_t const places = value.capacity() + (text_backed<T> ? 1 : 0);
        return lies_inside(value, value.data()) ? 0 : block_bytes(places * sizeof(element));
    } else if constexpr (hash_table<T>) {
        struct node {
            void* next;
            element held;
            std::size_t hash;
        };
        std::size_t const buckets = value.bucket_count() > 1 ? value.bucket_count() : 0;
        return block_bytes(buckets * word) + value.size() * block_bytes(sizeof(node));
    } else if constexpr (search_tree<T>) {
        struct node {
            void* parent_left_right_and_colour[4];
            element held;
        };
        return value.size() * block_bytes(sizeof(node));
    } else if constexpr (chunked<T>) {
        constexpr std::size_t in_chunk = sizeof(element) < 512 ? 512 / sizeof(element) : 1;
        std::size_t const chunks = value.size() / in_chunk + 1;
        std::size_t const directory = chunks + 2 < 8 ? 8 : chunks + 2;
        return block_bytes(directory * word) + chunks * block_bytes(in_chunk * sizeof(element));
    } else {
        struct node {
            void* previous_and_next[2];
            element held;
        };
        std::size_t bytes = 0;
        for (auto at = value.begin(); at != value.end(); ++at) bytes += block_bytes(sizeof(node));
        return bytes;
    }
}

/// The bytes that `value` owns on the heap, beyond `sizeof(T)`.
///
/// Returns:  an estimate after glibc's allocator and libstdc++'s containers; 0 for a type that it does not know. What
///           several `shared_ptr` own together counts for each of them; inside an object held by `shared_ptr`, a
///           further `shared_ptr` to its type counts the object alone, so that rings end.
/// Cost:     a walk over all elements whose type may own something.
template <class T>
std::size_t heap_bytes(T const& value) noexcept;

/// `Shared` are the types held by the `shared_ptr` on the way here.
template <class... Shared>
struct footprint {
    template <class T>
    static std::size_t of(T const& value) noexcept {
        if constexpr (has_footprint_traits<T>) {
            return footprint_traits<T>::heap_bytes(value);
        } else if constexpr (owns_nothing<T>) {
            return 0;
        } else if constexpr (std::is_array_v<T>) {
            return of_each(value);
        } else if constexpr (annotated<T>) {
            return with_fields(value, [](auto const&... fields) noexcept { return sum(fields...); });
        } else if constexpr (owning_container<T>) {
            return container_bytes(value) + of_each(value);
        } else if constexpr (path_like<T>) {
            return of(value.native());
        } else if constexpr (optional_like<T>) {
            return value.has_value() ? of(*value) : 0;
        } else if constexpr (variant_like<T>) {
            return value.valueless_by_exception() ? 0
                                                  : visit([](auto const& held) noexcept { return of(held); }, value);
        } else if constexpr (tuple_like<T>) {
            return of_members(value, std::make_index_sequence<std::tuple_size_v<T>>{});
        } else if constexpr (unique_pointer<T>) {
            return value ? block_bytes(sizeof(*value)) + of(*value) : 0;
        } else if constexpr (shared_pointer<T>) {
            return value ? of_shared(*value) : 0;
        } else {
            return 0;
        }
    }

private:
    template <class... T>
    static std::size_t sum(T const&... parts) noexcept {
        return (std::size_t{0} + ... + of(parts));
    }

    template <class T>
    static std::size_t of_each(T const& elements) noexcept {
        using element = std::remove_cvref_t<decltype(*std::begin(elements))>;
        std::size_t bytes = 0;
        if constexpr (!owns_nothing<element>) {
            for (auto const& one : elements) bytes += of(one);
        }
        return bytes;
    }

    template <class T, std::size_t... I>
    static std::size_t of_members(T const& value, std::index_sequence<I...>) noexcept {
        return sum(get<I>(value)...);
    }

    template <class T>
    static std::size_t of_shared(T const& held) noexcept {
        constexpr std::size_t table_and_counts = 16;
        std::size_t const block = block_bytes(table_and_counts + sizeof(T));
        if constexpr ((std::same_as<T, Shared> || ...)) {
            return block;
        } else {
            return block + footprint<Shared..., T>::of(held);
        }
    }
};

template <class T>
std::size_t heap_bytes(T const& value) noexcept {
    return footprint<>::of(value);
}

}  // namespace memo::detail
