#include "policies.hpp"

#include "belady.hpp"

#include <memo/policy/adaptive.hpp>
#include <memo/policy/cost_aware.hpp>
#include <memo/policy/fifo.hpp>
#include <memo/policy/lfu.hpp>
#include <memo/policy/lru.hpp>
#include <memo/policy/random.hpp>
#include <memo/policy/s3_fifo.hpp>
#include <memo/policy/sieve.hpp>
#include <memo/policy/w_tinylfu.hpp>

#include <algorithm>
#include <array>

namespace memo::sim {
namespace {

template <class Cache>
outcome replay_with(trace const& what, std::size_t capacity, progress& how_far) {
    Cache cache{what, capacity};
    return replay(cache, what, how_far);
}

template <class Order>
constexpr auto with = &replay_with<simulated<Order>>;

constexpr std::array known{
    policy{"adaptive", "#d62728", "memo's default: follows what the requests show", with<adaptive_order>, true},
    policy{"cost_aware", "#8c4fb0", "what saves most costs stays; see --cost", with<cost_aware_order>},
    policy{"lru", "#1f6fb4", "what was read lately stays", with<lru_order>},
    policy{"lfu", "#17a5a5", "what was read most often stays", with<lfu_order>},
    policy{"w_tinylfu", "#e8871e", "new and old entries compete by how often they were asked for", with<w_tinylfu_order>},
    policy{"s3_fifo", "#3a9a3f", "what is read twice soon after it came stays", with<s3_fifo_order>},
    policy{"sieve", "#d96fae", "what was read since the hand passed stays", with<sieve_order>},
    policy{"fifo", "#8a6552", "what came last stays", with<fifo_order>},
    policy{"random", "#9aa0a6", "nobody is preferred; equal runs make equal choices", with<random_order>},
    policy{"belady", "#444444", "knows the future: no policy can have more hits", &replay_with<belady>, false, true},
};

}  // namespace

std::span<policy const> policies() noexcept { return known; }

policy const* find_policy(std::string_view name) noexcept {
    auto const found = std::find_if(known.begin(), known.end(), [name](policy const& one) { return one.name == name; });
    return found == known.end() ? nullptr : &*found;
}

}  // namespace memo::sim
