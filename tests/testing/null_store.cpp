#include <memo/store/byte_store.hpp>
#include <memo/testing/null_store.hpp>

#include <doctest/doctest.h>

#include <span>
#include <string>

TEST_CASE("null_store: whatever is stored is not there, and nothing fails") {
    memo::null_store const store;
    memo::entry_name const at{"c", "user:1"};
    memo::stored_bytes const fresh{"record"};
    std::pair<memo::entry_name, memo::stored_bytes> const many[]{{at, fresh}};
    memo::change const changes[]{{at, fresh}};
    CHECK_FALSE(store->set(at, fresh));
    CHECK_FALSE(store->add(at, fresh, {}));
    CHECK_FALSE(store->amend(at, fresh, {}));
    CHECK_FALSE(store->discard(at, {}));
    store->set_many(many);
    store->transact(changes);
    auto const mine = store->lead(at, {});
    CHECK(store->commit(at, mine, fresh) == memo::committed::too_large);
    store->abandon(at, mine);
    CHECK_FALSE(store->get(at));
    CHECK_FALSE(store->get_many(std::span{&at, 1}).front());
    CHECK(store->count({}) == 0);
    CHECK(store->scan("c", "*", {}).names.empty());
    CHECK(store->scan("c", "*", {}).next.empty());
    CHECK(store->info().at("entries") == "0");
    CHECK(store->ping() == memo::duration::zero());
    for (auto const gone : {store->erase(std::span{&at, 1}), store->erase_text({}, "user:1"), store->erase_pattern({}, "*"),
                            store->erase_tag("t"), store->erase_all({})}) {
        CHECK(gone.confirmed());
        CHECK(gone.count() == 0);
    }
}

TEST_CASE("null_store: every miss leads a run of its own, the later one with the greater number") {
    memo::null_store const store;
    auto const first = store->open({"c", "a"}, {}, {}, 0);
    auto const next = store->open({"c", "a"}, {}, {}, first.mine);
    CHECK(first.mine != 0);
    CHECK_FALSE(next.joined);
    CHECK(next.mine > first.mine);
    CHECK(store->lead({"c", "a"}, {}) > next.mine);
}
