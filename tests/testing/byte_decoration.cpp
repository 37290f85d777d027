#include <memo/base/evicted.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/store/prefixed.hpp>
#include <memo/testing/byte_decoration.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <span>
#include <vector>

namespace {

struct listing final : memo::detail::byte_decoration {
    explicit listing(memo::shared_store inside) : byte_decoration{std::move(inside)} {}

    void around(memo::byte_operation what, action const& act) override { asked.push_back(what), act(); }
    memo::evicted around_evict(memo::byte_operation what, eviction const& act) noexcept override {
        return asked.push_back(what), act();
    }
    void around_quietly(memo::byte_operation what, action const& act) noexcept override { asked.push_back(what), act(); }

    std::vector<memo::byte_operation> asked;
};

}  // namespace

TEST_CASE("byte_decoration: every operation goes by its own name, once, and reaches the store inside") {
    using enum memo::byte_operation;
    memo::memory_bytes_store const inside;
    listing store{memo::prefixed(inside, "p:")};
    memo::entry_name const at{"c", "user:1"};
    auto const fresh = memo::stored_bytes{"record"};
    std::pair<memo::entry_name, memo::stored_bytes> const many[]{{at, fresh}};
    memo::change const changes[]{{at, fresh}};
    store.set(at, fresh);
    CHECK(store.get(at) == "record");
    CHECK(store.get_many(std::span{&at, 1}).front() == "record");
    store.set_many(many);
    CHECK_FALSE(store.add(at, fresh, {}));
    CHECK(store.amend(at, fresh, "record"));
    CHECK(store.discard(at, "record"));
    store.commit(at, store.lead(at, {}), fresh);
    CHECK(store.open(at, {}, {}, 0).record == "record");
    CHECK(store.erase(std::span{&at, 1}).count() == 1);
    store.transact(changes);
    CHECK(store.erase_text({}, "user:1").count() == 1);
    CHECK(store.erase_pattern({}, "*").count() == 0);
    CHECK(store.erase_tag("x").count() == 0);
    CHECK(store.erase_all({}).count() == 0);
    store.abandon(at, 1);
    CHECK(store.scan("c", "*", {}).names.empty());
    CHECK(store.count({}) == 0);
    CHECK(store.info().at("prefix") == "p:");
    CHECK(store.ping() >= memo::duration::zero());
    store.sweep();
    store.flush();
    CHECK(store.asked == std::vector{set,     get,  get_many, set_many, add,        amend,         discard,   lead,
                                     commit,  open, erase,    transact, erase_text, erase_pattern, erase_tag, erase_all,
                                     abandon, scan, count,    info,     ping,       sweep,         flush});
    CHECK(store.asked.size() == memo::byte_operations);
    CHECK(store.kind() == "memory");
    CHECK(store.prefix() == "p:");
    CHECK_FALSE(store.abilities().outlives);
}
