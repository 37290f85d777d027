#pragma once

#include "progress.hpp"
#include "trace.hpp"

#include <memo/policy/concept.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace memo::sim {

/// What a cache of one size made of a trace, empty at the beginning.
struct outcome {
    std::uint64_t hits = 0;
    double saved = 0;  ///< the costs of the hits
};

/// A cache without values over one of memo's orders, which is told all that an engine tells it.
///
/// Requires: `capacity` above 0; the trace outlives it.
template <eviction_policy Order>
class simulated {
public:
    simulated(trace const& what, std::size_t capacity)
        : what_{what},
          capacity_{std::min(capacity, what.keys())},
          hooks_{std::make_unique<hook[]>(capacity_)},
          keys_(capacity_),
          seats_(what.keys(), nowhere) {}

    simulated(simulated const&) = delete;
    simulated& operator=(simulated const&) = delete;

    ~simulated() {
        for (std::size_t seat = 0; seat != size_; ++seat)
            order_.forget(hooks_[seat]);
    }

    /// Whether the key of a request was there; it is afterwards, if the order keeps it.
    bool ask(std::size_t request) {
        auto const key = what_.requests[request];
        auto const seat = seats_[key];
        if (seat == nowhere) {
            admit(key, size_ == capacity_ ? vacate() : size_++);
            return false;
        }
        order_.touch(hooks_[seat]);
        if constexpr (detail::watchful<Order>) {
            if (order_.watches(what_.places[key]))
                order_.watch(what_.places[key]);
        }
        return true;
    }

    [[nodiscard]] bool validate() const noexcept { return order_.validate(); }

private:
    using hook = typename Order::hook;

    static constexpr auto nowhere = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::uint64_t weight = 1;

    /// The seat of who leaves.
    std::size_t vacate() {
        hook& leaving = *order_.victim();
        order_.forget(leaving);
        auto const seat = static_cast<std::size_t>(&leaving - hooks_.get());
        seats_[keys_[seat]] = nowhere;
        std::destroy_at(&leaving);
        std::construct_at(&leaving);
        return seat;
    }

    void admit(std::uint32_t key, std::size_t seat) {
        seats_[key] = static_cast<std::uint32_t>(seat);
        keys_[seat] = key;
        detail::introduce(hooks_[seat], what_.places[key], what_.cost(key), weight);
        order_.admit(hooks_[seat]);
    }

    trace const& what_;
    std::size_t capacity_;
    std::size_t size_ = 0;
    std::unique_ptr<hook[]> hooks_;
    std::vector<std::uint32_t> keys_;   // by seat
    std::vector<std::uint32_t> seats_;  // by key
    Order order_;
};

/// Asks a cache for every request in turn, as long as nobody gives up.
template <class Cache>
outcome replay(Cache& cache, trace const& what, progress& how_far) {
    constexpr std::size_t stretch = 65'536;
    outcome sum;
    for (std::size_t begin = 0; begin != what.requests.size() && !how_far.given_up();) {
        auto const end = std::min(begin + stretch, what.requests.size());
        for (auto request = begin; request != end; ++request) {
            if (cache.ask(request)) {
                ++sum.hits;
                sum.saved += static_cast<double>(what.cost(what.requests[request]));
            }
        }
        how_far.advance(end - begin);
        begin = end;
    }
    return sum;
}

}  // namespace memo::sim
