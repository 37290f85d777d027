#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/fork.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/redis_keys.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {

/// The number of a write: no two of one key meet.
inline std::uint64_t draw_write() {
    thread_local std::mt19937_64 chance = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device()};
        return std::mt19937_64{seed};
    }();
    thread_local auto generation = fork_generation();
    if (generation != fork_generation()) {
        chance.seed((std::uint64_t{std::random_device{}()} << 32) | std::random_device{}());
        generation = fork_generation();
    }
    return chance();
}

/// Of a span above zero, rounded up; empty for ever.
inline std::string milliseconds(duration lifetime) {
    if (lifetime == duration::max())
        return {};
    return std::to_string(std::max(std::chrono::ceil<std::chrono::milliseconds>(lifetime).count(), std::int64_t{1}));
}

/// The words of commands and scripts; texts that were made for them live as long.
class words {
public:
    words(std::initializer_list<std::string_view> first) : all_{first} {}

    void add(std::string_view word) { all_.push_back(word); }
    void keep(std::string word) { all_.push_back(kept_.emplace_back(std::move(word))); }
    void tags(std::span<std::string const> tags) {
        keep(std::to_string(tags.size()));
        all_.insert(all_.end(), tags.begin(), tags.end());
    }
    /// An entry for scripts; without anything to store, or with an empty value, one that goes.
    void entry(stored_bytes const* fresh, std::string value, std::string_view family) {
        keep(std::move(value));
        keep(fresh == nullptr ? std::string{} : milliseconds(fresh->lifetime));
        keep(spell_family(family));
        tags(fresh == nullptr ? std::span<std::string const>{} : fresh->tags);
    }
    std::vector<std::string_view> const& view() const noexcept { return all_; }

private:
    std::vector<std::string_view> all_;
    std::deque<std::string> kept_;
};

}  // namespace memo::detail
