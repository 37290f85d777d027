#pragma once

#include <memo/base/clock.hpp>
#include <memo/store/concept.hpp>
#include <memo/testing/store_trial.hpp>

#include <chrono>

namespace memo::detail {

/// Of `store_laws`: one run renews an entry, a slow one is left, and one that failed makes the next wait.
template <class Store, class Make, class Result>
class renewal_laws : store_trial<Store, Make, Result> {
    using trial = store_trial<Store, Make, Result>;
    using trial::commit;
    using trial::expect;
    using trial::is;
    using trial::lead;
    using trial::lease_of;
    using trial::living;
    using trial::now;
    using trial::put;
    using trial::result_;
    using trial::second;
    using trial::users;
    using trial::same_place;

public:
    using trial::trial;

    void run() {
        this->law("renew", [this](Store& store) { renews(store); });
        this->law("relieve", [this](Store& store) { relieves(store); });
        this->law("postpone", [this](Store& store) { postpones(store); });
    }

private:
    void renews(Store& store) {
        put(store, users, 1);
        auto const mine = lease_of(users);
        expect(store.renew(mine, true) && mine->standing(), "what is stored could not be renewed; hand out the lease");
        for (bool const shares : {true, false})
            expect(!store.renew(lease_of(users), shares), "two runs renew one entry; hand out no lease while a run is in flight");
        expect(store.renew(lease_of(same_place), true), "a run for another key kept an entry from being renewed; compare keys");
        expect(commit(store, mine, 2) == store_outcome::stored && is(store.get(users, now), 2),
               "a run that renews did not store; its lease is as any other");
        auto const unshared = lease_of(users);
        expect(store.renew(unshared, false), "an entry could not be renewed again; a lease ends with its commit");
        expect(!store.renew(lease_of(users), true), "two runs renew one entry; count those, too, that nobody joins");
        store.erase(users);
        expect(!unshared->standing(), "an eviction left the lease of a renewal; revoke it");
        auto const joined = lease_of(users);
        expect(store.renew(joined, true) && store.begin(lease_of(users), now, true).joined == joined,
               "a run that renews was not joined; equal calls join it");
    }

    void relieves(Store& store) {
        auto const slow = lead(store, users);
        store.relieve(*slow);
        expect(slow->standing(), "a run that was left lost its lease; it stores all the same");
        auto const second_run = lease_of(users);
        expect(store.begin(second_run, now, true).joined == nullptr, "a run was joined that was left; let the call lead");
        expect(store.begin(lease_of(users), now, true).joined == second_run, "a run that was left hides the next; join that");
        store.relieve(*second_run);
        expect(store.renew(lease_of(users), true), "a run that was left keeps an entry from being renewed; do not count on it");
        expect(commit(store, slow, 1) == store_outcome::stored && is(store.peek(users, now), 1),
               "a run that was left did not store; nothing later was stored");
        expect(commit(store, second_run, 2) == store_outcome::stored && is(store.peek(users, now), 2),
               "an earlier run that came back ended a later one; only later ones win");
    }

    void postpones(Store& store) {
        auto const end = now + second;
        put(store, users, 1, living(second, second));
        auto const fresh = store.facts(users, end);
        expect(fresh && fresh->failures == 0 && fresh->retry_at == duration{}, "a new result rests; nothing has failed");
        for (unsigned failures = 1; failures != 3; ++failures) {
            auto const mine = lease_of(users);
            store.renew(mine, true);
            auto const until = end + failures * second / 4;
            store.postpone(*mine, until);
            store.abandon(*mine);
            store.postpone(*mine, end + 9 * second);
            auto const rests = store.recall(users, end);
            expect(is(rests, 1) && rests->made.failures == failures && rests->made.retry_at == until,
                   "a failure was not told, or counted without a lease; `postpone` counts and sets while the lease stands");
        }
        auto const mine = lease_of(users);
        store.renew(mine, true);
        commit(store, mine, 2);
        auto const renewed = store.facts(users, now);
        expect(renewed && renewed->failures == 0 && renewed->retry_at == duration{}, "a new result rests; it ends the count of failures");
        auto const absent = lead(store, same_place);
        store.postpone(*absent, end);
        expect(store.size() == 1, "a postponed run without an entry made one; there is nothing to renew");
    }
};

}  // namespace memo::detail
