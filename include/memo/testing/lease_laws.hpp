#pragma once

#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/key_view.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/lease.hpp>
#include <memo/testing/store_trial.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace memo::detail {

/// Of `store_laws`: a run is joined and stores while its lease stands, and evictions end that.
template <class Store, class Make, class Result>
class lease_laws : store_trial<Store, Make, Result> {
    using trial = store_trial<Store, Make, Result>;
    using trial::commit;
    using trial::evictions;
    using trial::expect;
    using trial::is;
    using trial::lead;
    using trial::lease_of;
    using trial::now;
    using trial::put;
    using trial::result_;
    using trial::sum;
    using trial::tagged;
    using trial::users;
    using trial::same_place;
    using trial::same_text;
    using trial::same_identity;
    using trial::nameless;

public:
    using trial::trial;

    void run() {
        this->law("runs are joined", [this](Store& store) { joins(store); });
        this->law("leases", [this](Store& store) { leases_store(store); });
        this->law("evictions revoke", [this](Store& store) { evictions_revoke(store); });
        this->law("evictions count", [this](Store& store) { evictions_count(store); });
        this->law("one leader", [this](Store& store) { one_leads(store); });
        this->law("fence", [this](Store& store) { fences(store); });
    }

private:
    void joins(Store& store) {
        auto const leader = lead(store, users);
        expect(store.begin(lease_of(users), now, true).joined == leader,
               "an equal run was not joined; join what stands");
        expect(store.begin(lease_of(users), now, false).joined == nullptr,
               "a run joined that shares nothing; let it run");
        expect(store.begin(lease_of(same_place), now, true).joined == nullptr,
               "a run joined that of another key; compare keys");
        store.abandon(*leader);
        expect(!leader->standing() && store.begin(lease_of(users), now, true).joined != leader,
               "an abandoned run was joined; its lease ends");
        expect(store.size() == 0, "a run without a result stored one; `abandon` stores nothing");
    }

    void leases_store(Store& store) {
        auto const mine = lead(store, users);
        expect(commit(store, mine, 1) == store_outcome::stored && is(store.get(users, now), 1),
               "a standing lease did not store; store, unless it is too heavy");
        expect(!mine->standing() && commit(store, mine, 2) == store_outcome::fenced && is(store.get(users, now), 1),
               "a lease stored twice; it ends with its first commit");
        store.erase(users);
        auto const first = lead(store, users);
        auto const second_run = lease_of(users);
        store.open(second_run, true);
        auto const third = lease_of(users);
        store.open(third, true);
        commit(store, second_run, 2);
        expect(!first->standing() && third->standing() && commit(store, first, 1) == store_outcome::fenced &&
                   is(store.peek(users, now), 2),
               "an earlier run stored over a later one; a commit revokes the leases of runs that began before");
        put(store, users, 5);
        expect(commit(store, third, 3) == store_outcome::fenced && is(store.peek(users, now), 5),
               "a run stored over a later `set`; `set` revokes the leases of its key");
    }

    void evictions_revoke(Store& store) {
        for (auto const& evict : evictions(store))
            for (bool const held_before : {false, true}) {
                if (held_before) store.set(users, result_(1), tagged({"a"}), 0);
                auto const other = lead(store, same_place);
                auto const mine = std::make_shared<lease>(users, std::vector<std::string>{"a"});
                store.open(mine, true);
                expect(evict().confirmed() && !mine->standing(), "an eviction left a lease; revoke it");
                expect(!store.peek(users, now), "an eviction left an entry; remove it");
                expect(commit(store, mine, 9) == store_outcome::fenced && !store.peek(users, now),
                       "a revoked lease stored; ask the lease under the lock of its entry");
                expect(other->standing(), "an eviction revoked the lease of another key; compare keys and tags");
                store.abandon(*other);
            }
    }

    void evictions_count(Store& store) {
        auto fill = [&] {
            for (auto const& key : {users, same_place, trial::is_shared ? same_identity : same_text, nameless})
                store.set(key, result_(1), tagged({"a"}), 0);
        };
        auto const went = [&](evicted gone, std::size_t wanted) {
            expect(gone.confirmed() && gone.count() == wanted && store.size() == 4 - wanted,
                   "an eviction miscounted; count the entries that went");
            fill();
        };
        fill();
        went(store.erase(users), 1);
        went(store.erase_text(users.place, users.text), trial::is_shared ? 1 : 2);
        went(store.erase_tag("a"), 4);
        went(store.erase_pattern(""), 1);
        auto const causes = sum(store).evictions_by_cause;
        auto const by = [&](evict_cause cause) { return causes[static_cast<std::size_t>(cause)]; };
        expect(by(evict_cause::explicit_) == (trial::is_shared ? 2 : 3) && by(evict_cause::tag) == 4 && by(evict_cause::pattern) == 1,
               "evictions were counted under another cause; count each under the cause it was given");
    }

    void one_leads(Store& store) {
        std::atomic<int> leaders{0};
        in_threads([&](int) {
            auto const mine = lease_of(users);
            auto const start = store.begin(mine, now, true);
            leaders += !start.hit && start.joined == nullptr;
        });
        expect(leaders == 1,
               "equal calls of several threads began several runs; look and enter the lease under one lock");
    }

    void fences(Store& store) {
        std::atomic<int> source{0};
        std::atomic<bool> done{false};
        std::atomic<bool> stale{false};
        auto const evicts = evictions(store);
        in_threads([&](int thread) {
            if (thread != 0) {
                while (!done) {
                    auto const mine = std::make_shared<lease>(users, std::vector<std::string>{"a"});
                    if (auto const start = store.begin(mine, now, true); start.hit || start.joined != nullptr)
                        continue;
                    auto const read = source.load();
                    std::this_thread::yield();
                    store.commit(*mine, result_(read), tagged({"a"}), 0);
                }
                return;
            }
            for (int round = 1; round != 400; ++round) {
                source = round;
                evicts[static_cast<std::size_t>(round) % evicts.size()]();
                for (int look = 0; look != 20; ++look)
                    if (auto const seen = store.get(users, now); seen && !is(seen, round))
                        stale = true;
            }
            done = true;
        });
        expect(!stale,
               "after an eviction a result was found that was computed before; revoke leases with the entry, at once");
    }

    template <class Work>
    static void in_threads(Work work) {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread != 4; ++thread)
            threads.emplace_back([&work, thread] { work(thread); });
    }
};

}  // namespace memo::detail
