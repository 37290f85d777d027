#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/key_view.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace memo::detail {

/// What is stored beside a result.
struct terms {
    duration created{};                ///< when its run began, or when it was set, by the wrapper's clock
    duration ttl = duration::max();    ///< fresh while its age is below this
    duration idle = duration::max();   ///< and while it was read within this
    duration cost{};                   ///< of the run that made it
    std::size_t weight = 0;            ///< against the bound in bytes, or in the weigher's unit
    std::vector<std::string> tags;     ///< rendered
};

/// What is known of a fresh entry beside its result.
struct entry_facts {
    duration age;
    duration remaining;  ///< `duration::max()` is forever
    duration cost;
    std::vector<std::string> tags;
};

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
    duration expires_at = duration::max();  ///< gone from here on: by ttl
    duration idle_at = duration::max();     ///< gone from here on: by idleness

    key_view key() const noexcept { return {place, {bytes_, identity_size_}, {bytes_ + identity_size_, text_size_}}; }

    terms kept;
    std::uint64_t sequence = 0;             ///< of the run that made it
    std::size_t bytes = 0;                  ///< memory: the block, what the result owns, the tags
    std::vector<tag_link> tag_links;
    evict_cause cause = evict_cause::none;  ///< why it went, once it has

    bool expired(duration now) const noexcept { return now >= expires_at || now >= idle_at; }

    entry_facts facts(duration now) const {
        auto const end = expires_at < idle_at ? expires_at : idle_at;
        return {between(kept.created, now), end == duration::max() ? end : between(now, end), kept.cost, kept.tags};
    }

    void start_life(duration now) noexcept {
        expires_at = later(now, kept.ttl);
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

/// Hears of every entry that went, with no lock held.
class removal_watcher {
public:
    virtual void removed(entry const& gone) noexcept = 0;

protected:
    ~removal_watcher() = default;
};

}  // namespace memo::detail
