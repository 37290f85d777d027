#include <memo/call/settings.hpp>

#include <memo/base/error.hpp>
#include <memo/base/hash.hpp>
#include <memo/key/buffer.hpp>
#include <memo/key/text.hpp>

#include <chrono>
#include <cmath>
#include <cstring>
#include <string>

namespace memo::detail {

settings::settings() = default;
settings::settings(settings const&) = default;
settings::~settings() = default;

duration settings::spread(duration lifetime, std::uint64_t chance) const noexcept {
    if (jitter == 0 || lifetime == duration::max() || lifetime <= duration::zero())
        return lifetime;
    char bytes[sizeof chance];
    std::memcpy(bytes, &chance, sizeof chance);
    auto const drawn = std::ldexp(static_cast<double>(digest_of({bytes, sizeof bytes}).low), -63) - 1;  // -1 to 1
    auto const moved = std::round(static_cast<long double>(lifetime.count()) * (1 + static_cast<long double>(jitter * drawn)));
    return saturate(std::chrono::duration<long double, std::nano>{moved < 1 ? 1 : moved});
}

void settings::heed(wrapper_settings const& said) {
    if (said.ttl) {
        ttl = said.ttl->value;
        decides_ttl = false;
    }
    if (said.idle)
        idle = checked_span("memo::idle", said.idle->value);
    if (said.jitter)
        jitter = checked_fraction("memo::jitter", *said.jitter);
    if (said.max_size)
        plan.limits.entries = checked_count("memo::max_size", *said.max_size > 0, *said.max_size);
    if (said.max_bytes)
        plan.limits.weight = checked_count("memo::max_bytes", *said.max_bytes > 0, *said.max_bytes);
    enabled = said.enabled;
}

bool wants_exact_order(memory_limits const& limits, bool weighs) noexcept {
    constexpr std::size_t few_entries = 4096;
    constexpr std::size_t few_bytes = 4'194'304;
    return limits.entries < few_entries || limits.weight < few_bytes || weighs;
}

std::string function_in_stores(identity const& who) {
    key_buffer out;
    append_escaped(out, who.name.empty() ? who.shown : who.name);
    return std::string{out.view()} + ":" + std::to_string(who.version);
}

void take_named_store(store_plan& plan, named_store const& chosen) {
    plan.bytes = chosen.store.inside();
    if (!chosen.near)
        return;
    plan.near = true;
    if (chosen.near->ttl)
        plan.near_ttl = chosen.near->ttl->value;
    if (chosen.near->max_size)
        plan.limits.entries = *chosen.near->max_size;
    if (chosen.near->max_bytes)
        plan.limits.weight = *chosen.near->max_bytes;
}

void check_name(std::string_view name) {
    constexpr std::size_t longest = 128;
    if (name.empty())
        throw config_error{"memo::name: the name is empty; give 1 to 128 bytes, such as users.get"};
    if (name.size() > longest)
        throw config_error{"memo::name(" + std::string{name.substr(0, 32)} + "...): the name has " +
                           std::to_string(name.size()) + " bytes; 128 are the most"};
}

duration checked_span(char const* option, duration span) {
    if (span <= duration::zero())
        throw config_error{std::string{option} + ": " + std::to_string(span.count()) + " ns is no span; give one above 0"};
    return span;
}

double checked_fraction(char const* option, double fraction) {
    if (!(fraction >= 0 && fraction <= 1))
        throw config_error{std::string{option} + ": " + std::to_string(fraction) + " is out of range; give a fraction from 0 to 1"};
    return fraction;
}

double checked_beta(double beta) {
    if (!(beta > 0 && std::isfinite(beta)))
        throw config_error{"memo::early_expiration: " + std::to_string(beta) + " is out of range; give a number above 0, 1 is usual"};
    return beta;
}

std::size_t checked_count(char const* option, bool positive, std::size_t count) {
    if (!positive)
        throw config_error{std::string{option} + ": the bound is 0 or below; give 1 or more, or memo::unbounded"};
    return count;
}

std::uint64_t checked_version(bool negative, std::uint64_t number) {
    if (negative)
        throw config_error{"memo::version: the version is below 0; give 0 or more"};
    return number;
}

}  // namespace memo::detail
