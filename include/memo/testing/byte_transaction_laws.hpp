#pragma once

#include <memo/base/clock.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/testing/byte_trial.hpp>

#include <atomic>
#include <string>
#include <utility>
#include <vector>

namespace memo::detail {

/// Of `byte_store_laws`: of a transaction everybody sees all or nothing.
class byte_transaction_laws : byte_trial {
public:
    using byte_trial::byte_trial;

    void run() {
        if (!workshop_.make()->abilities().transactions) return;
        law("a transaction is its steps in order", [this](byte_store& store) { steps(store); });
        law("all or nothing", [this](byte_store& store) { all_or_nothing(store); });
    }

private:
    void steps(byte_store& store) {
        store.transact({});
        put(store, user, 1, {"old"});
        put(store, other, 1);
        auto const two = record(2);
        auto const three = record(3);
        std::vector<std::string> const tags{"new"};
        std::vector<change> const all{{user, stored_bytes{two, tags}},
                                      {other},
                                      {elsewhere, stored_bytes{two}},
                                      {hashed},
                                      {elsewhere, stored_bytes{three, {}, hour}}};
        store.transact(all);
        expect(is(store.get(user), 2) && !store.get(other) && is(store.get(elsewhere), 3) && !store.get(hashed),
               "a transaction is not its steps; store or erase each, the last of a name wins");
        if (store.abilities().tags) {
            expect_evicted(store.erase_tag("old"), 0, "a transaction left the tags that were there; replace them");
            expect_evicted(store.erase_tag("new"), 1, "a transaction did not store tags; store them");
        }
        store.transact(std::vector<change>{{user, stored_bytes{two}}, {user}});
        expect(!store.get(user), "a name that was stored and then erased in one transaction is there; the last step wins");
    }

    void all_or_nothing(byte_store& store) {
        std::atomic<bool> torn{false};
        int last = 0;
        entry_name const both[]{user, hashed};
        auto const number_of = [](std::optional<std::string> const& got) {
            return got ? std::stoi(got->substr(got->find_last_of('.') + 1)) : 0;
        };
        in_threads(3, [&](int thread, std::atomic<bool> const& over) {
            if (thread == 0) {
                auto const until = real_time() + 100 * millisecond;
                for (int round = 1; round < 100 || real_time() < until; ++round) {
                    auto const bytes = record(round);
                    if (round % 10 == 0) store.transact(std::vector<change>{{user}, {hashed}});
                    store.transact(std::vector<change>{{hashed, stored_bytes{bytes}}, {user, stored_bytes{bytes}}});
                    last = round;
                }
                return;
            }
            while (!over) {
                auto const found = store.get_many(both);
                torn = torn || found[0] != found[1];
                auto const first = store.get(both[thread - 1]);
                auto const next = store.get(both[2 - thread]);
                torn = torn || (first && next && number_of(next) < number_of(first));
            }
        });
        expect(!torn, "a reader saw a part of a transaction; make all of it visible at once");
        expect(is(store.get(user), last) && is(store.get(hashed), last),
               "the last transaction is not what is there; store all of it");
    }
};

}  // namespace memo::detail
