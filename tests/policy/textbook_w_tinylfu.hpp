#pragma once

#include "replay.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <iterator>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

/// What the docstring of `memo::w_tinylfu_order` says, over keys that are numbers, by plain means: each key has a count of its own,
/// all are halved at once, and what left is remembered as it is. It was written from that text and the order's constants; what both
/// leave open (how much a window that is too wide gives at once, that protected entries found read narrow it, too) is as there.
class textbook_w_tinylfu {
public:
    textbook_w_tinylfu(std::size_t capacity, std::size_t keys)
        : capacity_{capacity}, met_(keys + 1), reads_(keys + 1), resident_(keys + 1) {}

    /// Returns: whether the key was a hit.
    bool request(std::size_t key) {
        if (resident_[key]) {
            reads_[key] = std::min(reads_[key] + 1, most_reads);
            return true;
        }
        if (size() == capacity_) resident_[leave()] = false;
        steer(key);
        meet(key, 1);
        reads_[key] = 0;
        resident_[key] = true;
        window_.push_back(key);
        if (size() < capacity_) narrow();
        return false;
    }

private:
    using queue = std::deque<std::size_t>;  // the oldest first

    static constexpr int lead = 2;
    static constexpr int most_reads = 3;
    static constexpr int most_met = 15;
    static constexpr std::size_t meetings_per_entry = 13;  // until counts are halved
    static constexpr double least_window = 0.01;
    static constexpr double worth_of_a_read = 0.1;

    /// The last keys that left from one place.
    class ghosts {
    public:
        void push(std::size_t key, std::size_t most) {
            order_.push_back(key);
            where_[key] = std::prev(order_.end());
            while (order_.size() > most) take(order_.front());
        }
        bool take(std::size_t key) {
            auto const found = where_.find(key);
            if (found == where_.end()) return false;
            order_.erase(found->second);
            where_.erase(found);
            return true;
        }
        double size() const { return static_cast<double>(order_.size()); }

    private:
        std::list<std::size_t> order_;
        std::unordered_map<std::size_t, std::list<std::size_t>::iterator> where_;
    };

    std::size_t size() const { return window_.size() + probation_.size() + protected_.size(); }
    std::size_t most_in_window() const {
        return std::max<std::size_t>(1, static_cast<std::size_t>(share_ * static_cast<double>(size())));
    }

    static void move(queue& from, queue& to) {
        to.push_back(from.front());
        from.pop_front();
    }

    void meet(std::size_t key, int times) {
        for (; times > 0; --times) {
            met_[key] = std::min(met_[key] + 1, most_met);
            if (++meetings_ < meetings_per_entry * capacity_) continue;
            meetings_ = 0;
            for (auto& count : met_) count /= 2;
        }
    }

    /// Counts the reads of a key since it was last looked at. Returns: whether there were any.
    bool was_read(std::size_t key) {
        meet(key, reads_[key]);
        return std::exchange(reads_[key], 0) > 0;
    }

    void widen(double entries) { share_ = std::clamp(share_ + entries / static_cast<double>(capacity_), least_window, 1.0); }

    /// A key that is missed: the rarer the place that it left from, the larger the step, as in ARC.
    void steer(std::size_t key) {
        auto const of_window = from_window_.size();
        auto const of_main = from_main_.size();
        if (from_window_.take(key)) widen(std::max(1.0, of_main / of_window));
        if (from_main_.take(key)) widen(-std::max(1.0, of_window / of_main));
    }

    /// The end of the probation queue that was not read meanwhile; what was is protected, and may send others back.
    std::optional<std::size_t> end_of_main() {
        while (probation_.size() + protected_.size() > 0) {
            if (!probation_.empty()) {
                if (!was_read(probation_.front())) return probation_.front();
                widen(-worth_of_a_read);
                move(probation_, protected_);
            }
            auto const most_protected = (probation_.size() + protected_.size()) * 4 / 5;
            while (probation_.empty() || protected_.size() > most_protected) {
                bool const stays = was_read(protected_.front());
                if (stays) widen(-worth_of_a_read);
                move(protected_, stays ? protected_ : probation_);
            }
        }
        return {};
    }

    /// The end of the window that was not read meanwhile.
    std::size_t end_of_window() {
        while (was_read(window_.front())) move(window_, window_);
        return window_.front();
    }

    /// What is too much for the window passes.
    void narrow() {
        for (; window_.size() > most_in_window(); move(window_, probation_)) end_of_window();
    }

    /// Who makes room. While the window may hold more, nobody in it competes.
    std::size_t leave() {
        bool const competes = window_.size() >= most_in_window();
        narrow();
        auto const old = end_of_main();
        if (old && !competes) return gone(probation_, from_main_);
        auto const fresh = end_of_window();
        if (!old || met_[fresh] < met_[*old] + lead) return gone(window_, from_window_);
        auto const left = gone(probation_, from_main_);
        move(window_, probation_);
        return left;
    }

    std::size_t gone(queue& from, ghosts& remembered) {
        auto const key = from.front();
        from.pop_front();
        remembered.push(key, capacity_ / 6);
        return key;
    }

    std::size_t capacity_;
    std::vector<int> met_;
    std::vector<int> reads_;
    std::vector<bool> resident_;
    queue window_, probation_, protected_;
    ghosts from_window_, from_main_;
    double share_ = least_window;
    std::size_t meetings_ = 0;
};

/// The share of hits, in percent, as of `hit_ratio`.
inline double textbook_ratio(trace const& requests, std::size_t capacity) {
    textbook_w_tinylfu cache{capacity, *std::max_element(requests.begin(), requests.end())};
    std::size_t hits = 0;
    for (auto const key : requests) hits += cache.request(key);
    return 100 * static_cast<double>(hits) / static_cast<double>(requests.size());
}
