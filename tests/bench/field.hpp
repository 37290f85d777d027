#pragma once

#include "contest.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// A cache takes part with `find(call)`, which returns an empty value for what is not there, and `put(call, value)`. One that
/// makes what it lacks does so by `made`, and counts it in `runs`.
namespace contest {

inline constinit thread_local std::size_t runs = 0;

/// Hits, one after the other as fast as the processor takes them.
template <class Cache, class Call>
[[gnu::noinline]] void find_all(Cache& cache, std::span<Call const> calls) {
    for (auto const& call : calls) keep(cache.find(call));
}

/// Hits of which each waits for the one before: its key takes nothing from it, but the processor cannot know.
template <class Cache, class Call>
[[gnu::noinline]] void find_in_turn(Cache& cache, std::span<Call const> calls) {
    Call nothing = 0;
    asm volatile("" : "+r"(nothing));
    Call before = 0;
    for (auto const& call : calls) before = cache.find(call ^ (before & nothing));
    keep(before);
}

/// Get, or make and insert. Returns: how many were there.
template <class Cache, class Call, class Make>
[[gnu::noinline]] std::size_t get_or_insert(Cache& cache, std::span<Call const> calls, Make made) {
    std::size_t hits = 0;
    for (auto const& call : calls) {
        auto const before = runs;
        auto value = cache.find(call);
        if (value == decltype(value){}) {
            value = made(call);
            cache.put(call, value);
        }
        hits += runs == before;
        keep(value);
    }
    return hits;
}

enum class way { in_a_row, in_turn, bounded };

/// All who take part in one workload, each with a cache of its own that is filled when it enters.
template <class Call, auto Made, way How = way::in_a_row>
class field {
public:
    explicit field(std::span<Call const> resident) : resident_{resident} {}

    template <class Cache, class... Arguments>
    void enter(std::string name, role what, Arguments&&... arguments) {
        auto const cache = std::make_shared<Cache>(std::forward<Arguments>(arguments)...);
        for (auto const& call : resident_) cache->put(call, Made(call));
        if constexpr (How == way::bounded) {
            all_.push_back({std::move(name), what, [cache](auto calls) { return get_or_insert(*cache, calls, Made); }});
            return;
        } else {
            check(*cache, name);
            all_.push_back({std::move(name), what, [cache](auto calls) {
                                if constexpr (How == way::in_turn)
                                    find_in_turn(*cache, calls);
                                else
                                    find_all(*cache, calls);
                                return calls.size();
                            }});
        }
    }

    std::vector<participant<Call>> const& all() const { return all_; }

private:
    template <class Cache>
    void check(Cache& cache, std::string const& name) {
        std::size_t lost = 0;
        for (auto const& call : resident_) {
            auto const expected = Made(call);
            auto const before = runs;
            lost += cache.find(call) != expected || runs != before;
        }
        if (lost != 0) std::fprintf(stderr, "%s: %zu of %zu entries are not hits\n", name.c_str(), lost, resident_.size());
    }

    std::span<Call const> resident_;
    std::vector<participant<Call>> all_;
};

/// The resident calls in the order of a workload, one after the other in memory, so that the caches alone miss.
template <class Call>
std::vector<Call> in_order(std::vector<Call> const& resident, bool zipf, std::size_t many, std::uint64_t seed = 1) {
    std::vector<Call> calls;
    calls.reserve(many);
    for (auto const at : draws(resident.size(), zipf, many, seed)) calls.push_back(resident[at]);
    return calls;
}

/// The words of a program: how many rounds, and which workloads.
struct wishes {
    unsigned rounds = 7;
    std::vector<std::string> workloads{};

    bool wants(std::string const& one) const { return std::find(workloads.begin(), workloads.end(), one) != workloads.end(); }
};

inline wishes wishes_of(int count, char** words) {
    wishes said;
    if (count > 1) said.rounds = static_cast<unsigned>(std::max(1L, std::strtol(words[1], nullptr, 10)));
    said.workloads.assign(words + std::min(count, 2), words + count);
    return said;
}

}  // namespace contest
