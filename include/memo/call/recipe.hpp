#pragma once

#include <memo/base/fixed_string.hpp>
#include <memo/base/hash.hpp>
#include <memo/base/key_view.hpp>
#include <memo/call/instances.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/parameters.hpp>
#include <memo/key/buffer.hpp>
#include <memo/key/loose.hpp>
#include <memo/key/template.hpp>
#include <memo/key/text.hpp>
#include <memo/key/writer.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
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

/// What of the object stands in front of a key: nothing, the values of some members, or its own number.
template <class Parts>
struct object_part {
    static constexpr bool some = false;
    template <class Owner>
    static void feed(key_writer&, Owner const&, Parts const&) {}
    template <class Owner>
    static void render(key_buffer&, Owner const&, Parts const&) {}
};

template <class... Members>
struct object_part<std::tuple<Members...>> {
    static constexpr bool some = true;
    template <class Owner>
    static void feed(key_writer& write, Owner const& owner, std::tuple<Members...> const& parts) {
        std::apply([&](auto const&... member) { (write(std::invoke(member, owner.object)), ...); }, parts);
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
    static void feed(key_writer& write, Owner const& owner, each_instance_t) {
        write(owner.number);
    }
    template <class Owner>
    static void render(key_buffer& out, Owner const& owner, each_instance_t) {
        append_text(out, owner.number);
        out.push(':');
    }
};

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

    template <class A>
    using part_of = std::remove_cvref_t<decltype(key_part(std::declval<A&>()))>;

public:
    /// Whether the key of a call is its arguments, one by one, so that `sought` gives it without writing it.
    template <class... A>
    static constexpr bool loose = !has<kind::instance> && !has<kind::key> && !has<kind::key_builder> && !has<kind::args> &&
                                  !has<kind::ignore> && sizeof...(A) != 0 && (loose_part<part_of<A>> && ...);

    /// What a store is asked for.
    template <class... A>
    [[gnu::always_inline]] static auto sought(A&... arguments) noexcept {
        return sought_key(key_part(arguments)...);
    }

    /// Whether keys have a text beside what identifies them.
    template <class... A>
    static constexpr bool readable = readable_for<A...>();

    /// `Owner` is an `object_ref` for a method, else `no_object`.
    template <class Owner, class... A>
    static void write(written_key& key, Options& options, Owner const& owner, A&... arguments) {
        key_writer feed{key.identity};
        front::feed(feed, owner, parts(options));
        if constexpr (readable<A...>)
            front::render(key.text, owner, parts(options));
        if constexpr (has<kind::key>) {
            using text = key_template<Options::template type<kind::key>::text>;
            text::feed(feed, key_part(arguments)...);
            text::render(key.text, key_part(arguments)...);
        } else if constexpr (has<kind::key_builder>) {
            auto const& built = options.template get<kind::key_builder>().value(look_at(arguments)...);
            feed(built);
            if constexpr (gives_text<decltype(built)>)
                key.text.append(built_text(built));
        } else if constexpr (has<kind::args>) {
            chosen(feed, typename Options::template type<kind::args>{}, std::tie(arguments...));
        } else if constexpr (has<kind::ignore>) {
            but(feed, typename Options::template type<kind::ignore>{}, std::tie(arguments...),
                std::index_sequence_for<A...>{});
        } else {
            feed(key_part(arguments)...);
        }
        key.view = {0, key.identity.view(), key.text.view()};
        if constexpr (loose<A...>)
            key.view.place = sought(arguments...).place;
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

    template <std::size_t... Places, class Arguments>
    static void chosen(key_writer& feed, args_option<Places...>, Arguments const& all) {
        feed(key_part(std::get<Places>(all))...);
    }

    template <std::size_t... Left, class Arguments, std::size_t... Places>
    static void but(key_writer& feed, ignore_option<Left...>, Arguments const& all, std::index_sequence<Places...>) {
        auto const one = [&]<std::size_t Place>(std::integral_constant<std::size_t, Place>) {
            if constexpr (((Place != Left) && ...))
                feed(key_part(std::get<Place>(all)));
        };
        (one(std::integral_constant<std::size_t, Places>{}), ...);
    }
};

}  // namespace memo::detail
