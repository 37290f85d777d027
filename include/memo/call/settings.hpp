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
    bool readable = false;     ///< its keys have a text, by which strings reach its entries
    memory_limits limits{65'536, std::numeric_limits<std::size_t>::max(), false, std::chrono::seconds{60}};
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

template <class Options>
settings read_settings(Options const& options, space const& in, std::string_view callable) {
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
    if constexpr (Options::template has<kind::cleanup_interval>)
        said.limits.cleanup_interval =
            checked_span("memo::cleanup_interval", saturate(options.template get<kind::cleanup_interval>().value));
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
    if constexpr (Options::template has<kind::unbounded>)
        said.limits.entries = std::numeric_limits<std::size_t>::max();
    if constexpr (Options::template has<kind::max_size>)
        said.limits.entries = checked_bound("memo::max_size", options.template get<kind::max_size>().value);
    if constexpr (Options::template has<kind::max_bytes>)
        said.limits.weight = checked_bound("memo::max_bytes", options.template get<kind::max_bytes>().value);
    said.weighs = Options::template has<kind::weigher>;
    if (auto const* const above = said.who.name.empty() ? nullptr : in.settings_of(said.who.name))
        said.heed(*above);
    constexpr std::size_t few_entries = 4096;
    constexpr std::size_t few_bytes = 4'194'304;
    said.limits.exact_order = said.limits.entries < few_entries || said.limits.weight < few_bytes || said.weighs;
    said.shutdown = in.defaults().shutdown;
    if constexpr (Options::template has<kind::clock>)
        said.clock = time_source{injected<kind::clock>(options)};
    else if (in.defaults().clock)
        said.clock = *in.defaults().clock;
    if constexpr (Options::template has<kind::executor>)
        said.executor = worker{injected<kind::executor>(options)};
    else if (in.defaults().executor)
        said.executor = *in.defaults().executor;
    return said;
}

}  // namespace memo::detail
