#pragma once

#include <memo/base/clock.hpp>
#include <memo/store/entry.hpp>
#include <memo/testing/store_trial.hpp>

#include <chrono>

namespace memo::detail {

/// Of `store_laws`: what is stored grows stale, and goes, by its age.
template <class Store, class Make, class Result>
class age_laws : store_trial<Store, Make, Result> {
    using trial = store_trial<Store, Make, Result>;
    using trial::expect;
    using trial::is;
    using trial::lease_of;
    using trial::living;
    using trial::now;
    using trial::put;
    using trial::result_;
    using trial::second;
    using trial::sum;
    using trial::users;
    using trial::same_place;

public:
    using trial::trial;

    void run() {
        this->law("age", [this](Store& store) { ages(store); });
        this->law("stale", [this](Store& store) { grows_stale(store); });
        this->law("idle", [this](Store& store) { forgets_unread(store); });
        this->law("touch", [this](Store& store) { touches(store); });
        this->law("grace", [this](Store& store) { touches_grace(store); });
        if (!trial::is_shared)
            this->law("sweep", [this](Store& store) { sweeps(store); });
    }

private:
    void ages(Store& store) {
        store.set(users, result_(1), living(second), 0);
        expect(store.timed(), "it says that nothing can expire; return true once a lifetime was stored");
        auto const end = now + second;
        expect(is(store.peek(users, end - duration{1}), 1), "a result expired too early; it is fresh while age < ttl");
        expect(!store.peek(users, end) && !store.facts(users, end), "an old result was seen; ask its age");
        expect(!store.begin(lease_of(users), end, true).hit && store.size() == 0, "an old result was found; remove it");
        expect(sum(store).expirations == 1, "what age took was not counted as expired; count it");
        store.set(users, result_(2), living(second), 0);
        put(store, users, 3);
        expect(is(store.get(users, end), 3), "a result kept an earlier lifetime; it goes with the result");
        auto kept = living(duration::max());
        kept.idle = second;
        store.set(users, result_(1), kept, 0);
        auto const almost = second - duration{1};
        expect(is(store.get(users, now + almost), 1) && is(store.get(users, now + 2 * almost), 1),
               "a result that was read expired; a read restarts idleness");
        store.peek(users, now + 3 * almost);
        expect(!store.get(users, now + 2 * almost + second), "an unread result was found; a look restarts nothing");
    }

    void touches(Store& store) {
        store.set(users, result_(1), living(second), 0);
        expect(store.touch(users, 2 * second, now + second / 2) && is(store.peek(users, now + 2 * second), 1),
               "a touch did not restart the lifetime; the new ttl counts from the touch");
        expect(!store.touch(users, second, now + 3 * second), "a touch revived an old result; return false");
        store.set(users, result_(2), living(second), 0);
        expect(store.touch(users, duration::max(), now) && store.facts(users, now)->remaining(now) == duration::max(),
               "a result did not become immortal; `duration::max()` is forever");
        expect(store.touch(users, duration::zero(), now) && !store.peek(users, now),
               "a ttl of 0 left a result; remove it");
    }

    void sweeps(Store& store) {
        store.set(users, result_(1), living(second), 0);
        put(store, same_place, 2);
        for (int calls = 0; calls != 1000 && store.size() != 1; ++calls) store.sweep(now + std::chrono::hours{2});
        expect(store.size() == 1 && is(store.peek(same_place, now), 2),
               "a sweep left what is old, or took what is fresh; remove what has expired, in some steps");
        expect(sum(store).expirations == 1, "what a sweep took was not counted; count it");
    }

    void grows_stale(Store& store) {
        auto const end = now + second;
        auto const gone = end + 2 * second;
        put(store, users, 1, living(second, 2 * second));
        expect(is(store.recall(users, end - duration{1}), 1) && sum(store).hits == 1,
               "a fresh result was not recalled as a hit; `recall` finds what `get` does");
        expect(!store.get(users, end) && !store.peek(users, end),
               "a stale result was seen as fresh; ask its ttl without the grace");
        auto const again = lease_of(users);
        expect(!store.begin(again, end, true).hit, "a stale result kept a run from beginning; `begin` looks for what is fresh");
        store.abandon(*again);
        auto const old = store.recall(users, end);
        expect(is(old, 1) && !old->made.fresh(end) && old->made.age(end) == second && old->made.gone_at == gone,
               "a stale result was not recalled as such; keep it for its grace, and say how it stands");
        auto const facts = store.facts(users, gone - duration{1});
        expect(facts && !facts->fresh(gone - duration{1}) && facts->remaining(end) <= duration::zero(),
               "a stale result has no facts; `facts` sees it until it is gone");
        expect(is(store.recall(users, gone - duration{1}), 1) && sum(store).hits == 1,
               "a stale result was lost, or counted as a hit; only fresh ones are");
        expect(!store.facts(users, gone) && !store.recall(users, gone) && store.size() == 0 && sum(store).expirations == 1,
               "a result outlived its grace; remove and count it");
        put(store, users, 2, living(second, second));
        put(store, users, 3, living(second));
        expect(!store.recall(users, end), "a result kept an earlier grace; it goes with the result");
    }

    void forgets_unread(Store& store) {
        auto kept = living(second, 100 * second);
        kept.idle = 2 * second;
        put(store, users, 1, kept);
        auto at = now;
        for (int reads = 0; reads != 3; ++reads) {
            at += 2 * second - duration{1};
            expect(is(store.recall(users, at), 1), "a result that was recalled expired; a stale read restarts idleness, too");
        }
        expect(!store.recall(users, at + 2 * second), "an unread result was recalled; idleness ends its grace");
    }

    void touches_grace(Store& store) {
        put(store, users, 1, living(second, second));
        expect(!store.touch(users, 9 * second, now + second) && !store.peek(users, now + second) &&
                   is(store.recall(users, now + second), 1),
               "a touch revived a stale result, or took it; return false and leave it");
        put(store, users, 2, living(second, second));
        auto const touched = now + second / 2;
        expect(store.touch(users, 2 * second, touched), "a fresh result was not touched");
        auto const end = touched + 2 * second;
        auto const facts = store.facts(users, touched);
        expect(facts && facts->age(touched) == touched - now, "a touch made a result younger; it keeps the time of creation");
        expect(is(store.recall(users, end + second - duration{1}), 2) && !store.recall(users, end + second),
               "a touch lost the grace; it begins when the new ttl ends");
    }
};

}  // namespace memo::detail
