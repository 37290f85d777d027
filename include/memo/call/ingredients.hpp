#pragma once

#include <memo/call/instances.hpp>
#include <memo/call/option_set.hpp>
#include <memo/key/buffer.hpp>
#include <memo/key/loose.hpp>
#include <memo/key/text.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace memo::detail {

/// What of the object stands in front of a key: nothing, the values of some members, or its own number.
template <class Parts>
struct object_part {
    static constexpr bool some = false;
    template <class Owner>
    static std::tuple<> values(Owner const&, Parts const&) noexcept {
        return {};
    }
    template <class Owner>
    static void render(key_buffer&, Owner const&, Parts const&) {}
};

template <class... Members>
struct object_part<std::tuple<Members...>> {
    static constexpr bool some = true;
    template <class Owner>
    [[gnu::always_inline]] static auto values(Owner const& owner, std::tuple<Members...> const& parts) noexcept(
        (std::is_nothrow_invocable_v<Members const&, decltype((owner.object))> && ...)) {
        return [&]<std::size_t... Number>(std::index_sequence<Number...>) __attribute__((always_inline)) {
            return std::tuple<decltype(std::invoke(std::get<Number>(parts), owner.object))...>{
                std::invoke(std::get<Number>(parts), owner.object)...};
        }(std::index_sequence_for<Members...>{});
    }
    template <class Owner>
    static void render(key_buffer& out, Owner const& owner, std::tuple<Members...> const& parts) {
        auto const one = [&](auto const& value) {
            append_text(out, value);
            out.push(':');
        };
        std::apply([&](auto const&... member) { (one(std::invoke(member, owner.object)), ...); }, parts);
    }
};

template <>
struct object_part<each_instance_t> {
    static constexpr bool some = true;
    template <class Owner>
    static std::tuple<std::uint64_t> values(Owner const& owner, each_instance_t) noexcept {
        return {owner.number};
    }
    template <class Owner>
    static void render(key_buffer& out, Owner const& owner, each_instance_t) {
        append_text(out, owner.number);
        out.push(':');
    }
};

/// Whether these values of an object's members can be parts of a key that is not written: a text must outlive the call.
template <class Values>
inline constexpr bool loose_values = false;
template <class... T>
inline constexpr bool loose_values<std::tuple<T...>> =
    ((loose_part<std::remove_cvref_t<T>> && (std::is_reference_v<T> || loose_number<T>)) && ...);

/// Which of so many arguments enter a key.
template <class Options, std::size_t Count>
struct entering {
    using type = std::make_index_sequence<Count>;
};
template <class Options, std::size_t Count>
    requires(Options::template has<option_kind::args>)
struct entering<Options, Count> {
    template <std::size_t... Places>
    static std::index_sequence<Places...> places(args_option<Places...>);
    using type = decltype(places(typename Options::template type<option_kind::args>{}));
};
template <class Options, std::size_t Count>
    requires(Options::template has<option_kind::ignore>)
struct entering<Options, Count> {
    template <std::size_t Place, std::size_t... Left>
    static auto one(ignore_option<Left...>) {
        return std::conditional_t<((Place != Left) && ...), std::index_sequence<Place>, std::index_sequence<>>{};
    }
    template <std::size_t... All>
    static std::index_sequence<All...> joined(std::index_sequence<All...>) {
        return {};
    }
    template <std::size_t... First, std::size_t... Second, class... More>
    static auto joined(std::index_sequence<First...>, std::index_sequence<Second...>, More... more) {
        return joined(std::index_sequence<First..., Second...>{}, more...);
    }
    template <std::size_t... Places>
    static auto places(std::index_sequence<Places...>) {
        return joined(std::index_sequence<>{}, one<Places>(typename Options::template type<option_kind::ignore>{})...);
    }
    using type = decltype(places(std::make_index_sequence<Count>{}));
};

}  // namespace memo::detail
