#include "store/scarce.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/key/scalar.hpp>
#include <memo/policy/concept.hpp>
#include <memo/policy/fifo.hpp>
#include <memo/policy/mark.hpp>
#include <memo/policy/read_mark.hpp>
#include <memo/policy/sieve.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/memory.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using memo::duration;
using memo::detail::copies;
using memo::detail::key_view;
using memo::detail::memory_limits;
using memo::detail::memory_store;
using memo::detail::short_key;
using memo::detail::short_key_of;
using memo::detail::terms;

namespace {

template <class Held, class Order = memo::sieve_order>
using store_of = memory_store<Held, Order, copies::beside_keys>;

constexpr auto no_bound = std::numeric_limits<std::size_t>::max();
constexpr memory_limits few{.entries = 8, .weight = no_bound, .exact_order = true};

template <class Store>
auto look(Store& store, short_key const& key, duration now = {}) {
    using held = typename Store::value_type;
    auto const seen = store.look(key, now);
    return seen ? std::optional<held>{*seen} : std::nullopt;
}

/// An order that wants three reads of each entry, and all at places that it watches.
struct curious_order {
    static constexpr bool touches_unlocked = true;
    struct hook : memo::sieve_order::hook {
        memo::detail::mark<std::uint8_t> reads;
    };

    void admit(hook& entry) noexcept {
        entry.reads.set(0);
        inner.admit(entry);
    }
    void touch(hook& entry) noexcept {
        ++told;
        entry.reads.set(static_cast<std::uint8_t>(entry.reads.get() + 1));
    }
    bool settled(hook const& entry) const noexcept { return ++asked, entry.reads.get() >= 3; }
    void forget(hook& entry) noexcept { inner.forget(entry); }
    hook* victim() noexcept { return static_cast<hook*>(inner.victim()); }
    bool watches(std::uint64_t place) const noexcept { return place == watched_place; }
    void watch(std::uint64_t) noexcept { ++watched; }
    bool validate() const noexcept { return inner.validate(); }

    memo::sieve_order inner;
    inline static int told = 0;
    inline static int asked = 0;
    inline static int watched = 0;
    inline static std::uint64_t watched_place = 0;
};

/// An order that learns of reads by marks alone, and says how often who left last was read.
struct tallying_order {
    static constexpr bool touches_unlocked = true;
    struct hook : memo::fifo_order::hook {
        memo::detail::read_mark reads;
    };

    void admit(hook& entry) noexcept {
        entry.reads.set(0);
        inner.admit(entry);
    }
    std::uint16_t touched(std::uint16_t reads) const noexcept { return static_cast<std::uint16_t>(std::min(reads + 1, 1'000)); }
    void touch(hook& entry) noexcept {
        ++visits;
        entry.reads.update([this](std::uint16_t reads) { return touched(reads); });
    }
    bool settled(hook const& entry) const noexcept { return entry.reads.get() == 1'000; }
    void replace(hook& old, hook& fresh) noexcept {
        fresh.reads.set(old.reads.get());
        inner.replace(old, fresh);
    }
    void forget(hook& entry) noexcept {
        reads_of_the_last = entry.reads.get();
        inner.forget(entry);
    }
    hook* victim() noexcept { return static_cast<hook*>(inner.victim()); }
    bool watches(std::uint64_t place) const noexcept { return place == watched_place; }
    void watch(std::uint64_t) noexcept { ++watched; }
    bool validate() const noexcept { return inner.validate(); }

    memo::fifo_order inner;
    inline static int watched = 0;
    inline static std::uint64_t watched_place = 0;
    inline static int visits = 0;
    inline static int reads_of_the_last = 0;
};
static_assert(memo::detail::noting<tallying_order>);

/// A user's order that counts its touches.
struct inheriting_order : tallying_order {
    void touch(hook& entry) noexcept {
        ++touches;
        tallying_order::touch(entry);
    }
    inline static int touches = 0;
};
static_assert(!memo::detail::noting<inheriting_order>);

template <class Held>
void keeps_its_results(Held const& one, Held const& other) {
    store_of<Held> store{few};
    auto const key = short_key_of(std::int64_t{1});
    store.set(key.view(), one, {}, 0);
    CHECK(*look(store, key) == one);
    store.set(key.view(), other, {}, 0);
    CHECK(*look(store, key) == other);
    CHECK(look(store, short_key_of(std::int64_t{2})) == std::nullopt);
    CHECK(store.validate());
}

template <std::size_t Bytes>
struct block {
    std::array<std::uint8_t, Bytes> bytes{};

    explicit block(std::uint8_t first) {
        for (auto& one : bytes) one = first++;
    }
    friend bool operator==(block const&, block const&) = default;
};

}  // namespace

TEST_CASE("memory_looks: a look says what the entries say, whatever happened to them") {
    CHECK(rc::check([](std::vector<std::pair<std::uint8_t, std::uint8_t>> const& steps, bool all_meet, bool all_last) {
        store_of<std::int64_t> store{few};
        duration now = 1s;
        std::int64_t made = 0;
        auto const key = [&](unsigned number) {
            auto sought = short_key_of(static_cast<std::int64_t>(number % 12));
            if (all_meet) sought.place = 7;
            return sought;
        };
        for (auto const& [what, number] : steps) {
            auto const at = key(number);
            terms kept;
            kept.created = now;
            bool const ends = what % 10 == 3 || what % 10 == 5 || what % 10 == 6;
            switch (all_last && ends ? 9 : what % 10) {
                case 0: store.erase(at.view()); break;
                case 1: store.erase_all(); break;
                case 2: store.erase_tag("tag"); break;
                case 3: store.touch(at.view(), number % 2 == 0 ? duration{2s} : duration::max(), now); break;
                case 4: now += 1s; break;
                case 5: kept.ttl = 2s; store.set(at.view(), ++made, kept, 0); break;
                case 6: kept.idle = 2s; store.set(at.view(), ++made, kept, 0); break;
                case 7: kept.tags = {"tag"}; store.set(at.view(), ++made, kept, 0); break;
                default: store.set(at.view(), ++made, kept, 0);
            }
            for (unsigned asked = 0; asked != 12; ++asked) {
                auto const known = store.peek(key(asked).view(), now);
                auto const idles = known && store.facts(key(asked).view(), now)->gone_at != duration::max();
                auto const seen = look(store, key(asked), store.timed() ? now : duration{});
                RC_ASSERT(seen == known || (!seen && idles));
            }
        }
        RC_ASSERT(store.validate());
    }));
}

TEST_CASE("memory_looks: results of up to four words come back as they are, and what is longer or has a longer key does, too") {
    keeps_its_results<bool>(true, false);
    keeps_its_results<char>('a', 'b');
    keeps_its_results<double>(0.5, -0.25);
    keeps_its_results(block<3>{1}, block<3>{7});
    keeps_its_results(block<12>{1}, block<12>{7});
    keeps_its_results(block<16>{1}, block<16>{7});
    keeps_its_results(block<24>{1}, block<24>{7});
    keeps_its_results(block<32>{1}, block<32>{7});

    store_of<std::int64_t> store{few};
    std::string const sixteen(16, 'x');
    key_view const longest{5, sixteen, {}};
    store.set(longest, 3, {}, 0);
    short_key sought{5, {key_view::load(sixteen.data()), key_view::load(sixteen.data() + 8)}, 16};
    CHECK(look(store, sought) == 3);
    key_view const with_text{6, "identity", "text"};
    store.set(with_text, 4, {}, 0);
    CHECK(store.get(with_text, {}) == 4);
}

TEST_CASE("memory_looks: every read is a hit, and the order hears of those that it can learn from") {
    store_of<std::int64_t, curious_order> store{few};
    auto const first = short_key_of(std::int64_t{1});
    auto const second = short_key_of(std::int64_t{2});
    curious_order::watched_place = second.place;
    curious_order::told = curious_order::asked = curious_order::watched = 0;
    auto const read = [&](short_key const& key, int times) {
        for (int call = 0; call != times; ++call) REQUIRE(look(store, key).has_value());
        return curious_order::told;
    };
    store.set(first.view(), 1, {}, 0);
    CHECK(read(first, 10) == 3);
    CHECK(curious_order::asked == 10);
    store.set(second.view(), 2, {}, 0);
    CHECK(read(second, 10) == 6);
    CHECK(curious_order::watched == 10);

    // another entry in the place of the first: what was heard of that one counts no more
    store.set(first.view(), 3, {}, 0);
    CHECK(read(first, 10) > 6);
    memo::stats sum;
    store.count_into(sum);
    CHECK(sum.hits == 30);
}

TEST_CASE("memory_looks: what an order must know of reads stands beside the keys, and stays with its entries wherever they move") {
    for (bool const some_meet : {false, true}) {
        CAPTURE(some_meet);
        store_of<std::int64_t, tallying_order> store{{.entries = 4'096, .weight = no_bound, .exact_order = true}};
        auto const key = [&](std::int64_t number) {
            auto sought = short_key_of(number);
            if (some_meet && number % 8 == 0) sought.place = ~std::uint64_t{};
            return sought;
        };
        auto const read = [&](std::int64_t number, std::int64_t times) {
            for (std::int64_t call = 0; call != times; ++call) REQUIRE(look(store, key(number)) == number);
        };
        constexpr std::int64_t entries = 400;
        tallying_order::visits = 0;
        for (std::int64_t number = 0; number != entries; ++number) {
            store.set(key(number).view(), number, {}, 0);
            read(number, number % 5);
        }
        for (std::int64_t number = 0; number != entries; ++number) read(number, number % 3);
        CHECK(tallying_order::visits == 0);
        for (std::int64_t number = 0; number < entries; number += 2) store.set(key(number).view(), number, {}, 0);
        for (std::int64_t number = 0; number != entries; ++number) {
            read(number, 1);
            store.erase(key(number).view());
            REQUIRE(tallying_order::reads_of_the_last == number % 5 + number % 3 + 1);
        }
    }
}

TEST_CASE("memory_looks: an order hears of reads at a place that it watches until they change nothing") {
    store_of<std::int64_t, tallying_order> store{few};
    auto const key = short_key_of(std::int64_t{1});
    store.set(key.view(), 1, {}, 0);
    tallying_order::watched = 0;
    tallying_order::watched_place = key.place;
    for (int call = 0; call != 2'000; ++call) REQUIRE(look(store, key).has_value());
    tallying_order::watched_place = 0;
    CHECK(tallying_order::watched == 1'000);
    store.erase(key.view());
    CHECK(tallying_order::reads_of_the_last == 1'000);
}

TEST_CASE("memory_looks: reads are told where no memory is had for the index to grow") {
    for (std::size_t nth = 1;; ++nth) {
        CAPTURE(nth);
        store_of<std::int64_t, tallying_order> store{{.entries = 4'096, .weight = no_bound, .exact_order = true}};
        auto const key = [](std::int64_t number) {
            auto sought = short_key_of(number);
            if (number % 2 == 0) sought.place = ~std::uint64_t{};
            return sought;
        };
        constexpr std::int64_t entries = 40;
        std::array<int, entries> reads{};
        std::array<bool, entries> stored{};
        auto const read_all = [&](std::int64_t most) {
            for (std::int64_t number = 0; number <= most; ++number)
                if (stored[static_cast<std::size_t>(number)]) {
                    REQUIRE(look(store, key(number)) == number);
                    ++reads[static_cast<std::size_t>(number)];
                }
        };
        bool ran_out = false;
        {
            scarce::memory const little{nth};
            for (std::int64_t number = 0; number != entries; ++number) {
                try {
                    store.set(key(number).view(), number, {}, 0);
                    stored[static_cast<std::size_t>(number)] = true;
                } catch (std::bad_alloc const&) {
                }
                read_all(number);
            }
            ran_out = scarce::ran_out();
        }
        read_all(entries - 1);
        for (std::int64_t number = 0; number != entries; ++number)
            if (stored[static_cast<std::size_t>(number)]) {
                store.erase(key(number).view());
                REQUIRE(tallying_order::reads_of_the_last == reads[static_cast<std::size_t>(number)]);
            }
        if (!ran_out) break;
    }
}

TEST_CASE("memory_looks: an order that inherits what a touch makes of a mark is told of each all the same") {
    store_of<std::int64_t, inheriting_order> store{few};
    auto const key = short_key_of(std::int64_t{1});
    store.set(key.view(), 1, {}, 0);
    inheriting_order::touches = 0;
    for (int call = 0; call != 10; ++call) REQUIRE(look(store, key).has_value());
    CHECK(inheriting_order::touches == 10);
}

TEST_CASE("memory_looks: the bytes of a store are those of its copies, too") {
    memory_store<std::int64_t, memo::sieve_order> plain{few};
    store_of<std::int64_t, memo::sieve_order> copying{few};
    memo::stats without, with;
    for (std::int64_t number = 0; number != 100; ++number) {
        auto const key = short_key_of(number);
        plain.set(key.view(), number, {}, 0);
        copying.set(key.view(), number, {}, 0);
    }
    plain.count_into(without);
    copying.count_into(with);
    REQUIRE(with.items == without.items);
    CHECK(with.bytes >= without.bytes + 64 * with.items);
}
