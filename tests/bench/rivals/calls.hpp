#pragma once

#include "engines.hpp"
#include "hashing.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <libcuckoo/cuckoohash_map.hh>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <unordered_map>

using called_tuple = std::tuple<std::string, int, double>;

/// A call that stands where it is: it equals the tuple, and hashes as it, without being one.
using call_in_place = std::tuple<std::string const&, int, double>;

inline call_in_place in_place(called_tuple const& call) { return {std::get<0>(call), std::get<1>(call), std::get<2>(call)}; }

/// The reference for calls: neither synchronised nor bounded.
class flat_tuples {
public:
    double find(called_tuple const& call) const {
        auto const found = map_.find(in_place(call));
        return found == map_.end() ? 0 : found->second;
    }
    void put(called_tuple const& call, double value) { map_.emplace(call, value); }

private:
    boost::unordered_flat_map<called_tuple, double, seeded_hash, std::equal_to<>> map_;
};

using hashed_tuples = std::unordered_map<called_tuple, double, seeded_hash>;
using sorted_tuples = std::map<called_tuple, double>;

/// As one writes it: a tuple is made of the arguments, and found under a mutex.
template <class Map>
class locked_tuples {
public:
    double find(called_tuple const& call) {
        called_tuple const key{call};
        std::scoped_lock const lock{mutex_};
        auto const found = map_.find(key);
        return found == map_.end() ? 0 : found->second;
    }
    void put(called_tuple const& call, double value) {
        std::scoped_lock const lock{mutex_};
        map_.emplace(call, value);
    }

private:
    std::mutex mutex_;
    Map map_;
};

class cuckoo_tuples {
public:
    double find(called_tuple const& call) const {
        double value = 0;
        map_.find_fn(in_place(call), [&value](double held) { value = held; });
        return value;
    }
    void put(called_tuple const& call, double value) { map_.insert(call, value); }

private:
    libcuckoo::cuckoohash_map<called_tuple, double, seeded_hash, std::equal_to<>> map_;
};

/// Digests of 128 bits stand for the calls.
class hyper_clock_calls {
public:
    explicit hyper_clock_calls(std::size_t bound) : cache_{bound} {}

    double find(called_tuple const& call) { return cache_.find(digest(call)); }
    void put(called_tuple const& call, double value) { cache_.put(digest(call), value); }

private:
    static XXH128_hash_t digest(called_tuple const& call) {
        auto const& [text, number, real] = call;
        auto const mixed = (std::bit_cast<std::uint64_t>(real) ^ static_cast<std::uint64_t>(number)) * 0x9e3779b97f4a7c15;
        return XXH3_128bits_withSeed(text.data(), text.size(), seeded_hash::seed ^ mixed);
    }

    engines::hyper_clock<XXH128_hash_t, double> cache_;
};
