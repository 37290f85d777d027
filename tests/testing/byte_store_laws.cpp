#include "store/byte_model.hpp"
#include "store/simple_bytes.hpp"

#include <memo/base/clock.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/testing/byte_store_laws.hpp>
#include <memo/testing/law_broken.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

/// With every law that is asked of one, but of what the store cannot do.
class modest final : public memo::byte_store {
public:
    std::string_view kind() const noexcept override { return "modest"; }
    memo::store_abilities abilities() const noexcept override {
        return {.tags = false, .patterns = false, .transactions = false, .leases = false, .counts = false, .outlives = false};
    }
    std::optional<std::string> get(memo::entry_name at) override { return inside_.get(at); }
    std::vector<std::optional<std::string>> get_many(std::span<memo::entry_name const> all) override {
        return inside_.get_many(all);
    }
    bool set(memo::entry_name at, memo::stored_bytes const& fresh) override { return inside_.set(at, fresh); }
    void set_many(std::span<std::pair<memo::entry_name, memo::stored_bytes> const> all) override { inside_.set_many(all); }
    bool add(memo::entry_name at, memo::stored_bytes const& fresh, std::string_view seen) override {
        return inside_.add(at, fresh, seen);
    }
    bool amend(memo::entry_name at, memo::stored_bytes const& fresh, std::string_view seen) override {
        return inside_.amend(at, fresh, seen);
    }
    bool discard(memo::entry_name at, std::string_view seen) override { return inside_.discard(at, seen); }
    memo::evicted erase(std::span<memo::entry_name const> all) noexcept override { return inside_.erase(all); }
    memo::evicted erase_text(std::string_view, std::string_view) noexcept override { return refused; }
    memo::evicted erase_pattern(std::string_view, std::string_view) noexcept override { return refused; }
    memo::evicted erase_tag(std::string_view) noexcept override { return refused; }
    memo::evicted erase_all(std::string_view scope) noexcept override { return inside_.erase_all(scope); }
    memo::opened open(memo::entry_name at, std::span<std::string const> tags, std::string_view seen,
                      memo::run_ticket joining) override {
        return inside_.open(at, tags, seen, joining);
    }
    memo::run_ticket lead(memo::entry_name at, std::span<std::string const> tags) override { return inside_.lead(at, tags); }
    memo::committed commit(memo::entry_name at, memo::run_ticket mine, memo::stored_bytes const& fresh) override {
        return inside_.commit(at, mine, fresh);
    }
    void abandon(memo::entry_name at, memo::run_ticket mine) noexcept override { inside_.abandon(at, mine); }
    void transact(std::span<memo::change const>) override { FAIL("asked for a transaction"); }
    memo::name_page scan(std::string_view, std::string_view, std::string_view) override {
        FAIL("asked for a scan");
        return {};
    }
    std::size_t count(std::string_view) override {
        FAIL("asked to count");
        return 0;
    }
    std::map<std::string, std::string> info() override { return inside_.info(); }
    memo::duration ping() override { return {}; }

private:
    static constexpr memo::evicted refused{0, memo::evicted::outcome::failed};
    simple::bytes inside_;
};

}  // namespace

TEST_CASE("byte_model: notices what a row of commands can show of a flaw, and nothing in a right store") {
    using enum simple::flaw;
    auto const noticed = [](simple::flaw flaw) {
        auto const make = [&](memo::manual_clock const& clock) {
            return memo::shared_store{std::make_shared<simple::bytes>(memo::detail::time_source{clock}, flaw)};
        };
        return byte_model::stress(make, 1, 600).has_value();
    };
    std::set<simple::flaw> const beyond{
        none,           name_ends_at_nul,  empties_lost,     long_records_cut, amend_revives,    lifetime_overflows,
        commit_unknown, transact_in_parts, scan_loses_pages, scan_shows_over,  add_in_two_steps, commit_in_two_steps,
        info_empty};
    for (int flaw = 0; flaw <= static_cast<int>(info_empty); ++flaw) {
        CAPTURE(flaw);
        CHECK(noticed(simple::flaw{flaw}) == !beyond.contains(simple::flaw{flaw}));
    }
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("byte_store_laws: the store in memory keeps them, large or small, and so does a plain map under a lock") {
    memo::manual_clock clock;
    auto const pass = [&](memo::duration span) { clock.advance(span); };
    auto const same = [](memo::shared_store const& store) { return store; };
    for (auto const entries : {std::size_t{1'000}, std::size_t{65'536}})
        CHECK_NOTHROW(memo::testing::byte_store_laws(
            [&] { return memo::memory_bytes_store{{.max_size = entries, .clock = clock}}; }, pass, same));
    CHECK_NOTHROW(memo::testing::byte_store_laws(
        [&] { return memo::shared_store{std::make_shared<simple::bytes>(memo::detail::time_source{clock})}; }, pass, same));
}

TEST_CASE("byte_store_laws: nothing is asked of a store that it says it cannot do") {
    // its clock is real, and what is stored for a moment is over when it is read
    auto const pass = [](memo::duration span) {
        for (auto const until = memo::detail::real_time() + span; memo::detail::real_time() < until;) {
        }
    };
    CHECK_NOTHROW(memo::testing::byte_store_laws([] { return memo::shared_store{std::make_shared<modest>()}; }, pass));
}

TEST_CASE("byte_store_laws: a store that breaks any of them is refused, with the law's name") {
    auto const make = [] {
        return memo::shared_store{std::make_shared<simple::bytes>(memo::detail::time_source{}, simple::flaw::add_replaces)};
    };
    CHECK_THROWS_WITH_AS(memo::testing::byte_store_laws(make, [](memo::duration) {}), doctest::Contains("byte_store_laws(add): "),
                         memo::testing::law_broken);
}

TEST_SUITE_END();
