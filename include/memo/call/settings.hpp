#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/executor.hpp>
#include <memo/call/flight.hpp>
#include <memo/call/freshness.hpp>
#include <memo/call/ledger.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/space.hpp>
#include <memo/store/concept.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace memo::detail {

/// The space that `memo::in` names, else the process-wide one.
template <class Options>
std::shared_ptr<space> space_of(Options const& options) {
    if constexpr (Options::template has<option_kind::in>)
        return options.template get<option_kind::in>().inside;
    else
        return default_space();
}

/// What the options of a wrapper say in values, checked.
struct settings {
    identity who;
    duration ttl = duration::max();
    duration idle = duration::max();
    double jitter = 0;
    bool decides_ttl = false;  ///< per result
    bool weighs = false;       ///< in a unit of its own
    bool enabled = true;       ///< else calls just run
    store_plan plan;
    freshness_rules freshness;
    duration error_ttl{};                          ///< of remembered exceptions
    duration wait = patience;                      ///< the longest that a call waits for another's run
    duration shutdown = std::chrono::seconds{5};   ///< the longest that the end waits for background work
    time_source clock;
    worker executor;

    settings();
    settings(settings const&);
    ~settings();

    /// Takes what its manager says of a wrapper of this name; it stands above what the code says.
    void heed(wrapper_settings const& said);

    /// Whether a new result may expire.
    bool timed() const noexcept { return decides_ttl || ttl != duration::max() || idle != duration::max(); }

    /// `lifetime` spread by the jitter; `chance` is any number that differs from entry to entry.
    duration spread(duration lifetime, std::uint64_t chance) const noexcept;
};

// Each throws config_error: who, what, what to do.

/// Whether one order over all entries is worth its lock.
bool wants_exact_order(memory_limits const& limits, bool weighs) noexcept;
/// What `who` is called in stores that others share: name and version, without a colon inside the name.
std::string function_in_stores(identity const& who);
void take_named_store(store_plan& plan, named_store const& chosen);

void check_name(std::string_view name);
duration checked_span(char const* option, duration span);
double checked_fraction(char const* option, double fraction);
double checked_beta(double beta);
std::size_t checked_count(char const* option, bool positive, std::size_t count);
std::uint64_t checked_version(bool negative, std::uint64_t number);

template <class Number>
std::size_t checked_bound(char const* option, Number number) {
    constexpr auto most = std::numeric_limits<std::size_t>::max();
    auto const fits = !(number > 0) || static_cast<long double>(number) < static_cast<long double>(most);
    return checked_count(option, number > 0, fits ? static_cast<std::size_t>(number) : most);
}

/// What was handed in with this option, as it was: by value, or by reference.
template <option_kind Kind, class Options>
auto injected(Options const& options) -> decltype(std::declval<typename Options::template type<Kind>>().value) {
    return static_cast<decltype(std::declval<typename Options::template type<Kind>>().value)>(options.template get<Kind>().value);
}

/// The bounds that stand among some options.
template <class Options>
void read_limits(memory_limits& limits, Options const& options) {
    using kind = option_kind;
    if constexpr (Options::template has<kind::cleanup_interval>)
        limits.cleanup_interval =
            checked_span("memo::cleanup_interval", saturate(options.template get<kind::cleanup_interval>().value));
    if constexpr (Options::template has<kind::unbounded>)
        limits.entries = std::numeric_limits<std::size_t>::max();
    if constexpr (Options::template has<kind::max_size>)
        limits.entries = checked_bound("memo::max_size", options.template get<kind::max_size>().value);
    if constexpr (Options::template has<kind::max_bytes>)
        limits.weight = checked_bound("memo::max_bytes", options.template get<kind::max_bytes>().value);
}

/// Where results live, when not in typed memory alone, and for whom they are known there.
template <class Options>
void read_store(settings& said, Options const& options, space& in) {
    using kind = option_kind;
    auto const& where = options.template get<kind::store>().value;
    if constexpr (std::is_convertible_v<decltype(where), shared_store>)
        said.plan.bytes = in.enter_store(where).inside();
    else
        take_named_store(said.plan, in.store(where));
    said.plan.function = function_in_stores(said.who);
    if constexpr (Options::template has<kind::near>) {
        std::apply([&](auto const&... inner) {
            option_set const near_options{inner...};
            using near_set = std::remove_const_t<decltype(near_options)>;
            said.plan.limits = {};
            said.plan.near_ttl = duration::max();
            said.plan.near = true;
            read_limits(said.plan.limits, near_options);
            if constexpr (near_set::template has<kind::ttl>)
                said.plan.near_ttl = checked_span("memo::near", saturate(near_options.template get<kind::ttl>().value));
        }, options.template get<kind::near>().value);
    }
    if constexpr (Options::template has<kind::on_store_error>)
        said.plan.rethrows = options.template get<kind::on_store_error>().value == store_error_policy::rethrow;
    said.plan.injected_clock = Options::template has<kind::clock> || in.defaults().clock.has_value();
    said.clock = time_source{wall_clock{}};
}

template <class Options>
settings read_settings(Options const& options, space& in, std::string_view callable) {
    using kind = option_kind;
    settings said;
    said.who.shown = callable;
    if constexpr (Options::template has<kind::name>) {
        said.who.name = std::string{options.template get<kind::name>().value};
        check_name(said.who.name);
        said.who.shown = said.who.name;
    }
    if constexpr (Options::template has<kind::version>) {
        auto const number = options.template get<kind::version>().value;
        said.who.version = checked_version(number < 0, static_cast<std::uint64_t>(number));
    }
    said.ttl = in.defaults().ttl;
    if constexpr (Options::template has<kind::ttl>) {
        auto const& lifetime = options.template get<kind::ttl>().value;
        if constexpr (time_span<std::remove_cvref_t<decltype(lifetime)>>)
            said.ttl = saturate(lifetime);
        else
            said.decides_ttl = true;
    }
    if constexpr (Options::template has<kind::idle>)
        said.idle = checked_span("memo::idle", saturate(options.template get<kind::idle>().value));
    if constexpr (Options::template has<kind::jitter>)
        said.jitter = checked_fraction("memo::jitter", static_cast<double>(options.template get<kind::jitter>().value));
    if constexpr (Options::template has<kind::stale_while_revalidate>)
        said.freshness.stale_while_revalidate = checked_span(
            "memo::stale_while_revalidate", saturate(options.template get<kind::stale_while_revalidate>().value));
    if constexpr (Options::template has<kind::stale_if_error>)
        said.freshness.stale_if_error =
            checked_span("memo::stale_if_error", saturate(options.template get<kind::stale_if_error>().value));
    if constexpr (Options::template has<kind::refresh_ahead>)
        said.freshness.refresh_ahead = checked_fraction(
            "memo::refresh_ahead", static_cast<double>(options.template get<kind::refresh_ahead>().value));
    if constexpr (Options::template has<kind::early_expiration>)
        said.freshness.early_expiration =
            checked_beta(static_cast<double>(options.template get<kind::early_expiration>().value));
    if constexpr (Options::template has<kind::cache_errors>)
        said.error_ttl = saturate(options.template get<kind::cache_errors>().value);
    if constexpr (Options::template has<kind::wait_timeout>)
        said.wait = checked_span("memo::wait_timeout", saturate(options.template get<kind::wait_timeout>().value));
    read_limits(said.plan.limits, options);
    said.weighs = Options::template has<kind::weigher>;
    said.shutdown = in.defaults().shutdown;
    if constexpr (Options::template has<kind::store>)
        read_store(said, options, in);
    if (auto const* const above = said.who.name.empty() ? nullptr : in.settings_of(said.who.name))
        said.heed(*above);
    said.plan.limits.exact_order = wants_exact_order(said.plan.limits, said.weighs);
    if constexpr (Options::template has<kind::clock>)
        said.clock = time_source{injected<kind::clock>(options)};
    else if (in.defaults().clock)
        said.clock = *in.defaults().clock;
    if constexpr (Options::template has<kind::executor>)
        said.executor = worker{injected<kind::executor>(options)};
    else if (in.defaults().executor)
        said.executor = *in.defaults().executor;
    said.plan.clock = said.clock;
    return said;
}

}  // namespace memo::detail
