#pragma once

#include <memo/base/clock.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/testing/byte_trial.hpp>

#include <string>
#include <utility>
#include <vector>

namespace memo::detail {

/// Of `byte_store_laws`: an entry is shown for its lifetime and no longer, and every way to store gives it a new one.
class byte_lifetime_laws : byte_trial {
public:
    using byte_trial::byte_trial;

    void run() {
        law("lifetimes end", [this](byte_store& store) { end(store); });
        law("lifetimes are replaced", [this](byte_store& store) { are_replaced(store); });
        law("what is over is not there", [this](byte_store& store) { over_is_gone(store); });
        law("after an end everything begins anew", [this](byte_store& store) { begins_anew(store); });
    }

private:
    static constexpr duration shortly = 5 * millisecond;
    static constexpr duration until_over = 4 * shortly;

    void end(byte_store& store) {
        int number = 0;
        std::vector<std::pair<std::string, duration>> const ending{{"1 ns", duration{1}},
                                                                   {"half a ms", millisecond / 2},
                                                                   {"1 ms", millisecond},
                                                                   {"2 ms", 2 * millisecond},
                                                                   {"5 ms", shortly}};
        std::vector<std::pair<std::string, duration>> const lasting{{"an hour", hour},
                                                                    {"a month", 720 * hour},
                                                                    {"a century", 876'000 * hour},
                                                                    {"nearly forever", duration::max() - duration{1}},
                                                                    {"forever", duration::max()}};
        for (auto const& [name, life] : lasting) put(store, {"c", name}, ++number, {}, life);
        for (auto const& [name, life] : ending) put(store, {"c", name}, ++number, {}, life);
        workshop_.pass(until_over);
        for (auto const& [name, life] : ending)
            expect(!store.get({"c", name}), "an entry was shown after its lifetime; hide it, to the millisecond, rounded up");
        number = 0;
        for (auto const& [name, life] : lasting)
            expect(is(store.get({"c", name}), ++number),
                   "an entry was gone before its lifetime ended; mind spans that overflow when added to now");
    }

    void are_replaced(byte_store& store) {
        auto const ways = [&](entry_name at, duration life, auto const& expected) {
            auto const bytes = record(2);
            std::vector<std::pair<entry_name, stored_bytes>> const many{{at, {bytes, {}, life}}};
            std::vector<change> const changes{{at, stored_bytes{bytes, {}, life}}};
            auto const before = life == duration::max() ? shortly : duration::max();
            for (int way = 0; way != 6; ++way) {
                put(store, at, 1, {}, before);
                switch (way) {
                    case 0:
                        put(store, at, 2, {}, life);
                        break;
                    case 1:
                        store.set_many(many);
                        break;
                    case 2:
                        store.add(at, {bytes, {}, life}, seal(1));
                        break;
                    case 3:
                        store.amend(at, {bytes, {}, life}, seal(1));
                        break;
                    case 4:
                        commit(store, at, lead(store, at), 2, {}, life);
                        break;
                    default:
                        if (store.abilities().transactions)
                            store.transact(changes);
                        else
                            put(store, at, 2, {}, life);
                }
                workshop_.pass(until_over);
                expected(store.get(at));
            }
        };
        ways(user, shortly, [this](auto const& got) {
            expect(!got, "an entry kept the lifetime of its predecessor; every way to store gives it a new one");
        });
        ways(other, duration::max(), [this](auto const& got) {
            // under load the first may have ended before it was to be replaced by its seal
            expect(!got || is(got, 2), "an entry kept the record of its predecessor; every way to store replaces it");
        });
        put(store, user, 1, {}, shortly);
        put(store, user, 2);
        workshop_.pass(until_over);
        expect(is(store.get(user), 2), "`set` left the lifetime that was there; it replaces it");
    }

    void over_is_gone(byte_store& store) {
        auto const expired = [&](entry_name at) {
            put(store, at, 1, {"group"}, millisecond);
            workshop_.pass(until_over);
        };
        expired(user);
        entry_name const asked[]{user, other};
        expect(!store.get_many(asked)[0], "`get_many` showed what is over; hide it");
        expect(!store.amend(user, {record(2)}, seal(1)) && !store.get(user), "`amend` brought back what is over; return false");
        expect(!store.discard(user, seal(1)), "`discard` found what is over; return false");
        expired(user);
        expect(store.add(user, {record(2)}, {}) && is(store.get(user), 2), "`add` was held off by what is over; store");
        expired(other);
        auto const start = store.open(other, {}, {}, 0);
        expect(!start.record && start.mine != 0, "`open` showed what is over; give a ticket");
        store.abandon(other, start.mine);
        if (!store.abilities().patterns) return;
        expired(other);
        for (auto const& name : store.scan("c", "*", {}).names) expect(name != other.name, "`scan` showed what is over; hide it");
    }

    void begins_anew(byte_store& store) {
        put(store, user, 1, {"old"}, millisecond);
        workshop_.pass(until_over);
        store.sweep();
        put(store, user, 2, {"new"}, hour);
        store.sweep();
        expect(is(store.get(user), 2), "cleaning took what was stored in place of what was over; compare before removing");
        if (store.abilities().tags) {
            expect_evicted(store.erase_tag("old"), 0, "a tag of what was over reached its successor; tags go with the record");
            expect_evicted(store.erase_tag("new"), 1,
                           "a tag did not reach what was stored in place of what was over; replace the tags");
        }
    }
};

}  // namespace memo::detail
