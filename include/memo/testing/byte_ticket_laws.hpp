#pragma once

#include <memo/base/clock.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/testing/byte_trial.hpp>

#include <string>
#include <utility>
#include <vector>

namespace memo::detail {

/// Of `byte_store_laws`: a run stores while its ticket stands, and what ends tickets is an eviction, a `set`, or a later run.
class byte_ticket_laws : byte_trial {
public:
    using byte_trial::byte_trial;

    void run() {
        law("a ticket stores once", [this](byte_store& store) { stores_once(store); });
        law("open", [this](byte_store& store) { opens(store); });
        law("runs are joined while they stand", [this](byte_store& store) { joins(store); });
        law("fence", [this](byte_store& store) { fences(store); });
        law("what is stored ends earlier runs", [this](byte_store& store) { stores_end_runs(store); });
        law("what does not end runs", [this](byte_store& store) { others_do_not(store); });
        if (workshop_.make()->abilities().tags)
            law("a tag fences what it took", [this](byte_store& store) { tags_fence(store); });
    }

private:
    bool stands(byte_store& store, entry_name at, run_ticket mine) const {
        return commit(store, at, mine, 9) == committed::stored;
    }

    void stores_once(byte_store& store) {
        for (auto const at : {user, elsewhere, hashed}) {
            auto const mine = lead(store, at);
            expect(!store.get(at), "a ticket alone is a record; show nothing before `commit`");
            expect(commit(store, at, mine, 1) == committed::stored && is(store.get(at), 1),
                   "a ticket that stands did not store; store");
            expect(commit(store, at, mine, 2) == committed::fenced && is(store.get(at), 1),
                   "a ticket stored twice; it ends with its first `commit`");
            auto const given_up = lead(store, at);
            store.abandon(at, given_up);
            expect(commit(store, at, given_up, 3) == committed::fenced && is(store.get(at), 1),
                   "an abandoned ticket stored; it has ended");
            expect(commit(store, at, 0, 3) == committed::fenced && is(store.get(at), 1), "no ticket stored; 0 is none");
            auto const next = lead(store, at);
            expect(next > mine && next > given_up, "a later run has no greater number; count up");
            expect(commit(store, at, next + 1'000'000, 3) == committed::fenced && is(store.get(at), 1),
                   "a ticket that was never given stored; know who runs");
            expect(commit(store, other, next, 3) == committed::fenced && !store.get(other),
                   "a ticket stored under another name; it is for one name");
            store.abandon(at, next);
            store.abandon(at, next);
            store.abandon(at, 0);
        }
        put(store, user, 5);
        expect(commit(store, user, lead(store, user), 6) == committed::stored && is(store.get(user), 6),
               "a run did not replace what was there when it began; store while its ticket stands");
    }

    void opens(byte_store& store) {
        auto const first = store.open(user, {}, {}, 0);
        expect(!first.record && !first.joined && first.mine != 0, "`open` of what is not there gave no ticket; a miss takes one");
        auto const unseen = store.open(other, {}, seal(1), 0);
        expect(!unseen.record && !unseen.joined && unseen.mine != 0,
               "`open` gave no ticket though what was seen is gone; a miss takes one");
        expect(stands(store, user, first.mine) && stands(store, other, unseen.mine),
               "a ticket of `open` did not store; it is as good as one of `lead`");
        put(store, user, 1);
        auto const came = store.open(user, {}, {}, 0);
        expect(is(came.record, 1) && !came.joined && came.mine == 0,
               "`open` gave a ticket though a record had come; give the record");
        auto const newer = store.open(user, {}, seal(2), 0);
        expect(is(newer.record, 1) && newer.mine == 0,
               "`open` gave a ticket though a record of another seal had come; give the record");
        auto const renewed = store.open(user, {}, seal(1), 0);
        expect(!renewed.record && !renewed.joined && renewed.mine != 0,
               "`open` gave the record that was seen already; give a ticket to renew it");
        expect(commit(store, user, renewed.mine, 2) == committed::stored && is(store.get(user), 2),
               "a ticket to renew a record did not store; store");
    }

    void joins(byte_store& store) {
        auto const mine = lead(store, user);
        auto const joined = store.open(user, {}, {}, mine);
        expect(joined.joined && !joined.record && joined.mine == 0, "a run that stands was not joined; say so");
        expect(store.open(user, {}, {}, mine).joined, "a run that stands was joined only once; asking does not end it");
        auto const apart = store.open(other, {}, {}, mine);
        expect(!apart.joined && apart.mine != 0, "a run was joined under another name; a ticket is for one name");
        put(store, other, 1);
        expect(is(store.open(other, {}, {}, mine).record, 1),
               "a run was joined though a record had come; the record comes first");
        expect(commit(store, user, mine, 2) == committed::stored, "a run that was joined did not store; joining does not end it");
        auto const over = store.open(user, {}, seal(2), mine);
        expect(!over.joined && over.mine != 0, "a run that had stored was joined; it has ended");
        store.abandon(user, over.mine);
        auto const renewing = lead(store, user);
        expect(store.open(user, {}, seal(2), renewing).joined,
               "a run that renews what was seen was not joined; what was seen is as good as none");
        expect(is(store.open(user, {}, {}, renewing).record, 2),
               "a run was joined though there is a record; the record comes first");
        store.abandon(user, renewing);
        expect(!store.open(user, {}, seal(2), renewing).joined, "an abandoned run was joined; it has ended");
        auto const evicted_run = lead(store, user);
        erase(store, user);
        auto const after = store.open(user, {}, {}, evicted_run);
        expect(!after.joined && after.mine != 0, "a run was joined that began before an eviction; its ticket is void");
    }

    void fences(byte_store& store) {
        std::vector<std::string> const tags{"group"};
        for (auto const at : {user, elsewhere, hashed})
            for (auto const& evict : evictions(store, at))
                for (bool const held_before : {false, true}) {
                    if (held_before) put(store, at, 1, tags);
                    auto const led = lead(store, at, tags);
                    auto const opened_run = store.open(at, tags, held_before ? seal(1) : std::string{}, 0).mine;
                    expect(opened_run != 0, "`open` gave no ticket; a miss takes one");
                    expect(evict(store).confirmed() && !store.get(at), "an eviction left the entry; remove it");
                    expect(commit(store, at, led, 2, tags) == committed::fenced &&
                               commit(store, at, opened_run, 2, tags) == committed::fenced,
                           "a run stored that began before an eviction; every eviction voids the tickets of what it means, also "
                           "where nothing is stored");
                    expect(!store.get(at),
                           "a run stored that began before an eviction, though it was told otherwise; store nothing");
                    auto const later = lead(store, at, tags);
                    expect(commit(store, at, later, 3, tags) == committed::stored && is(store.get(at), 3),
                           "a run that began after an eviction did not store; its ticket stands");
                    erase(store, at);
                }
    }

    void stores_end_runs(byte_store& store) {
        auto const bytes = record(5);
        std::vector<std::pair<entry_name, stored_bytes>> const many{{user, {bytes}}};
        std::vector<change> const stored{{user, stored_bytes{bytes}}};
        std::vector<change> const erased{{user}};
        auto const ends = [&](auto const& change) {
            auto const before = lead(store, user);
            change();
            expect(commit(store, user, before, 1) == committed::fenced,
                   "a run stored over what was written after it began; `set`, `set_many`, `add` and transactions void tickets");
            put(store, user, 0);
        };
        put(store, user, 0);
        ends([&] { put(store, user, 5); });
        ends([&] { store.set_many(many); });
        ends([&] { store.add(user, {bytes}, seal(0)); });
        if (store.abilities().transactions) {
            ends([&] { store.transact(stored); });
            ends([&] { store.transact(erased); });
        }
        auto const first = lead(store, user);
        auto const second_run = lead(store, user);
        auto const third = lead(store, user);
        expect(commit(store, user, second_run, 2) == committed::stored, "a run did not store beside another that stands; store");
        expect(commit(store, user, first, 1) == committed::fenced && is(store.get(user), 2),
               "an earlier run stored over a later one; a commit voids the tickets before its own");
        expect(commit(store, user, third, 3) == committed::stored && is(store.get(user), 3),
               "a later run did not store after an earlier one; only earlier tickets are void");
    }

    void others_do_not(byte_store& store) {
        auto const survives = [&](auto const& act) {
            put(store, user, 1);
            auto const mine = lead(store, user);
            act();
            expect(stands(store, user, mine),
                   "a ticket was void that nothing had ended: reading, amending, discarding, a refused `add`, another run's end, "
                   "and "
                   "whatever happens to other names leave it standing");
        };
        survives([&] { store.amend(user, {record(2)}, seal(1)); });
        survives([&] { store.discard(user, seal(1)); });
        survives([&] { store.add(user, {record(2)}, {}); });
        survives([&] { store.get(user); });
        survives([&] { store.sweep(); });
        survives([&] { store.abandon(user, lead(store, user)); });
        survives([&] { erase(store, other); });
        survives([&] { erase(store, elsewhere); });
        survives([&] { put(store, other, 1); });
        survives([&] { commit(store, other, lead(store, other), 1); });
        survives([&] {
            if (store.abilities().transactions)
                store.transact(std::vector<change>{{other}, {elsewhere, stored_bytes{record(3)}}});
        });
    }

    void tags_fence(byte_store& store) {
        put(store, user, 1, {"group"});
        auto const untagged = lead(store, user);
        expect_evicted(store.erase_tag("group"), 1, "a tag miscounted; count the entries that went");
        expect(commit(store, user, untagged, 2) == committed::fenced && !store.get(user),
               "a run stored that was to renew what a tag had evicted; evicting an entry voids its tickets, whatever tags they "
               "were taken with");
        auto const several = lead(store, user, {"a", "group", "b"});
        store.erase_tag("b");
        expect(commit(store, user, several, 2) == committed::fenced,
               "a ticket stood though one of its tags was evicted; each of them voids it");
    }
};

}  // namespace memo::detail
