#include "testing/broken.hpp"

#include <memo/testing/entry_laws.hpp>

#include <doctest/doctest.h>

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

struct forgets : right_store {
    detail::store_outcome set(detail::key_view const&, std::int64_t, detail::terms, std::size_t) {
        return detail::store_outcome::stored;
    }
};

struct sees_places_only : right_store {
    static detail::key_view only(detail::key_view const& key) { return {key.place, "", ""}; }
    std::optional<std::int64_t> get(detail::key_view const& key, duration now) {
        return right_store::get(only(key), now);
    }
    detail::store_outcome set(detail::key_view const& key, std::int64_t result, detail::terms kept, std::size_t owned) {
        return right_store::set(only(key), result, std::move(kept), owned);
    }
};

struct looks_loudly : right_store {
    std::optional<std::int64_t> peek(detail::key_view const& key, duration now) { return right_store::get(key, now); }
};

struct spares_no_errors : right_store {
    detail::store_outcome set(detail::key_view const& key, std::int64_t result, detail::terms kept, std::size_t owned) {
        kept.error = false;
        return right_store::set(key, result, std::move(kept), owned);
    }
};

}  // namespace

TEST_CASE("entry_laws: each broken one is named") {
    CHECK(law<detail::entry_laws, right_store>() == "none");
    expect_words(law<detail::entry_laws, forgets>(), "keys decide");
    expect_words(law<detail::entry_laws, sees_places_only>(),
                 "store_laws(keys decide): two keys share an entry; compare identity and text");
    expect_words(law<detail::entry_laws, looks_loudly>(), "a look counted as a hit");
    expect_words(law<detail::entry_laws, spares_no_errors>(), "remembered exceptions drove out a result");
}
