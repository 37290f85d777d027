#pragma once

#include "hashing.hpp"

#include <leveldb/cache.h>
#include <rocksdb/cache.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

/// The block caches of storage engines: keys are bytes, values are pointers, each entry weighs one. They hash by themselves.
namespace engines {

/// A number stands in the pointer itself, which spares the engine an allocation and a cache line.
template <class Value>
struct boxed {
    static void* in(Value const& value) {
        if constexpr (std::is_trivially_copyable_v<Value> && sizeof(Value) == sizeof(void*))
            return std::bit_cast<void*>(value);
        else
            return new Value(value);
    }
    static Value out(void* held) {
        if constexpr (std::is_trivially_copyable_v<Value> && sizeof(Value) == sizeof(void*))
            return std::bit_cast<Value>(held);
        else
            return *static_cast<Value const*>(held);
    }
    template <class Slice>
    static void end(Slice const&, void* held) {
        if constexpr (!(std::is_trivially_copyable_v<Value> && sizeof(Value) == sizeof(void*))) delete static_cast<Value*>(held);
    }
};

inline std::string_view bytes(std::int64_t const& number) { return {reinterpret_cast<char const*>(&number), sizeof number}; }
inline std::string_view bytes(std::string const& text) { return text; }

template <class Key, class Value>
class rocksdb_lru {
public:
    explicit rocksdb_lru(std::size_t bound)
        : cache_{rocksdb::NewLRUCache(bound, 4, false, 0.0, nullptr, false, rocksdb::kDontChargeCacheMetadata)} {}

    Value find(Key const& key) {
        auto const text = bytes(key);
        auto* const held = cache_->Lookup({text.data(), text.size()});
        if (held == nullptr) return Value{};
        Value value = boxed<Value>::out(cache_->Value(held));
        cache_->Release(held);
        return value;
    }
    void put(Key const& key, Value const& value) {
        auto const text = bytes(key);
        cache_->Insert({text.data(), text.size()}, boxed<Value>::in(value), 1, &boxed<Value>::template end<rocksdb::Slice>)
            .PermitUncheckedError();
    }

private:
    std::shared_ptr<rocksdb::Cache> cache_;
};

/// Takes keys of 16 bytes alone: a number twice, or the digest of a text.
template <class Key, class Value>
class hyper_clock {
public:
    explicit hyper_clock(std::size_t bound)
        : cache_{rocksdb::HyperClockCacheOptions{bound, 1, 4, false, nullptr, rocksdb::kDontChargeCacheMetadata}
                     .MakeSharedCache()} {}

    Value find(Key const& key) {
        auto const short_key = shortened(key);
        auto* const held = cache_->Lookup(slice(short_key));
        if (held == nullptr) return Value{};
        Value value = boxed<Value>::out(cache_->Value(held));
        cache_->Release(held);
        return value;
    }
    void put(Key const& key, Value const& value) {
        auto const short_key = shortened(key);
        cache_->Insert(slice(short_key), boxed<Value>::in(value), 1, &boxed<Value>::template end<rocksdb::Slice>)
            .PermitUncheckedError();
    }

private:
    static XXH128_hash_t shortened(std::int64_t number) {
        auto const bits = static_cast<std::uint64_t>(number);
        return {bits, ~bits};
    }
    static XXH128_hash_t shortened(std::string const& text) { return seeded_hash::digest(text); }
    static XXH128_hash_t shortened(XXH128_hash_t const& digest) { return digest; }
    static rocksdb::Slice slice(XXH128_hash_t const& key) { return {reinterpret_cast<char const*>(&key), sizeof key}; }

    std::shared_ptr<rocksdb::Cache> cache_;
};

template <class Key, class Value>
class leveldb_lru {
public:
    explicit leveldb_lru(std::size_t bound) : cache_{leveldb::NewLRUCache(bound)} {}

    Value find(Key const& key) {
        auto const text = bytes(key);
        auto* const held = cache_->Lookup({text.data(), text.size()});
        if (held == nullptr) return Value{};
        Value value = boxed<Value>::out(cache_->Value(held));
        cache_->Release(held);
        return value;
    }
    void put(Key const& key, Value const& value) {
        auto const text = bytes(key);
        cache_->Release(
            cache_->Insert({text.data(), text.size()}, boxed<Value>::in(value), 1, &boxed<Value>::template end<leveldb::Slice>));
    }

private:
    std::unique_ptr<leveldb::Cache> cache_;
};

}  // namespace engines
