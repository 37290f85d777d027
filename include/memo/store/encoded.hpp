#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/codec/raw.hpp>
#include <memo/codec/traits.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/lease.hpp>
#include <memo/store/near.hpp>
#include <memo/store/record_store.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace memo::detail {

/// Its definition says that there are stores of bytes here.
struct stores_of_bytes {};

/// Results as records in a store of bytes. `Results` says how results are held: `holding`.
template <class Results>
class encoded_store {
    using value = typename Results::value;
    using codec = codec_traits<value>;

public:
    static constexpr bool is_shared = true;
    using value_type = typename Results::held;
    using held = value_type;

    encoded_store(store_plan const& plan, store_watcher* watcher) : records_{plan, fingerprint_of<value>(), watcher} {}

    std::optional<held> get(key_view const& key, duration now) { return fresh(key, now, true); }
    std::optional<held> peek(key_view const& key, duration now) { return fresh(key, now, false); }

    std::optional<recalled<held>> recall(key_view const& key, duration now) {
        auto const at = records_.find(key, now);
        auto known = at ? decode(key, *at) : std::nullopt;
        if (!known)
            return std::nullopt;
        records_.read(key, *at, now);
        return recalled<held>{std::move(*known), at->made};
    }

    /// A result with all that is known of it.
    struct fetched {
        held result;
        vintage made;
        terms kept;
    };
    std::optional<fetched> fetch(key_view const& key, duration now) {
        auto const at = records_.find(key, now);
        auto known = at ? decode(key, *at) : std::nullopt;
        if (!known)
            return std::nullopt;
        records_.read(key, *at, now);
        return fetched{std::move(*known), at->made, terms_of(at->read, at->made)};
    }
    static std::size_t owned(held const& result) { return Results::owned(result); }

    std::optional<entry_facts> facts(key_view const& key, duration now) {
        auto const at = records_.find(key, now);
        if (!at)
            return std::nullopt;
        return entry_facts{at->made, {at->read.tags.begin(), at->read.tags.end()}, records_.bytes().kind()};
    }

    void open(std::shared_ptr<lease> const& mine, bool shares) { records_.open(mine, shares); }
    bool renew(std::shared_ptr<lease> const& mine, bool shares) { return records_.renew(mine, shares); }

    started<held> begin(std::shared_ptr<lease> const& mine, duration now, bool shares) {
        started<held> start;
        start.joined = records_.begin(mine, now, shares, [&](found_record const& at) {
            if (!at.made.fresh(records_.time(now)))
                return false;
            start.hit = decode(mine->key(), at);
            if (start.hit)
                records_.read(mine->key(), at, now);
            return start.hit.has_value();
        }).joined;
        return start;
    }

    store_outcome commit(lease& mine, held const& result, terms const& kept, std::size_t) {
        return records_.commit(mine, kept, [&](std::string& out) { codec::encode(out, Results::inside(result)); });
    }
    void abandon(lease& mine) noexcept { records_.abandon(mine); }
    void relieve(lease& slow) noexcept { records_.relieve(slow); }
    void postpone(lease const& mine, duration until) noexcept { records_.postpone(mine, until); }

    store_outcome set(key_view const& key, held const& result, terms const& kept, std::size_t) {
        std::string payload;
        codec::encode(payload, Results::inside(result));
        return records_.set(key, kept, payload);
    }

    evicted erase(key_view const& key) { return records_.erase(key); }
    evicted erase_text(std::uint64_t place, std::string_view text, reach far = reach::everywhere) {
        return records_.erase_text(place, text, far);
    }
    evicted erase_tag(std::string_view tag, reach far = reach::everywhere) { return records_.erase_tag(tag, far); }
    evicted erase_pattern(std::string_view glob, reach far = reach::everywhere) { return records_.erase_pattern(glob, far); }
    evicted erase_all(reach far = reach::everywhere) { return records_.erase_all(far); }
    evicted erase_group(std::string_view group) { return records_.erase_tag(group, reach::everywhere); }

    bool touch(key_view const& key, duration ttl, duration now) { return records_.touch(key, ttl, now); }
    void sweep(duration) { records_.sweep(); }
    /// Any process may store what expires.
    bool timed() const noexcept { return true; }
    std::size_t size() const { return records_.size(); }
    void count_into(stats& sum) const { records_.count_into(sum); }
    bool validate() const { return records_.validate(); }
    static std::size_t footprint(key_view const&, terms const&, std::size_t owned) noexcept { return owned; }

private:
    std::optional<held> fresh(key_view const& key, duration now, bool counts) {
        auto const at = records_.find(key, now);
        if (!at || !at->made.fresh(records_.time(now)))
            return std::nullopt;
        auto result = decode(key, *at);
        if (result && counts)
            records_.read(key, *at, now);
        return result;
    }

    /// Nothing when its bytes are no value; then they are removed.
    std::optional<held> decode(key_view const& key, found_record const& at) {
        try {
            return Results::hold(static_cast<value>(codec::decode(at.read.payload, {})));
        } catch (error const&) {
            records_.spoiled(key, at);
            return std::nullopt;
        }
    }

    record_store records_;
};

}  // namespace memo::detail
