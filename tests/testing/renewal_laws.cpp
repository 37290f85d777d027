#include "testing/broken.hpp"

#include <memo/testing/renewal_laws.hpp>

#include <doctest/doctest.h>

#include <memory>

using broken::expect_words;
using broken::law;
using broken::right_store;
using memo::duration;
namespace detail = memo::detail;

namespace {

struct renews_never : right_store {
    bool renew(std::shared_ptr<detail::lease> const&, bool) { return false; }
};

struct renews_always : right_store {
    bool renew(std::shared_ptr<detail::lease> const& mine, bool shares) {
        open(mine, shares);
        return true;
    }
};

struct ends_what_is_slow : right_store {
    void relieve(detail::lease& slow) noexcept { abandon(slow); }
};

struct waits_for_what_is_slow : right_store {
    void relieve(detail::lease&) noexcept {}
};

struct knows_no_rest : right_store {
    void postpone(detail::lease const&, duration) noexcept {}
};

}  // namespace

TEST_CASE("renewal_laws: each broken one is named") {
    CHECK(law<detail::renewal_laws, right_store>() == "none");
    expect_words(law<detail::renewal_laws, renews_never>(), "what is stored could not be renewed");
    expect_words(law<detail::renewal_laws, renews_always>(), "two runs renew one entry");
    expect_words(law<detail::renewal_laws, ends_what_is_slow>(), "a run that was left lost its lease");
    expect_words(law<detail::renewal_laws, waits_for_what_is_slow>(), "a run was joined that was left");
    expect_words(law<detail::renewal_laws, knows_no_rest>(), "a failure was not told");
}
