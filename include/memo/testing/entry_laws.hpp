#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/key_view.hpp>
#include <memo/store/entry.hpp>
#include <memo/testing/store_trial.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace memo::detail {

/// Of `store_laws`: what is stored is found under its key, and goes when it is evicted.
template <class Store, class Make, class Result>
class entry_laws : store_trial<Store, Make, Result> {
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
    using trial::tagged;
    using trial::users;
    using trial::same_place;
    using trial::same_text;
    using trial::same_identity;
    using trial::nameless;

public:
    using trial::trial;

    void run() {
        this->law("an empty store finds nothing", [this](Store& store) { finds_nothing(store); });
        this->law("keys decide", [this](Store& store) { keys_decide(store); });
        this->law("a result stays until it is replaced", [this](Store& store) { results_stay(store); });
        this->law("looking is quiet", [this](Store& store) { looks_quietly(store); });
        this->law("tags", [this](Store& store) { tags_group(store); });
        if (!trial::is_shared)
            this->law("errors", [this](Store& store) { errors_are_few(store); });
    }

private:
    void finds_nothing(Store& store) {
        expect(store.size() == 0, "a fresh store is not empty; `make` must return a fresh one");
        expect(!store.get(users, now) && !store.peek(users, now) && !store.facts(users, now),
               "it found something; return nullopt for what is not there");
        expect(!store.touch(users, second, now), "it touched what is not there; return false");
        auto const gone = store.erase(users) + store.erase_text(users.place, users.text) + store.erase_tag("a") +
                          store.erase_pattern("*") + store.erase_all();
        expect(gone.confirmed() && gone.count() == 0, "it evicted what is not there; count the entries that went");
        store.sweep(now);
        expect(trial::is_shared || !store.timed(), "it says that something can expire; return false until a lifetime is stored");
    }

    void keys_decide(Store& store) {
        std::string const long_identity(100'000, 'x');
        std::vector<key_view> all{users, same_place, same_identity, nameless, {7, "", "k:empty"}, {7, long_identity, "k:long"}};
        if (!trial::is_shared)
            all.push_back(same_text);
        int number = 0;
        for (auto const& key : all)
            put(store, key, ++number);
        expect(store.size() == all.size(), "two keys share an entry; compare identity and text");
        number = 0;
        for (auto const& key : all)
            expect(is(store.get(key, now), ++number), "a key found the result of another; compare identity and text");
        store.erase(users);
        expect(!store.peek(users, now) && is(store.peek(same_place, now), 2) &&
                   (trial::is_shared || is(store.peek(same_text, now), number)),
               "an eviction reached another key; compare keys");
        put(store, users, 8);
        put(store, same_text, 9);
        expect(is(store.peek(same_text, now), 9) && (trial::is_shared ? !store.peek(users, now) : is(store.peek(users, now), 8)),
               "a key found the result of another of the same text; compare identity");
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

    void tags_group(Store& store) {
        store.set(users, result_(1), tagged({"a", "b", "a"}), 0);
        store.set(same_place, result_(2), tagged({"a"}), 0);
        store.set(same_place, result_(3), tagged({"c"}), 0);
        expect(store.erase_tag("a").count() == 1 && is(store.peek(same_place, now), 3),
               "a tag reached an entry that was replaced without it, or missed one; the tags go with the result");
        expect(store.erase_tag("b").count() == 0 && store.erase_tag("c").count() == 1,
               "a tag kept an entry that had gone; an entry leaves all of its groups");
    }

    void errors_are_few(Store& store) {
        constexpr int results = 80;
        constexpr int errors = 40;
        std::string identity;
        auto const of_key = [&](int number) {
            identity = std::to_string(number);
            return key_view{static_cast<std::uint64_t>(number), identity, {}};
        };
        auto kept = living(duration::max());
        kept.weight = 0;
        for (int number = 0; number != results; ++number)
            put(store, of_key(number), number, kept);
        kept.error = true;
        kept.tags = {std::string{error_group}};
        for (int number = 0; number != errors; ++number)
            put(store, of_key(-1 - number), number, kept);
        for (int number = 0; number != results; ++number)
            expect(is(store.peek(of_key(number), now), number),
                   "remembered exceptions drove out a result; hold a tenth of the bound of them at most");
        expect(is(store.peek(of_key(-errors), now), errors - 1), "the last exception was not remembered; let an older one go");
    }
};

}  // namespace memo::detail
