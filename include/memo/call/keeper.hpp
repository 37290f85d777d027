#pragma once

#include <memo/base/cache_key.hpp>
#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/stats.hpp>
#include <memo/call/disabled.hpp>
#include <memo/call/explanation.hpp>
#include <memo/call/instances.hpp>
#include <memo/call/ledger.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/parameters.hpp>
#include <memo/call/recipe.hpp>
#include <memo/call/settings.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/space.hpp>
#include <memo/key/glob.hpp>
#include <memo/key/hash.hpp>
#include <memo/store/concept.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace memo::detail {

/// What a wrapper keeps beside its callable: options, store and account, and the verbs that run nothing.
///
/// Throws: what the user's predicates and key builders throw, where nothing else could be returned.
template <class Params, class Options, class Object, result_store Store>
class keeper;

template <class... P, class Options, class Object, result_store Store>
class keeper<types<P...>, Options, Object, Store> : public resident, private removal_watcher {
    using kind = option_kind;
    template <kind Kind>
    static constexpr bool has = Options::template has<Kind>;

public:
    static constexpr bool is_method = !std::is_void_v<Object>;
    using object_type = std::remove_const_t<Object>;
    using held = typename Store::value_type;
    using owner = typename std::conditional_t<is_method, object_ref<Object>, no_object>;

    static constexpr bool numbers_objects = [] {
        if constexpr (has<kind::instance>)
            return std::same_as<typename Options::template type<kind::instance>, instance_option<each_instance_t>>;
        else
            return false;
    }();

    keeper(Options options, std::shared_ptr<space> in, std::string_view callable)
        : options_{std::move(options)}, settings_{read_settings(options_, *in, callable)},
          ledger_{std::move(in), settings_.who, own_listener(), !has<kind::no_stats>},
          store_{settings_.limits, static_cast<removal_watcher*>(this)} {}

    std::optional<held> peek(owner const& self, argument_t<P>... arguments) {
        if (!wanted(self, arguments...))
            return std::nullopt;
        written_key key;
        write(key, self, arguments...);
        return store_.peek(key.view, now());
    }

    evicted evict(owner const& self, argument_t<P>... arguments) {
        written_key key;
        write(key, self, arguments...);
        return store_.erase(key.view);
    }

    /// The key of a call, to evict it by later.
    void write(written_key& key, owner const& self, argument_t<P>... arguments) {
        recipe<Options>::write(key, options_, self, arguments...);
    }
    evicted evict(key_view const& key) { return store_.erase(key); }
    evicted evict_object(std::uint64_t number) { return store_.erase_tag(object_group(number), evict_cause::cleared); }

    bool touch(duration ttl, owner const& self, argument_t<P>... arguments) {
        if (!wanted(self, arguments...))
            return false;
        written_key key;
        write(key, self, arguments...);
        return store_.touch(key.view, ttl, settings_.clock.now());
    }

    std::optional<duration> ttl(owner const& self, argument_t<P>... arguments) {
        if (!wanted(self, arguments...))
            return std::nullopt;
        written_key key;
        write(key, self, arguments...);
        auto const facts = store_.facts(key.view, now());
        return facts ? std::optional{facts->remaining} : std::nullopt;
    }

    cache_key key(owner const& self, argument_t<P>... arguments) {
        written_key key;
        write(key, self, arguments...);
        return ledger_.name_of(key.view);
    }

    explanation explain(owner const& self, argument_t<P>... arguments) {
        explanation told;
        told.key = key(self, arguments...);
        written_key key;
        write(key, self, arguments...);
        auto const facts = store_.facts(key.view, settings_.clock.now());
        if (!wanted(self, arguments...)) {
            told.why = disabled() ? "the cache is disabled" : "only_if does not want this call";
        } else if (!facts) {
            told.why = "nothing fresh is stored for these arguments";
        } else {
            told.hit = true;
            told.tier = "memory";
            told.age = facts->age;
            told.remaining = facts->remaining;
            told.cost = facts->cost;
            told.tags = facts->tags;
        }
        return told;
    }

    std::size_t size() const { return store_.size(); }
    bool validate() const { return store_.validate(); }
    instances& objects() noexcept { return objects_; }

    /// The number of a living object that has results of its own, else 0.
    template <class One>
    std::uint64_t number_of(One& object) const {
        return numbers_objects ? objects_.number_of(&object) : 0;
    }

    std::string_view shown_name() const noexcept override { return ledger_.who().shown; }
    evicted evict_text(std::string_view text) override { return store_.erase_text(place_of(text), text); }
    evicted evict_pattern(std::string_view glob) override {
        return store_.erase_if(evict_cause::pattern,
                               [&](key_view const& key) { return !key.text.empty() && glob_match(glob, key.text); });
    }
    evicted evict_tag(std::string_view tag) override { return store_.erase_tag(tag); }
    evicted evict_all() override {
        return store_.erase_if(evict_cause::cleared, [](key_view const&) { return true; });
    }

    memo::stats statistics() const override {
        memo::stats sum;
        store_.count_into(sum);
        if (has<kind::no_stats>) {
            memo::stats held_only;
            held_only.items = sum.items;
            held_only.bytes = sum.bytes;
            return held_only;
        }
        ledger_.count_into(sum);
        return sum;
    }

protected:
    duration now() const {
        constexpr bool decides = has<kind::ttl>;
        return decides || settings_.timed() || store_.timed() ? settings_.clock.now() : duration{};
    }

    /// Whether the call uses the cache at all. An object without a number has no results of its own to be found.
    bool wanted(owner const& self, argument_t<P>... arguments) {
        if (disabled() || (numbers_objects && !self.numbered()))
            return false;
        if constexpr (has<kind::only_if>)
            return static_cast<bool>(options_.template get<kind::only_if>().value(look_at(arguments)...));
        else
            return true;
    }

    std::vector<std::string> tags(owner const& self, argument_t<P>... arguments) {
        return recipe<Options>::tags(options_, self, arguments...);
    }

    Options options_;
    settings settings_;
    ledger ledger_;
    Store store_;

private:
    event_listener own_listener() {
        if constexpr (has<kind::on_event>)
            return event_listener{std::ref(options_.template get<kind::on_event>().value)};
        else
            return nullptr;
    }

    void removed(entry const& gone) noexcept override {
        if (ledger_.heard())
            ledger_.tell(gone.cause == evict_cause::expired ? event_kind::expire : event_kind::evict, gone.key(), {}, gone.cause);
    }

    instances objects_;
};

}  // namespace memo::detail
