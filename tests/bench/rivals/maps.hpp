#pragma once

#include "hashing.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <oneapi/tbb/concurrent_hash_map.h>
#include <tsl/robin_map.h>
#include <libcuckoo/cuckoohash_map.hh>

#include <cstddef>
#include <functional>
#include <mutex>

/// The reference: neither synchronised nor bounded.
template <class Key, class Value>
class flat_map {
public:
    explicit flat_map(std::size_t) {}

    Value find(Key const& key) const {
        auto const found = map_.find(key);
        return found == map_.end() ? Value{} : found->second;
    }
    void put(Key const& key, Value const& value) { map_.emplace(key, value); }

private:
    boost::unordered_flat_map<Key, Value, seeded_hash, std::equal_to<>> map_;
};

template <class Key, class Value>
class robin_map {
public:
    explicit robin_map(std::size_t) {}

    Value find(Key const& key) {
        std::scoped_lock const lock{mutex_};
        auto const found = map_.find(key);
        return found == map_.end() ? Value{} : found->second;
    }
    void put(Key const& key, Value const& value) {
        std::scoped_lock const lock{mutex_};
        map_.emplace(key, value);
    }

private:
    std::mutex mutex_;
    tsl::robin_map<Key, Value, seeded_hash, std::equal_to<>> map_;
};

template <class Key, class Value>
class cuckoo_map {
public:
    explicit cuckoo_map(std::size_t) {}

    Value find(Key const& key) const {
        Value value{};
        map_.find_fn(key, [&value](Value const& held) { value = held; });
        return value;
    }
    void put(Key const& key, Value const& value) { map_.insert(key, value); }

private:
    libcuckoo::cuckoohash_map<Key, Value, seeded_hash, std::equal_to<>> map_;
};

template <class Key, class Value>
class tbb_map {
public:
    explicit tbb_map(std::size_t) {}

    Value find(Key const& key) const {
        typename map::const_accessor found;
        return map_.find(found, key) ? found->second : Value{};
    }
    void put(Key const& key, Value const& value) { map_.emplace(key, value); }

private:
    struct hash_compare {
        std::size_t hash(Key const& key) const { return seeded_hash{}(key); }
        bool equal(Key const& left, Key const& right) const { return left == right; }
    };
    using map = tbb::concurrent_hash_map<Key, Value, hash_compare>;

    map map_;
};
