#pragma once

#include <memo/base/fixed_string.hpp>
#include <memo/base/hash.hpp>
#include <memo/base/key_view.hpp>
#include <memo/call/ingredients.hpp>
#include <memo/call/instances.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/parameters.hpp>
#include <memo/key/buffer.hpp>
#include <memo/key/loose.hpp>
#include <memo/key/template.hpp>
#include <memo/key/writer.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace memo::detail {

/// The key of one call, in the buffers it was written to.
struct written_key {
    key_buffer identity;
    key_buffer text;
    key_view view;
};

template <class T>
concept gives_text = std::convertible_to<T, std::string_view>;

/// The text that a key builder gave; a null pointer reads as it does in a key template.
template <gives_text T>
std::string_view built_text(T const& built) {
    if constexpr (std::is_pointer_v<T>)
        if (built == nullptr)
            return "%null";
    return built;
}

template <fixed_string... Texts, class Fn>
void each_template(tags_option<Texts...>, Fn const& fn) {
    (fn(key_template<Texts>{}), ...);
}

/// How the arguments of a call become its key and its tags, as the options say.
template <class Options>
class recipe {
    using kind = option_kind;
    template <kind Kind>
    static constexpr bool has = Options::template has<Kind>;

    template <class Set>
    struct parts_in {
        using type = any_instance_t;
    };
    template <class Set>
        requires(Set::template has<kind::instance>)
    struct parts_in<Set> {
        using type = decltype(std::declval<Set&>().template get<kind::instance>().value);
    };
    using parts_type = std::remove_cvref_t<typename parts_in<Options>::type>;
    using front = object_part<parts_type>;

    template <class... A>
    static constexpr bool readable_for() {
        if constexpr (has<kind::key>)
            return true;
        else if constexpr (has<kind::key_builder>)
            return gives_text<decltype(std::declval<Options&>().template get<kind::key_builder>().value(
                look_at(std::declval<A&>())...))>;
        else
            return false;
    }

    template <class... A>
    using entering_of = typename entering<Options, sizeof...(A)>::type;

    /// Calls `fn` with the parts of a key that neither a template nor a builder makes.
    template <class Fn, class Owner, class... A>
    [[gnu::always_inline]] static decltype(auto) with_parts(Fn const& fn, Options& options, Owner const& owner, A&... arguments) {
        auto const own = front::values(owner, parts(options));
        return [&]<std::size_t... Front, std::size_t... Places>(
                   std::index_sequence<Front...>, std::index_sequence<Places...>,
                   auto const& all) __attribute__((always_inline)) -> decltype(auto) {
            return fn(std::get<Front>(own)..., key_part(std::get<Places>(all))...);
        }(std::make_index_sequence<std::tuple_size_v<std::remove_const_t<decltype(own)>>>{}, entering_of<A...>{}, std::tie(arguments...));
    }

    template <class Owner, class... A>
    static auto counted(Options& options, Owner const& owner, A&... arguments) {
        auto const count = [](auto const&... part) {
            return std::integral_constant<std::size_t, short_key_bytes<std::remove_cvref_t<decltype(part)>...>>{};
        };
        return with_parts(count, options, owner, arguments...);
    }

    template <class Owner>
    using front_values = decltype(front::values(std::declval<Owner const&>(), std::declval<parts_type const&>()));
    template <class... A, std::size_t... Places>
    static constexpr bool enter_loose(std::index_sequence<Places...>) {
        using all = std::tuple<std::remove_cvref_t<decltype(key_part(std::declval<A&>()))>...>;
        return (loose_part<std::tuple_element_t<Places, all>> && ...);
    }

public:
    /// Whether the key of a call is its parts, one by one, so that `sought` gives it without writing it.
    template <class Owner, class... A>
    static constexpr bool loose = !has<kind::key> && !has<kind::key_builder> && loose_values<front_values<Owner>> &&
                                  enter_loose<A...>(entering_of<A...>{}) &&
                                  std::tuple_size_v<front_values<Owner>> + entering_of<A...>::size() != 0;

    /// What a store is asked for.
    template <class Owner, class... A>
    [[gnu::always_inline]] static auto sought(Options& options, Owner const& owner, A&... arguments) {
        return with_parts([](auto const&... part) __attribute__((always_inline)) { return sought_key(part...); }, options, owner,
                          arguments...);
    }

    /// The bytes of that where it is a short key, else 0.
    template <class Owner, class... A>
    static constexpr std::size_t short_bytes = [] {
        if constexpr (loose<Owner, A...>)
            return decltype(counted(std::declval<Options&>(), std::declval<Owner const&>(), std::declval<A&>()...))::value;
        else
            return std::size_t{};
    }();

    /// Whether keys have a text beside what identifies them.
    template <class... A>
    static constexpr bool readable = readable_for<A...>();

    /// `Owner` is an `object_ref` for a method, else `no_object`.
    template <class Owner, class... A>
    static void write(written_key& key, Options& options, Owner const& owner, A&... arguments) {
        key_writer feed{key.identity};
        if constexpr (readable<A...>)
            front::render(key.text, owner, parts(options));
        if constexpr (has<kind::key>) {
            using text = key_template<Options::template type<kind::key>::text>;
            std::apply(feed, front::values(owner, parts(options)));
            text::feed(feed, key_part(arguments)...);
            text::render(key.text, key_part(arguments)...);
        } else if constexpr (has<kind::key_builder>) {
            auto const& built = options.template get<kind::key_builder>().value(look_at(arguments)...);
            std::apply(feed, front::values(owner, parts(options)));
            feed(built);
            if constexpr (gives_text<decltype(built)>)
                key.text.append(built_text(built));
        } else {
            with_parts([&](auto const&... part) { feed(part...); }, options, owner, arguments...);
        }
        key.view = {0, key.identity.view(), key.text.view()};
        if constexpr (loose<Owner, A...>)
            key.view.place = sought(options, owner, arguments...).place;
        else
            key.view.place = place_of(readable<A...> ? key.view.text : key.view.identity);
    }

    /// The tags of the entry; a method's also with its object's part in front, and its object's own group.
    template <class Owner, class... A>
    static std::vector<std::string> tags(Options& options, Owner const& owner, A&... arguments) {
        std::vector<std::string> made;
        if constexpr (has<kind::tags>)
            each_template(typename Options::template type<kind::tags>{}, [&](auto text) {
                key_buffer out;
                text.render(out, key_part(arguments)...);
                made.emplace_back(out.view());
                if constexpr (front::some) {
                    out.clear();
                    front::render(out, owner, parts(options));
                    text.render(out, key_part(arguments)...);
                    made.emplace_back(out.view());
                }
            });
        if constexpr (std::same_as<parts_type, each_instance_t>)
            made.push_back(object_group(owner.number));
        return made;
    }

private:
    static auto const& parts(Options& options) {
        if constexpr (has<kind::instance>)
            return options.template get<kind::instance>().value;
        else
            return any_instance_parts;
    }
    static constexpr any_instance_t any_instance_parts{};
};

}  // namespace memo::detail
