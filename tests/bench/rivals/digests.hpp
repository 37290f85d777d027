#pragma once

#include "hashing.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <string>

/// The reference for texts: digests of 128 bits, which stand for the keys, and records of 64 bytes in place. Neither synchronised
/// nor bounded.
class flat_digests {
public:
    explicit flat_digests(std::size_t) {}

    std::string find(std::string const& key) const {
        auto const found = map_.find(seeded_hash::digest(key));
        return found == map_.end() ? std::string{} : std::string(found->second.data(), found->second.size());
    }
    void put(std::string const& key, std::string const& value) {
        record kept{};
        std::memcpy(kept.data(), value.data(), kept.size());
        map_.emplace(seeded_hash::digest(key), kept);
    }

private:
    using record = std::array<char, 64>;

    struct low_half {
        using is_avalanching = void;
        std::size_t operator()(XXH128_hash_t const& digest) const noexcept { return digest.low64; }
    };
    struct same {
        bool operator()(XXH128_hash_t const& left, XXH128_hash_t const& right) const noexcept {
            return left.low64 == right.low64 && left.high64 == right.high64;
        }
    };

    boost::unordered_flat_map<XXH128_hash_t, record, low_half, same> map_;
};
