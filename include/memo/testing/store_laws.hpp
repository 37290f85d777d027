#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/lease.hpp>
#include <memo/testing/law_broken.hpp>

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace memo::testing {

/// Makes results that differ from one another, of numbers: `Held` itself, or a `shared_ptr` to what a number or its
/// text makes.
template <class Held>
struct numbered_result {
    Held operator()(int number) const { return Held(number); }
};

template <class T>
struct numbered_result<std::shared_ptr<T const>> {
    std::shared_ptr<T const> operator()(int number) const {
        if constexpr (std::constructible_from<T, std::string>)
            return std::make_shared<T const>(std::to_string(number));
        else
            return std::make_shared<T const>(T(number));
    }
};

/// Holds the stores that `make` returns to the contract of `result_store`: what is stored is found under its key until
/// it is replaced, evicted or old; a run stores only while its lease stands; and what stands is decided by evictions
/// and by order.
///
/// Requires: `make()` gives a fresh store, with room for 100 entries of weight 1, that sweeps at least once an hour;
///           `result(number)` makes results that compare equal for equal numbers only.
/// Throws:   law_broken.
/// Threads:  starts some of its own.
template <memo::detail::result_store Store, class Make, class Result = numbered_result<typename Store::value_type>>
void store_laws(Make make, Result result = {});

}  // namespace memo::testing

namespace memo::detail {

template <class Store, class Make, class Result>
class store_trial {
    using held = typename Store::value_type;

public:
    store_trial(Make& make, Result& result) : make_{make}, result_{result} {}

    void run() {
        law("an empty store finds nothing", &store_trial::finds_nothing);
        law("keys decide", &store_trial::keys_decide);
        law("a result stays until it is replaced", &store_trial::results_stay);
        law("looking is quiet", &store_trial::looks_quietly);
        law("runs are joined", &store_trial::joins);
        law("leases", &store_trial::leases_store);
        law("evictions revoke", &store_trial::evictions_revoke);
        law("evictions count", &store_trial::evictions_count);
        law("tags", &store_trial::tags_group);
        law("age", &store_trial::ages);
        law("touch", &store_trial::touches);
        law("sweep", &store_trial::sweeps);
        law("one leader", &store_trial::one_leads);
        law("fence", &store_trial::fences);
    }

private:
    static constexpr duration now = std::chrono::microseconds{1};
    static constexpr duration second = std::chrono::seconds{1};
    static constexpr key_view users{7, "users", "k:users"};
    static constexpr key_view same_place{7, "orgs", "k:orgs"};
    static constexpr key_view same_text{7, "users, too", "k:users"};
    static constexpr key_view same_identity{8, "users", "k:others"};
    static constexpr key_view nameless{9, "nameless", ""};

    void law(std::string_view name, void (store_trial::*check)(Store&)) {
        name_ = name;
        Store store = make_();
        (this->*check)(store);
        expect(store.validate(), "`validate` returned false; mend the store, or `validate`");
    }

    void finds_nothing(Store& store) {
        expect(store.size() == 0, "a fresh store is not empty; `make` must return a fresh one");
        expect(!store.get(users, now) && !store.peek(users, now) && !store.facts(users, now),
               "it found something; return nullopt for what is not there");
        expect(!store.touch(users, second, now), "it touched what is not there; return false");
        auto const gone = store.erase(users) + store.erase_text(users.place, users.text) + store.erase_tag("a") +
                          store.erase_if(evict_cause::pattern, [](key_view const&) { return true; });
        expect(gone.confirmed() && gone.count() == 0, "it evicted what is not there; count the entries that went");
        store.sweep(now);
        expect(!store.timed(), "it says that something can expire; return false until a lifetime is stored");
    }

    void keys_decide(Store& store) {
        std::string const long_identity(100'000, 'x');
        std::vector<key_view> const all{
            users, same_place, same_text, same_identity, nameless, {7, "", "k:empty"}, {7, long_identity, "k:long"}};
        int number = 0;
        for (auto const& key : all) put(store, key, ++number);
        expect(store.size() == all.size(), "two keys share an entry; compare identity and text");
        number = 0;
        for (auto const& key : all)
            expect(is(store.get(key, now), ++number), "a key found the result of another; compare identity and text");
        store.erase(users);
        expect(!store.peek(users, now) && is(store.peek(same_text, now), 3),
               "an eviction reached another key; compare keys");
    }

    void results_stay(Store& store) {
        put(store, users, 1);
        expect(is(store.get(users, now), 1) && is(store.get(users, now + 1000 * second), 1),
               "a result was lost; keep it while there is room");
        put(store, users, 2);
        expect(is(store.get(users, now), 2) && store.size() == 1,
               "a result was not replaced; keep one result for one key");
        auto const start = store.begin(lease_of(users), now, true);
        expect(is(start.hit, 2) && start.joined == nullptr,
               "a run began although there is a result; `begin` looks first");
    }

    void looks_quietly(Store& store) {
        auto kept = living(second);
        kept.cost = 3 * second;
        kept.tags = {"a", "b"};
        store.set(users, result_(1), kept, 0);
        store.peek(users, now);
        auto const facts = store.facts(users, now + second / 4);
        expect(facts && facts->age(now + second / 4) == second / 4 && facts->remaining(now + second / 4) == second - second / 4 &&
                   facts->cost == 3 * second && facts->tags == kept.tags,
               "the facts are others than what was stored; age counts from `created`, the rest is as it was given");
        expect(sum(store).hits == 0, "a look counted as a hit; only `get` and `begin` count");
        store.get(users, now);
        store.begin(lease_of(users), now, true);
        expect(sum(store).hits == 2 && sum(store).items == 1,
               "a hit was not counted; count what `get` and `begin` find");
    }

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
            for (auto const& key : {users, same_place, same_text, nameless})
                store.set(key, result_(1), tagged({"a"}), 0);
        };
        auto const went = [&](evicted gone, std::size_t wanted) {
            expect(gone.confirmed() && gone.count() == wanted && store.size() == 4 - wanted,
                   "an eviction miscounted; count the entries that went");
            fill();
        };
        fill();
        went(store.erase(users), 1);
        went(store.erase_text(users.place, users.text), 2);
        went(store.erase_tag("a"), 4);
        went(store.erase_if(evict_cause::pattern, [](key_view const& key) { return key.text.empty(); }), 1);
        auto const causes = sum(store).evictions_by_cause;
        auto const by = [&](evict_cause cause) { return causes[static_cast<std::size_t>(cause)]; };
        expect(by(evict_cause::explicit_) == 3 && by(evict_cause::tag) == 4 && by(evict_cause::pattern) == 1,
               "evictions were counted under another cause; count each under the cause it was given");
    }

    void tags_group(Store& store) {
        store.set(users, result_(1), tagged({"a", "b", "a"}), 0);
        store.set(same_place, result_(2), tagged({"a"}), 0);
        store.set(same_place, result_(3), tagged({"c"}), 0);
        expect(store.erase_tag("a").count() == 1 && is(store.peek(same_place, now), 3),
               "a tag reached an entry that was replaced without it, or missed one; the tags go with the result");
        expect(store.erase_tag("b").count() == 0 && store.erase_tag("c").count() == 1,
               "a tag kept an entry that had gone; an entry leaves all of its groups");
    }

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
                    if (auto const start = store.begin(mine, now, true); start.hit || start.joined != nullptr) continue;
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
                    if (auto const seen = store.get(users, now); seen && !is(seen, round)) stale = true;
            }
            done = true;
        });
        expect(!stale,
               "after an eviction a result was found that was computed before; revoke leases with the entry, at once");
    }

    std::vector<std::function<evicted()>> evictions(Store& store) const {
        return {
            [&store] { return store.erase(users); },
            [&store] { return store.erase_text(users.place, users.text); },
            [&store] { return store.erase_tag("a"); },
            [&store] {
                return store.erase_if(evict_cause::cleared, [](key_view const& key) { return key.text == users.text; });
            },
        };
    }

    template <class Work>
    static void in_threads(Work work) {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread != 4; ++thread) threads.emplace_back([&work, thread] { work(thread); });
    }

    static std::shared_ptr<lease> lease_of(key_view const& key) {
        return std::make_shared<lease>(key, std::vector<std::string>{});
    }

    std::shared_ptr<lease> lead(Store& store, key_view const& key) {
        auto mine = lease_of(key);
        auto const start = store.begin(mine, now, true);
        expect(!start.hit && start.joined == nullptr && mine->standing(),
               "the first run of a key does not lead; leave its lease standing, and return nothing");
        return mine;
    }

    store_outcome commit(Store& store, std::shared_ptr<lease> const& mine, int number) {
        auto kept = living(duration::max());
        kept.tags = mine->tags();
        return store.commit(*mine, result_(number), std::move(kept), 0);
    }

    void put(Store& store, key_view const& key, int number) {
        expect(store.set(key, result_(number), living(duration::max()), 0) == store_outcome::stored,
               "a result was not stored");
    }

    static terms living(duration ttl) {
        terms kept;
        kept.created = now;
        kept.ttl = ttl;
        kept.weight = 1;
        return kept;
    }

    static terms tagged(std::vector<std::string> tags) {
        auto kept = living(duration::max());
        kept.tags = std::move(tags);
        return kept;
    }

    static stats sum(Store const& store) {
        stats counted;
        store.count_into(counted);
        return counted;
    }

    bool is(std::optional<held> const& got, int number) const {
        if constexpr (requires(held const& one) { *one == *one; })
            return got && *got != nullptr && **got == *result_(number);
        else
            return got && *got == result_(number);
    }

    void expect(bool kept, std::string_view what) const {
        if (!kept) throw testing::law_broken{"store_laws(" + std::string{name_} + "): " + std::string{what}};
    }

    Make& make_;
    Result& result_;
    std::string_view name_;
};

}  // namespace memo::detail

template <memo::detail::result_store Store, class Make, class Result>
void memo::testing::store_laws(Make make, Result result) {
    memo::detail::store_trial<Store, Make, Result>{make, result}.run();
}
