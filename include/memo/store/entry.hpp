#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/key_view.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
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
    duration cost{};                   ///< of the run that made it
    std::size_t weight = 0;            ///< against the bound in bytes, or in the weigher's unit
    bool error = false;                ///< a remembered exception, of which a tenth of the bound may be held
    std::vector<std::string> tags;     ///< rendered
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

/// One stored result without its type: key, terms and places in the index and the tag groups. The typed store puts
/// the result and the policy's hook beside it, and the key's bytes behind both, in one allocation.
class entry {
public:
    // what a hit reads comes first, in one cache line
    std::uint64_t place;
    entry* next_in_bucket = nullptr;

private:
    char const* bytes_;
    std::uint32_t identity_size_;
    std::uint32_t text_size_;

public:
    duration fresh_until = duration::max();  ///< stale from here on
    duration idle_at = duration::max();      ///< gone from here on: by idleness
    duration expires_at = duration::max();   ///< gone from here on: by ttl and grace

    key_view key() const noexcept { return {place, {bytes_, identity_size_}, {bytes_ + identity_size_, text_size_}}; }

    terms kept;
    std::uint64_t sequence = 0;             ///< of the run that made it
    std::size_t bytes = 0;                  ///< memory: the block, what the result owns, the tags
    std::vector<tag_link> tag_links;
    unsigned failures = 0;                  ///< runs that failed to renew it
    duration retry_at{};                    ///< when the next may try
    evict_cause cause = evict_cause::none;  ///< why it went, once it has

    bool fresh(duration now) const noexcept { return now < fresh_until && now < idle_at; }
    bool expired(duration now) const noexcept { return now >= expires_at || now >= idle_at; }

    vintage stands() const noexcept {
        return {kept.created, kept.ttl, fresh_until, std::min(expires_at, idle_at), kept.cost, failures, retry_at};
    }

    void start_life(duration now) noexcept {
        fresh_until = later(now, kept.ttl);
        expires_at = later(fresh_until, kept.grace);
        idle_at = later(now, kept.idle);
    }

    /// Takes over the result and the terms of `fresh`, and leaves the old ones there. The key and the places stay.
    virtual void exchange(entry& fresh) noexcept = 0;
    /// Ends and frees it.
    virtual void destroy() noexcept = 0;

    entry(entry const&) = delete;
    entry& operator=(entry const&) = delete;

protected:
    /// `key_bytes` is room for the key's, behind the typed entry.
    entry(key_view const& key, terms&& stored, char* key_bytes);
    ~entry();

    void exchange_terms(entry& fresh) noexcept;
};

/// Hears of what happens in a store beside its answers, with no lock held.
class store_watcher {
public:
    /// An entry went.
    virtual void removed(key_view const& gone, evict_cause cause) noexcept = 0;
    /// Something failed and was swallowed.
    virtual void faulted(key_view const&, std::exception_ptr const&) noexcept {}

protected:
    ~store_watcher() = default;
};

}  // namespace memo::detail
