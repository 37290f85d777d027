#include "store/sample.hpp"

#include <memo/store/lease_table.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

using memo::detail::graveyard;
using memo::detail::lease;
using memo::detail::lease_table;

namespace {

constexpr auto everywhere = [](std::uint64_t) { return true; };
constexpr auto nothing = [](memo::detail::key_view const&) { return false; };

std::shared_ptr<lease> run_for(sample::key const& key) {
    return std::make_shared<lease>(key, std::vector<std::string>{});
}

}  // namespace

TEST_CASE("lease_table: a run that shares is joined by equal calls only, and one that does not by nobody") {
    lease_table table;
    auto const mine = run_for(sample::key{7});
    auto const lonely = run_for(sample::key{8});
    table.enter(mine, 1, true);
    table.enter(lonely, 2, false);
    CHECK(table.joinable(sample::key{7}) == mine);
    CHECK(table.joinable(sample::key{8}) == nullptr);
    CHECK(table.joinable(sample::key{9}) == nullptr);
    CHECK(table.in_flight(sample::key{8}));
    CHECK_FALSE(table.in_flight(sample::key{9}));
    CHECK(mine->sequence() == 1);
    CHECK(table.validate(everywhere, nothing));
}

TEST_CASE("lease_table: a run stands in it alone while no other does, of whatever key") {
    lease_table table;
    CHECK(table.empty());
    auto const mine = run_for(sample::key{7});
    auto const other = run_for(sample::key{8});
    table.enter(other, 1, true);
    CHECK_FALSE(table.has_only(*mine));
    table.enter(mine, 2, true);
    CHECK_FALSE(table.has_only(*mine));
    {
        graveyard dead;
        table.revoke(*other, dead);
    }
    CHECK(table.has_only(*mine));
    CHECK_FALSE(table.empty());
}

TEST_CASE("F27 lease_table: nobody joins a run that is overdue or counts on it, and it may store all the same") {
    lease_table table;
    auto const slow = run_for(sample::key{7});
    table.enter(slow, 1, true);
    lease_table::relieve(*slow);
    CHECK(table.joinable(sample::key{7}) == nullptr);
    CHECK_FALSE(table.in_flight(sample::key{7}));
    CHECK(slow->standing());
}

TEST_CASE("lease_table: a later run revokes the earlier ones for its key, and none else") {
    lease_table table;
    graveyard dead;
    auto const first = run_for(sample::key{7});
    auto const second = run_for(sample::key{7});
    auto const third = run_for(sample::key{7});
    auto const other = run_for(sample::key{8});
    std::uint64_t sequence = 0;
    for (auto const& one : {first, other, second, third})
        table.enter(one, ++sequence, true);
    table.supersede(sample::key{7}, second->sequence(), dead);
    CHECK_FALSE(first->standing());
    CHECK(second->standing());
    CHECK(third->standing());
    CHECK(other->standing());
    CHECK(table.validate(everywhere, nothing));
}

TEST_CASE("lease_table: what is revoked stands no more, and is let go of outside") {
    lease_table table;
    auto const mine = run_for(sample::key{7});
    auto const other = run_for(sample::key{8});
    table.enter(mine, 1, true);
    table.enter(other, 2, true);
    {
        graveyard dead;
        table.revoke(*mine, dead);
        table.revoke(*mine, dead);
        table.revoke_at(other->place, [](lease const&) { return false; }, dead);
        CHECK(mine.use_count() == 2);
    }
    CHECK_FALSE(mine->standing());
    CHECK(mine.use_count() == 1);
    CHECK(other->standing());
    graveyard dead;
    table.revoke_if([](lease const&) { return true; }, dead);
    CHECK_FALSE(table.in_flight(sample::key{8}));
}

TEST_CASE("lease_table: one that ends revokes what stands in it, and lets go of it") {
    auto const mine = run_for(sample::key{7});
    {
        lease_table table;
        table.enter(mine, 1, true);
    }
    CHECK_FALSE(mine->standing());
    CHECK(mine.use_count() == 1);
}
