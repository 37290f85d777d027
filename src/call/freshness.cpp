#include <memo/call/freshness.hpp>

#include <memo/base/fork.hpp>
#include <memo/base/hash.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string_view>

namespace memo::detail {

namespace {

duration scaled(duration span, long double by) noexcept {
    return saturate(std::chrono::duration<long double, std::nano>{static_cast<long double>(span.count()) * by});
}

std::uint64_t own_seed(std::uint64_t const& of_thread) noexcept {
    std::uint64_t const parts[] = {reinterpret_cast<std::uintptr_t>(&of_thread), fork_generation(),
                                   static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count())};
    return digest_of({reinterpret_cast<char const*>(parts), sizeof parts}).low;
}

}  // namespace

duration freshness_rules::grace() const noexcept {
    return std::max(stale_while_revalidate, stale_if_error);
}

duration freshness_rules::early(duration cost, double chance) const noexcept {
    return early_expiration > 0 ? scaled(cost, static_cast<long double>(-early_expiration) * std::log(chance)) : duration::min();
}

duration freshness_rules::ahead(duration ttl) const noexcept {
    return refresh_ahead < 1 ? ttl - scaled(ttl, refresh_ahead) : duration::min();
}

duration freshness_rules::notice(duration ttl, duration cost) const noexcept {
    if (ttl == duration::max())  // a touch may give it an end
        return duration{early_expiration > 0 || refresh_ahead < 1 ? 1 : 0};
    return std::max({early(cost, least_chance), ahead(ttl), duration::zero()});
}

freshness freshness_rules::judge(vintage const& made, duration now, double chance) const noexcept {
    bool const resting = now < made.retry_at;
    if (made.fresh(now)) {
        if (resting || made.fresh_until == duration::max())
            return {false, renewal::none};
        auto const left = between(now, made.fresh_until);
        if (left <= early(made.cost, chance))
            return {false, renewal::in_call};
        return {false, left <= ahead(made.ttl) ? renewal::background : renewal::none};
    }
    if (resting)
        return {true, renewal::none};
    return {true, now < later(made.fresh_until, stale_while_revalidate) ? renewal::background : renewal::in_call};
}

duration backoff(unsigned failures, double chance) noexcept {
    constexpr duration first = std::chrono::milliseconds{100};
    constexpr duration longest = std::chrono::seconds{60};
    auto const doublings = std::min(failures, 16U) - 1;
    return scaled(std::min(first * (1 << doublings), longest), 1 - chance / 2);
}

double draw_chance() noexcept {
    thread_local std::uint64_t state = own_seed(state);
    thread_local std::uint64_t generation = fork_generation();
    if (generation != fork_generation()) {
        generation = fork_generation();
        state = own_seed(state);
    }
    auto drawn = state += 0x9e3779b97f4a7c15;
    drawn = (drawn ^ drawn >> 30) * 0xbf58476d1ce4e5b9;
    drawn = (drawn ^ drawn >> 27) * 0x94d049bb133111eb;
    return (static_cast<double>((drawn ^ drawn >> 31) >> 11) + 1) * least_chance;
}

}  // namespace memo::detail
