#pragma once

#include "hashing.hpp"

#include <array>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

/// A list in the order of use, a map into it, one mutex.
template <class Key, class Value>
class locked_lru {
public:
    explicit locked_lru(std::size_t bound) : bound_{bound} {}

    Value find(Key const& key) {
        std::scoped_lock const lock{mutex_};
        auto const found = places_.find(key);
        if (found == places_.end()) return Value{};
        uses_.splice(uses_.begin(), uses_, found->second);
        return found->second->second;
    }

    void put(Key const& key, Value const& value) {
        std::scoped_lock const lock{mutex_};
        if (places_.contains(key)) return;
        if (uses_.size() == bound_) {
            places_.erase(uses_.back().first);
            uses_.pop_back();
        }
        uses_.emplace_front(key, value);
        places_.emplace(key, uses_.begin());
    }

private:
    using use = std::pair<Key, Value>;

    std::size_t bound_;
    std::mutex mutex_;
    std::list<use> uses_;  // the latest first
    std::unordered_map<Key, typename std::list<use>::iterator, seeded_hash> places_;
};

/// Sixteen of them.
template <class Key, class Value>
class sharded_lru {
public:
    explicit sharded_lru(std::size_t bound) {
        for (auto& shard : shards_) shard = std::make_unique<locked_lru<Key, Value>>(bound / shards_.size());
    }

    Value find(Key const& key) { return of(key).find(key); }
    void put(Key const& key, Value const& value) { of(key).put(key, value); }

private:
    locked_lru<Key, Value>& of(Key const& key) { return *shards_[seeded_hash{}(key) >> 60]; }

    std::array<std::unique_ptr<locked_lru<Key, Value>>, 16> shards_;
};
