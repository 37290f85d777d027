#pragma once

#define TBB_PREVIEW_CONCURRENT_LRU_CACHE 1
#include <oneapi/tbb/concurrent_lru_cache.h>

#include <cstddef>

/// tbb::concurrent_lru_cache makes what it lacks by a function of its own, `Make`.
template <class Key, class Value, Value (*Make)(Key)>
class tbb_lru {
public:
    explicit tbb_lru(std::size_t bound) : cache_{Make, bound} {}

    Value find(Key const& key) {
        auto held = cache_[key];
        return held.value();
    }
    void put(Key const& key, Value const&) { find(key); }

private:
    tbb::concurrent_lru_cache<Key, Value, Value (*)(Key)> cache_;
};
