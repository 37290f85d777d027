#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <utility>
#include <vector>

/// Whether what many threads saw can be explained by one thread.
namespace linearizable {

/// What somebody asked for between two moments, and what came of it.
template <class Operation>
struct span_of {
    Operation what;
    std::uint64_t from;
    std::uint64_t to;
};

inline constexpr std::size_t longest_history = 64;

namespace detail {

/// Begins and ends of operations in the order of time, as a list from which both ends of an operation can be lifted and put back.
struct moment {
    std::size_t operation;
    bool ends;
    moment* partner = nullptr;
    moment* previous = nullptr;
    moment* next = nullptr;

    void unlink() noexcept {
        previous->next = next;
        if (next != nullptr)
            next->previous = previous;
    }
    void link() noexcept {
        previous->next = this;
        if (next != nullptr)
            next->previous = this;
    }
};

}  // namespace detail

/// Whether the operations can be put in an order that respects time (one that ended before another began comes first) and in
/// which each one does to the model what it says it did. Operations of one key; histories of many keys are checked key by key.
///
/// `Model` is a value: `bool apply(Operation const&)` does an operation when it is possible, and says whether it is; `==`, and
/// `std::size_t hash() const`.
///
/// Requires: at most `longest_history` operations, each with `from < to`, and all moments different.
/// Cost:    exponential in how many operations overlap; each pair of a set of operations and a state is visited once.
/// Source:  J. Wing, C. Gong, Testing and Verifying Concurrent Objects, 1993; G. Lowe, Testing for Linearizability, 2017.
template <class Model, class Operation>
bool explains(Model model, std::vector<span_of<Operation>> const& history) {
    using detail::moment;
    std::vector<moment> moments(2 * history.size() + 1);
    std::vector<std::pair<std::uint64_t, moment*>> in_order;
    for (std::size_t at = 0; at != history.size(); ++at) {
        auto& begin = moments[2 * at] = {at, false};
        auto& end = moments[2 * at + 1] = {at, true};
        begin.partner = &end;
        end.partner = &begin;
        in_order.insert(in_order.end(), {{history[at].from, &begin}, {history[at].to, &end}});
    }
    std::ranges::sort(in_order);
    moment& head = moments.back();
    for (auto* last = &head; auto const& [time, one] : in_order) {
        one->previous = last;
        last = last->next = one;
    }

    struct configuration {
        Model model;
        std::uint64_t done;
        bool operator==(configuration const&) const = default;
    };
    struct hashed {
        std::size_t operator()(configuration const& one) const {
            return one.model.hash() * 0x9e3779b97f4a7c15 ^ static_cast<std::size_t>(one.done);
        }
    };
    std::unordered_set<configuration, hashed> visited;
    struct choice {
        moment* begin;
        Model before;
    };
    std::vector<choice> chosen;
    std::uint64_t done = 0;
    auto* at = head.next;
    while (head.next != nullptr) {
        if (at->ends) {  // it must have been done by now
            if (chosen.empty())
                return false;
            auto const [begin, before] = chosen.back();
            chosen.pop_back();
            model = before;
            done &= ~(std::uint64_t{1} << begin->operation);
            begin->partner->link();
            begin->link();
            at = begin->next;
            continue;
        }
        auto changed = model;
        auto const with = done | std::uint64_t{1} << at->operation;
        if (changed.apply(history[at->operation].what) && visited.insert({changed, with}).second) {
            chosen.push_back({at, std::exchange(model, changed)});
            done = with;
            at->unlink();
            at->partner->unlink();
            at = head.next;
        } else {
            at = at->next;
        }
    }
    return true;
}

}  // namespace linearizable
