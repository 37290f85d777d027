#pragma once

#include <memo/base/key_view.hpp>
#include <memo/base/sync.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace memo::detail {

/// The right to store the result of one run. A miss hands it out; evicting the entry that is to come, by key, tag,
/// pattern or with everything, revokes it, and so does a later run or `set` that stored first. Only a standing lease is
/// joined by equal calls, and only a standing lease stores.
///
/// Threads: the `lease_table` that it stands in keeps its state, under the store's lock; `standing` may be asked from any.
class lease {
public:
    lease(key_view const& key, std::vector<std::string> tags)
        : place{key.place}, tags_{std::move(tags)}, bytes_{key.identity}, identity_size_{key.identity.size()} {
        if (!key.text.empty())
            bytes_ += key.text;
    }
    virtual ~lease() = default;
    lease(lease const&) = delete;
    lease& operator=(lease const&) = delete;

    std::uint64_t place;
    lease* next_in_bucket = nullptr;
    std::uint64_t ticket = 0;             ///< its right in a store of bytes
    bool ticketless = false;              ///< which could not be had
    std::shared_ptr<lease> nearer;        ///< its right in the tier in front
    atomic<std::uint64_t> stopped_at{0};  ///< by an `eviction_fence`: what it would replace goes, and nothing is stored

    key_view key() const noexcept {
        return {place, {bytes_.data(), identity_size_}, {bytes_.data() + identity_size_, bytes_.size() - identity_size_}};
    }
    std::vector<std::string> const& tags() const noexcept { return tags_; }
    /// In the child of a fork. Returns: whether its run goes on, as it does not when another thread led it.
    virtual bool survive_fork() noexcept { return true; }

    bool standing() const noexcept { return standing_.load(std::memory_order_acquire); }
    /// When its run began, among all runs and sets of the store.
    std::uint64_t sequence() const noexcept { return sequence_; }

private:
    friend class lease_table;
    friend class graveyard;

    std::vector<std::string> tags_;
    std::string bytes_;  // of the identity, and behind them of the text
    std::size_t identity_size_;
    atomic<bool> standing_{true};
    bool shared_ = false;              // equal calls may join it
    bool overdue_ = false;             // nobody counts on it any more
    bool alone_ = false;               // nothing is stored for its key, nor was since it began
    std::uint64_t sequence_ = 0;
    std::shared_ptr<lease> in_table_;  // itself, while the store knows it
};

}  // namespace memo::detail
