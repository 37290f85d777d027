#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

namespace memo::detail {

/// Finds nodes by their place. Intrusive: a node has `place` and `next_in_bucket`, and the index owns none of them.
///
/// Threads: the caller locks.
/// Cost:    constant on the mean; inserting doubles the buckets when there are more nodes than buckets, and lives with
///          longer chains when there is no memory for that.
template <class Node>
class place_index {
public:
    place_index() : buckets_(16) {}

    void insert(Node& node) noexcept {
        if (size_ == buckets_.size())
            grow();
        auto& bucket = bucket_of(node.place);
        node.next_in_bucket = bucket;
        bucket = &node;
        ++size_;
    }

    /// Requires: the node is in the index.
    void remove(Node& node) noexcept {
        auto* link = &bucket_of(node.place);
        while (*link != &node)
            link = &(*link)->next_in_bucket;
        *link = node.next_in_bucket;
        --size_;
    }

    /// Returns: the first node at this place for which `matches` holds, else null.
    template <class Pred>
    Node* find(std::uint64_t place, Pred matches) const {
        for (auto* node = bucket_of(place); node != nullptr; node = node->next_in_bucket)
            if (node->place == place && matches(*node))
                return node;
        return nullptr;
    }

    /// Calls `fn` with every node at this place, which `fn` may remove.
    template <class Fn>
    void each_at(std::uint64_t place, Fn fn) {
        each_in_chain(bucket_of(place), [&](Node& node) {
            if (node.place == place)
                fn(node);
        });
    }

    /// Calls `fn` with every node of one bucket, which `fn` may remove.
    template <class Fn>
    void each_in_bucket(std::size_t bucket, Fn fn) {
        each_in_chain(buckets_[bucket], fn);
    }

    /// Calls `fn` with every node, which `fn` may remove.
    template <class Fn>
    void each(Fn fn) {
        for (auto* chain : buckets_)
            each_in_chain(chain, fn);
    }

    std::size_t size() const noexcept { return size_; }
    std::size_t buckets() const noexcept { return buckets_.size(); }

private:
    template <class Fn>
    static void each_in_chain(Node* node, Fn const& fn) {
        while (node != nullptr) {
            auto* const next = node->next_in_bucket;
            fn(*node);
            node = next;
        }
    }

    Node*& bucket_of(std::uint64_t place) noexcept { return buckets_[place & (buckets_.size() - 1)]; }
    Node* bucket_of(std::uint64_t place) const noexcept { return buckets_[place & (buckets_.size() - 1)]; }

    void grow() noexcept {
        std::vector<Node*> wider;
        try {
            wider.resize(buckets_.size() * 2);
        } catch (std::bad_alloc const&) {
            return;
        }
        auto narrower = std::exchange(buckets_, std::move(wider));
        for (auto* chain : narrower) {
            each_in_chain(chain, [&](Node& node) {
                auto& bucket = bucket_of(node.place);
                node.next_in_bucket = bucket;
                bucket = &node;
            });
        }
    }

    std::vector<Node*> buckets_;
    std::size_t size_ = 0;
};

}  // namespace memo::detail
