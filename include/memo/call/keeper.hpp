#pragma once

#include <memo/base/cache_key.hpp>
#include <memo/base/clock.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/size_explanation.hpp>
#include <memo/call/disabled.hpp>
#include <memo/call/explanation.hpp>
#include <memo/call/instances.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/parameters.hpp>
#include <memo/call/recipe.hpp>
#include <memo/call/residence.hpp>
#include <memo/call/settings.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/space.hpp>
#include <memo/store/concept.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace memo::detail {

/// Whether what calls find lasts, and stands by keys that are short.
template <class Params, class Options, class Object>
inline constexpr bool finds_copies = false;
template <class... P, class Options, class Object>
inline constexpr bool finds_copies<types<P...>, Options, Object> =
    !Options::template has<option_kind::ttl> && !Options::template has<option_kind::idle> && [] {
        constexpr auto size = recipe<Options>::template short_bytes<std::conditional_t<std::is_void_v<Object>, no_object, object_ref<Object>>,
                                                                    std::remove_reference_t<argument_t<P>>...>;
        return size != 0 && size <= short_key::most_counted;
    }();

/// What a wrapper keeps beside its callable: its options and the residence of its results, and the verbs that run nothing.
///
/// Throws: what the user's predicates and key builders throw, where nothing else could be returned.
template <class Params, class Options, class Object, result_store Store>
class keeper;

template <class... P, class Options, class Object, result_store Store>
class keeper<types<P...>, Options, Object, Store> : public residence<Store> {
    using base = residence<Store>;
    using kind = option_kind;
    template <kind Kind>
    static constexpr bool has = Options::template has<Kind>;

public:
    static constexpr bool is_method = !std::is_void_v<Object>;
    using object_type = std::remove_const_t<Object>;
    using held = typename Store::value_type;
    using owner = typename std::conditional_t<is_method, object_ref<Object>, no_object>;

    static constexpr bool runs_in_background = has<kind::stale_while_revalidate> || has<kind::refresh_ahead>;
    static constexpr bool numbers_objects = [] {
        if constexpr (has<kind::instance>)
            return std::same_as<typename Options::template type<kind::instance>, instance_option<each_instance_t>>;
        else
            return false;
    }();

    keeper(Options options, std::shared_ptr<space> in, std::string_view callable)
        : base{settings_from(options, *in, callable), in, own_listener(), !has<kind::no_stats>}, options_{std::move(options)} {}

    std::optional<held> peek(owner const& self, argument_t<P>... arguments) {
        if (!wanted(self, arguments...))
            return std::nullopt;
        written_key key;
        write(key, self, arguments...);
        return base::store_.peek(key.view, base::now());
    }

    using base::evict;
    evicted evict(owner const& self, argument_t<P>... arguments) {
        written_key key;
        write(key, self, arguments...);
        return evict(key.view);
    }

    /// The key of a call, to evict it by later.
    void write(written_key& key, owner const& self, argument_t<P>... arguments) {
        recipe<Options>::write(key, options_, self, arguments...);
    }

    bool touch(duration ttl, owner const& self, argument_t<P>... arguments) {
        if (!wanted(self, arguments...))
            return false;
        written_key key;
        write(key, self, arguments...);
        return base::touch(key.view, ttl);
    }

    std::optional<duration> ttl(owner const& self, argument_t<P>... arguments) {
        if (!wanted(self, arguments...))
            return std::nullopt;
        written_key key;
        write(key, self, arguments...);
        return base::remaining(key.view);
    }

    cache_key key(owner const& self, argument_t<P>... arguments) {
        written_key key;
        write(key, self, arguments...);
        return base::ledger_.name_of(key.view);
    }

    explanation explain(owner const& self, argument_t<P>... arguments) {
        written_key key;
        write(key, self, arguments...);
        std::string_view const unwanted = wanted(self, arguments...) ? ""
                                          : disabled()               ? "the cache is disabled"
                                          : !settings_.enabled       ? "the configuration has switched this cache off"
                                          : is_bare(self)            ? "the object has no MEMO_METHOD that numbers it"
                                                                     : "only_if does not want this call";
        return explain_entry(key.view, unwanted);
    }

    size_explanation explain_size() {
        if constexpr (requires { base::store_.explain_size(duration{}); }) {
            return base::store_.explain_size(settings_.clock.now());
        } else {
            size_explanation none;
            none.why = "only caches in typed memory are watched, and this one keeps its results in a store of bytes";
            return none;
        }
    }

    /// The number of a living object that has results of its own, else 0.
    template <class One>
    std::uint64_t number_of(One& object) const {
        return numbers_objects ? base::objects_.number_of(&object) : 0;
    }

protected:
    static constexpr bool ages = runs_in_background || has<kind::stale_if_error> || has<kind::early_expiration>;
    /// Whether what is seen to be fresh is the answer. Copies in front of a store of bytes do not know when they may have to be renewed.
    static constexpr bool glancing = base::has_sight && !has<kind::cache_errors> &&
                                     (base::begins_by_reading || (!has<kind::refresh_ahead> && !has<kind::early_expiration>));
    /// Whether a call may look for its result before anything else.
    static constexpr bool looks_first = glancing && !has<kind::only_if> && !has<kind::ttl> && !has<kind::idle> &&
                                        recipe<Options>::template loose<owner, std::remove_reference_t<argument_t<P>>...>;
    bool may_look(owner const& self) const noexcept {
        return !disabled() && !is_bare(self) && base::looks_at_once();
    }

    /// Whether the call uses the cache at all.
    bool wanted(owner const& self, argument_t<P>... arguments) {
        if (disabled() || !settings_.enabled || is_bare(self))
            return false;
        if constexpr (has<kind::only_if>)
            return static_cast<bool>(options_.template get<kind::only_if>().value(look_at(arguments)...));
        else
            return true;
    }

    std::vector<std::string> tags(owner const& self, argument_t<P>... arguments) {
        return recipe<Options>::tags(options_, self, arguments...);
    }

    using base::settings_;
    Options options_;

private:
    static settings settings_from(Options const& options, space& in, std::string_view callable) {
        auto said = read_settings(options, in, callable);
        said.plan.readable = recipe<Options>::template readable<std::remove_reference_t<argument_t<P>>...>;
        return said;
    }

    /// `unwanted` says why the call would not use the cache; empty where it would.
    explanation explain_entry(key_view const& key, std::string_view unwanted) {
        explanation told;
        told.key = base::ledger_.name_of(key);
        auto const asked = settings_.clock.now();
        auto facts = unwanted.empty() ? base::store_.facts(key, asked) : std::nullopt;
        if (!unwanted.empty()) {
            told.why = unwanted;
        } else if (!facts) {
            told.why = "nothing fresh is stored for these arguments";
        } else {
            told.hit = facts->fresh(asked);
            told.tier = facts->tier;
            told.age = facts->age(asked);
            told.remaining = facts->remaining(asked);
            told.cost = facts->cost;
            told.failures = facts->failures;
            if (!told.hit)
                told.why = "what is stored is stale";
            told.error = std::erase(facts->tags, error_group) != 0;
            std::erase_if(facts->tags, is_object_group);
            told.tags = std::move(facts->tags);
        }
        return told;
    }

    /// An object without a number has no results of its own to be found.
    static bool is_bare(owner const& self) noexcept { return numbers_objects && !self.numbered(); }

    /// Calls the option where it will stand; nothing happens before it stands there.
    event_listener own_listener() {
        if constexpr (has<kind::on_event>)
            return event_listener{[this](event const& happening) {
                static_cast<void>(options_.template get<kind::on_event>().value(happening));
            }};
        else
            return nullptr;
    }
};

}  // namespace memo::detail
