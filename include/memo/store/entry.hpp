#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/sync.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memo::detail {

/// What is stored beside a result.
struct terms {
    duration created{};                ///< when its run began, or when it was set, by the wrapper's clock
    duration ttl = duration::max();    ///< fresh while its age is below this
    duration idle = duration::max();   ///< and while it was read within this
    duration grace{};                  ///< beyond its ttl it may still answer for so long, as a stale one
    duration notice{};                 ///< before the end of its ttl a call judges for so long whether to renew it
    duration cost{};                   ///< of the run that made it
    std::size_t weight = 0;            ///< against the bound in bytes, or in the weigher's unit
    bool error = false;                ///< a remembered exception, of which a tenth of the bound may be held
    std::vector<std::string> tags{};   ///< rendered

    /// Whether the entry has `entry_extras`.
    bool are_rare() const noexcept {
        return idle != duration::max() || grace != duration::zero() || notice != duration::zero() || error || !tags.empty();
    }
};

/// How an entry stands in time.
struct vintage {
    duration created;
    duration ttl;
    duration fresh_until;    ///< by its ttl; `duration::max()` is forever
    duration gone_at;        ///< it answers no more, not even as a stale one
    duration cost;
    unsigned failures = 0;   ///< runs that failed to renew it, since it was made
    duration retry_at{};     ///< nobody should try before

    bool fresh(duration now) const noexcept { return now < fresh_until && now < gone_at; }
    /// Zero, when the clock went back behind its making.
    duration age(duration now) const noexcept { return std::max(between(created, now), duration::zero()); }
    /// Zero or less for a stale one.
    duration remaining(duration now) const noexcept {
        auto const end = std::min(fresh_until, gone_at);
        return end == duration::max() ? end : between(now, end);
    }
};

/// What is known of an entry beside its result.
struct entry_facts : vintage {
    std::vector<std::string> tags;
    std::string_view tier = "memory";  ///< where it was found
};

/// The tag that every remembered exception has beside its own; no tag of a user's begins with this byte.
inline constexpr std::string_view error_group{"\x01errors"};

struct tag_group;
class entry;

/// Membership of an entry in one tag's group.
struct tag_link {
    entry* owner = nullptr;
    tag_group* group = nullptr;
    tag_link* previous = nullptr;
    tag_link* next = nullptr;
};

/// What only some entries need.
struct entry_extras {
    duration idle = duration::max();
    duration idle_at = duration::max();      ///< gone from here on: by idleness
    duration fresh_until = duration::max();  ///< by its ttl
    duration grace{};
    duration notice{};                       ///< `duration::max()` where its ttl became another
    bool error = false;
    unsigned failures = 0;                   ///< runs that failed to renew it
    duration retry_at{};                     ///< when the next may try
    std::vector<std::string> tags{};
    std::vector<tag_link> tag_links{};
};

/// One stored result without its type: key, terms and places in the tag groups. The typed store puts the policy's hook and the
/// result behind it, and then the key's bytes, in one allocation.
///
/// Threads: `key`, `fresh_unlocked` and `lasting` may be asked beside a thread that changes it; all else is under the store's lock.
class entry {
public:
    union {
        duration created;
        entry* next_in_grave;               ///< once it went
    };
    duration cost;
    std::size_t weight;
    std::size_t bytes = 0;                  ///< memory: the block, what the result owns, the tags

private:
    duration ttl_;
    std::unique_ptr<entry_extras> extras_;

public:
    evict_cause cause = evict_cause::none;  ///< why it went, once it has

private:
    // what a hit reads comes last, beside the hook and the result
    std::uint32_t key_offset_;
    std::uint64_t sizes_;                   // of the identity, and in the upper half of the text
    atomic<duration::rep> fresh_until_;     // from here on it must be asked under the lock

public:
    std::uint64_t const place;

    /// What the bytes of a key take: of a short one as much as of the longest short one.
    static std::size_t room_for(key_view const& key) noexcept {
        return std::max(key.identity.size() + key.text.size(), short_key::most);
    }

    /// `room` is for the bytes of the key, behind the typed entry.
    ///
    /// Throws: bad_alloc; key_error for a key of 4 GiB or more.
    entry(key_view const& key, terms&& stored, char* room);
    entry(entry const&) = delete;
    entry& operator=(entry const&) = delete;

    key_view key() const noexcept {
        auto const identity_size = static_cast<std::uint32_t>(sizes_);
        return {place, {key_bytes(), identity_size}, {key_bytes() + identity_size, sizes_ >> 32}};
    }
    /// Its key in registers, where that is short and has no text.
    std::optional<short_key> brief_key() const noexcept {
        if (sizes_ > short_key::most)
            return std::nullopt;
        return short_key{place, {key_view::load(key_bytes()), key_view::load(key_bytes() + sizeof(std::uint64_t))}, sizes_};
    }
    /// Whether its key is this one. Most have no text and one number with its type, which is two overlapping words.
    bool has(key_view const& asked) const noexcept { return has(asked, key_bytes()); }
    /// The same, for who knows where the bytes of its key are.
    bool has(key_view const& asked, char const* own) const noexcept {
        constexpr std::size_t word = 8;
        if (place != asked.place)
            return false;
        auto const size = asked.identity.size();
        if (sizes_ - word > word || sizes_ != size || !asked.text.empty())
            return has_long(asked);
        auto const differs = [&](std::size_t at) { return key_view::load(own + at) ^ key_view::load(asked.identity.data() + at); };
        return (differs(0) | differs(size - word)) == 0;
    }

    bool has(short_key const& asked, char const* own) const noexcept {
        constexpr std::size_t word = 8;
        return sizes_ == asked.size && ((key_view::load(own) ^ asked.words[0]) | (key_view::load(own + word) ^ asked.words[1])) == 0;
    }
    /// A key that is not written anywhere.
    template <class Unwritten>
    [[gnu::always_inline]] bool has(Unwritten const& asked, char const* own) const noexcept {
        return place == asked.place && sizes_ == asked.size() && asked.stands_at(own);
    }

    /// Whether it surely is fresh; a read need not be told to it then.
    bool fresh_unlocked(duration now) const noexcept { return now.count() < fresh_until_.load(std::memory_order_relaxed); }
    /// Whether it will be fresh as long as nobody changes it.
    bool lasting() const noexcept { return fresh_until_.load(std::memory_order_relaxed) == duration::max().count(); }

    bool fresh(duration now) const noexcept { return now < fresh_until() && now < idle_at(); }
    bool expired(duration now) const noexcept { return now >= later(fresh_until(), grace()) || now >= idle_at(); }
    bool timed() const noexcept { return ttl_ != duration::max() || idle_at() != duration::max(); }
    bool error() const noexcept { return extras_ != nullptr && extras_->error; }
    vintage stands() const noexcept;
    std::vector<std::string> const& tags() const noexcept;
    std::span<tag_link> tag_links() noexcept;

    /// It was read; what idles begins to idle anew.
    void read(duration now) noexcept {
        if (extras_ != nullptr)
            extras_->idle_at = later(now, extras_->idle);
    }
    /// Begins its life anew.
    void live(duration now, duration ttl) noexcept;
    /// A run that was to renew it failed; without memory nobody learns of it.
    void fail(duration until) noexcept;

protected:
    ~entry() = default;

private:
    char const* key_bytes() const noexcept { return reinterpret_cast<char const*>(this) + key_offset_; }
    bool has_long(key_view const& asked) const noexcept;
    duration idle_at() const noexcept { return extras_ == nullptr ? duration::max() : extras_->idle_at; }
    duration grace() const noexcept { return extras_ == nullptr ? duration{} : extras_->grace; }
    duration surely_fresh_until(duration until) const noexcept;
    duration fresh_until() const noexcept {
        return extras_ != nullptr ? extras_->fresh_until : duration{fresh_until_.load(std::memory_order_relaxed)};
    }
};

/// Ends and frees an entry of one type.
using entry_end = void (*)(entry*) noexcept;
using entry_ptr = std::unique_ptr<entry, entry_end>;

/// Hears of what happens in a store beside its answers, with no lock held.
class store_watcher {
public:
    /// Whether anybody wants to hear of entries that went.
    virtual bool listens() const noexcept { return true; }
    /// An entry went.
    virtual void removed(key_view const& gone, evict_cause cause) noexcept = 0;
    /// Something failed and was swallowed.
    virtual void faulted(key_view const&, std::exception_ptr const&) noexcept {}

protected:
    ~store_watcher() = default;
};

}  // namespace memo::detail
