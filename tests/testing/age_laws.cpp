#include "testing/broken.hpp"

#include <memo/testing/age_laws.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

using broken::expect_words;
using broken::law;
using broken::right_store;
using memo::duration;
namespace detail = memo::detail;

namespace {

struct knows_no_time : right_store {
    std::optional<std::int64_t> peek(detail::key_view const& key, duration) { return right_store::peek(key, duration{}); }
};

struct never_touches : right_store {
    bool touch(detail::key_view const& key, duration, duration now) { return right_store::peek(key, now).has_value(); }
};

struct never_sweeps : right_store {
    void sweep(duration) {}
};

/// Changes the terms of what is set.
template <class Change>
struct sets : right_store {
    detail::store_outcome set(detail::key_view const& key, std::int64_t result, detail::terms kept, std::size_t owned) {
        Change{}(kept);
        return right_store::set(key, result, std::move(kept), owned);
    }
};

struct without_grace {
    void operator()(detail::terms& kept) const { kept.grace = {}; }
};
struct fresh_for_its_grace {
    void operator()(detail::terms& kept) const { kept.ttl = detail::later(kept.ttl, std::exchange(kept.grace, {})); }
};
struct without_idleness {
    void operator()(detail::terms& kept) const { kept.idle = duration::max(); }
};

struct recalls_what_is_fresh : right_store {
    std::optional<detail::recalled<std::int64_t>> recall(detail::key_view const& key, duration now) {
        return peek(key, now) ? right_store::recall(key, now) : std::nullopt;
    }
};

struct counts_stale_reads : right_store {
    std::uint64_t counted = 0;

    std::optional<detail::recalled<std::int64_t>> recall(detail::key_view const& key, duration now) {
        auto const found = right_store::recall(key, now);
        counted += found && !found->made.fresh(now);
        return found;
    }
    void count_into(memo::stats& sum) const {
        right_store::count_into(sum);
        sum.hits += counted;
    }
};

struct revives : right_store {
    bool touch(detail::key_view const& key, duration ttl, duration now) {
        return right_store::touch(key, ttl, now) || recall(key, now);
    }
};

struct rejuvenates : right_store {
    bool touch(detail::key_view const& key, duration ttl, duration now) {
        auto const held = peek(key, now);
        if (!held)
            return false;
        detail::terms kept;
        kept.created = now;
        kept.ttl = ttl;
        set(key, *held, std::move(kept), 0);
        return ttl > duration{} || erase(key).count() == 1;
    }
};

}  // namespace

TEST_CASE("age_laws: each broken one is named") {
    CHECK(law<detail::age_laws, right_store>() == "none");
    expect_words(law<detail::age_laws, knows_no_time>(), "an old result was seen");
    expect_words(law<detail::age_laws, never_touches>(), "a touch did not restart the lifetime");
    expect_words(law<detail::age_laws, never_sweeps>(), "a sweep left what is old");
    expect_words(law<detail::age_laws, sets<without_grace>>(), "a stale result was not recalled as such");
    expect_words(law<detail::age_laws, recalls_what_is_fresh>(), "a stale result was not recalled as such");
    expect_words(law<detail::age_laws, sets<fresh_for_its_grace>>(), "a stale result was seen as fresh");
    expect_words(law<detail::age_laws, counts_stale_reads>(), "a stale result was lost, or counted as a hit");
    expect_words(law<detail::age_laws, sets<without_idleness>>(), "an unread result was found");
    expect_words(law<detail::age_laws, revives>(), "a touch revived a stale result");
    expect_words(law<detail::age_laws, rejuvenates>(), "a touch made a result younger");
}
