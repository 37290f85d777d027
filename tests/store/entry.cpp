#include "store/sample.hpp"

#include <memo/base/clock.hpp>
#include <memo/store/entry.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using memo::duration;
using memo::detail::entry;
using memo::detail::key_view;
using memo::detail::terms;
using sample::living;

namespace {

struct plain final : entry {
    plain(key_view const& of, terms on) : entry{of, std::move(on), key_bytes} {}

    char key_bytes[64];
};

}  // namespace

TEST_CASE("entry: it keeps the bytes of its key, whatever becomes of the key it was made of") {
    sample::key of{7};
    plain const held{of, {}};
    of.identity = "gone";
    of.text = "gone";
    CHECK(held.key() == sample::key{7}.view());
}

TEST_CASE("entry: identity and text are told apart, though they stand side by side") {
    plain const held{key_view{1, "ab", "c"}, {}};
    CHECK(held.key().identity == "ab");
    CHECK(held.key().text == "c");
    CHECK_FALSE(held.key() == key_view{1, "a", "bc"});
    CHECK_FALSE(held.key() == key_view{1, "abc", ""});
}

TEST_CASE("F01: entry: a key in registers is its own only when every byte agrees, and the length") {
    char const own[] = "\x13" "12345678\0";
    auto const key_of = [](std::string_view bytes) {
        memo::detail::short_key key{.size = bytes.size()};
        std::memcpy(key.words, bytes.data(), bytes.size());
        return key;
    };
    plain const held{key_view{1, {own, 9}, {}}, {}};
    CHECK(held.has(key_of({own, 9}), held.key_bytes));
    CHECK_FALSE(held.has(key_of({own, 8}), held.key_bytes));
    CHECK_FALSE(held.has(key_of({own, 10}), held.key_bytes));
    for (std::size_t at = 0; at != 9; ++at) {
        std::string other{own, 9};
        other[at] ^= 4;
        CHECK_FALSE(held.has(key_of(other), held.key_bytes));
    }
}

TEST_CASE("entry: a readable key is none that is in registers, though their bytes are the same") {
    plain const held{key_view{1, "abcd", "efgh"}, {}};
    memo::detail::short_key key{.size = 8};
    std::memcpy(key.words, "abcdefgh", 8);
    CHECK_FALSE(held.has(key, held.key_bytes));
}

TEST_CASE("entry: it is fresh while its age is below the ttl") {
    plain const held{sample::key{1}, living(100ns, 10ns)};
    CHECK_FALSE(held.expired(100ns));
    CHECK_FALSE(held.expired(109ns));
    CHECK(held.expired(110ns));
    CHECK(held.expired(duration::max()));
}

TEST_CASE("entry: it is fresh while it was read within idle, whichever ends first") {
    plain const idles{sample::key{1}, living(100ns, 50ns, 10ns)};
    CHECK_FALSE(idles.expired(109ns));
    CHECK(idles.expired(110ns));
    plain const ages{sample::key{1}, living(100ns, 10ns, 50ns)};
    CHECK_FALSE(ages.expired(109ns));
    CHECK(ages.expired(110ns));
}

TEST_CASE("entry: without a lifetime it never expires") {
    plain const held{sample::key{1}, living(100ns, duration::max())};
    CHECK_FALSE(held.expired(duration::max() - 1ns));
    CHECK(held.stands().remaining(200ns) == duration::max());
    CHECK(held.stands().age(200ns) == 100ns);
}

TEST_CASE("entry: its facts are what was stored, and what is left of its life") {
    auto kept = living(100ns, 50ns, 20ns);
    kept.cost = 3ms;
    kept.tags = {"users", "org:1"};
    plain const held{sample::key{1}, kept};
    auto const facts = held.stands();
    CHECK(facts.age(105ns) == 5ns);
    CHECK(facts.remaining(105ns) == 15ns);
    CHECK(facts.cost == 3ms);
}

TEST_CASE("entry: without a lock it is fresh for sure only while reading it does not matter") {
    plain const lasting{sample::key{1}, living(100ns, 10ns)};
    CHECK(lasting.fresh_unlocked(109ns));
    CHECK_FALSE(lasting.fresh_unlocked(110ns));
    plain const idling{sample::key{1}, living(100ns, duration::max(), 10ns)};
    CHECK(idling.fresh(101ns));
    CHECK_FALSE(idling.fresh_unlocked(101ns));
    plain const forever{sample::key{1}, {}};
    CHECK(forever.fresh_unlocked(duration::max() - 1ns));
}

TEST_CASE("entry: from its notice on it is asked under the lock, and after a touch with another ttl always") {
    auto kept = living(100ns, 10ns);
    kept.notice = 4ns;
    plain held{sample::key{1}, kept};
    CHECK(held.fresh_unlocked(105ns));
    CHECK_FALSE(held.fresh_unlocked(106ns));
    CHECK(held.fresh(109ns));
    CHECK(held.stands().fresh_until == 110ns);
    held.live(200ns, 10ns);
    CHECK(held.fresh_unlocked(205ns));
    CHECK_FALSE(held.fresh_unlocked(206ns));
    held.live(300ns, 20ns);
    CHECK(held.fresh(319ns));
    CHECK_FALSE(held.fresh(320ns));
    CHECK_FALSE(held.fresh_unlocked(300ns));
}

TEST_CASE("entry: a read begins its idling anew, and nothing else") {
    plain held{sample::key{1}, living(100ns, 50ns, 10ns)};
    held.read(105ns);
    CHECK_FALSE(held.expired(114ns));
    CHECK(held.expired(115ns));
    held.read(145ns);
    CHECK(held.expired(150ns));
}

TEST_CASE("entry: a new life has another ttl, and the idle time and the grace of the old one") {
    auto kept = living(100ns, 10ns, 20ns);
    kept.grace = 5ns;
    plain held{sample::key{1}, kept};
    held.live(200ns, 12ns);
    CHECK(held.fresh(211ns));
    CHECK_FALSE(held.fresh(212ns));
    CHECK_FALSE(held.expired(216ns));
    CHECK(held.expired(217ns));
    CHECK(held.stands().ttl == 12ns);
    CHECK(held.created == 100ns);
}

TEST_CASE("entry: failures to renew it are counted, and the last one says when to try again") {
    plain held{sample::key{1}, {}};
    CHECK(held.stands().failures == 0);
    held.fail(7ns);
    held.fail(9ns);
    CHECK(held.stands().failures == 2);
    CHECK(held.stands().retry_at == 9ns);
    CHECK(held.fresh_unlocked(1ns));
    plain limited{sample::key{1}, living(100ns, 10ns)};
    limited.fail(7ns);
    CHECK(limited.stands().fresh_until == 110ns);
}

TEST_CASE("entry: F37 no lifetime overflows, and one that is too long to end is forever") {
    CHECK(rc::check([] {
        auto const span =
            rc::gen::oneOf(rc::gen::just(duration::max()), rc::gen::just(duration::max() - 1ns),
                           rc::gen::map(rc::gen::positive<std::int64_t>(), [](std::int64_t n) { return duration{n}; }));
        auto const created = *span;
        auto const ttl = *span;
        plain const held{sample::key{1}, living(created, ttl)};
        RC_ASSERT(held.stands().gone_at >= created);
        RC_ASSERT(held.stands().gone_at >= ttl);
        RC_ASSERT(created == duration::max() || !held.expired(created));
        RC_ASSERT(held.stands().remaining(created) <= ttl || held.stands().remaining(created) == duration::max());
    }));
}
