#include "store/byte_model.hpp"
#include "store/simple_bytes.hpp"

#include <memo/base/error.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/store/prefixed.hpp>
#include <memo/testing/byte_store_laws.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

namespace {

constexpr memo::entry_name user{"c", "user:1"};
std::vector<std::string> const group{"group"};

}  // namespace

TEST_CASE("prefixed: says what a model says, also twice over, among others in the same store") {
    byte_model::check([](memo::manual_clock const& clock) {
        memo::memory_bytes_store const whole{{.clock = clock}};
        auto const other = memo::prefixed(whole, "q:");
        for (auto const family : byte_model::families)
            for (auto const name : byte_model::names)
                other->set({family, name}, {"another's", group});
        return memo::prefixed(memo::prefixed(whole, "p:"), "q:");
    });
}

TEST_CASE("prefixed: what is evicted behind one prefix stays behind another, and without one") {
    memo::memory_bytes_store const whole;
    auto const mine = memo::prefixed(whole, "mine:");
    auto const yours = memo::prefixed(whole, "yours:");
    auto const fill = [&] {
        for (auto const& store : {memo::shared_store{whole}, mine, yours})
            store->set(user, {"record", group});
    };
    fill();
    CHECK(mine->erase_text({}, "user:1").count() == 1);
    fill();
    CHECK(mine->erase_pattern({}, "*").count() == 1);
    fill();
    CHECK(mine->erase_tag("group").count() == 1);
    fill();
    CHECK(mine->erase_all({}).count() == 1);
    CHECK(yours->get(user));
    CHECK(whole->get(user));
    CHECK(mine->count({}) == 0);
    CHECK(yours->count({}) == 1);
    CHECK(mine->scan("c", "*", {}).names.empty());
    CHECK(whole->get({"yours:c", "user:1"}));
    CHECK(whole->erase_tag("yours:group").count() == 1);
}

TEST_CASE("prefixed: prefixes nest, the outer behind the inner, and the store says all of them") {
    memo::memory_bytes_store const whole;
    auto const both = memo::prefixed(memo::prefixed(whole, "a:"), "b:");
    CHECK(both->prefix() == "a:b:");
    CHECK(memo::prefixed(whole, "a:")->prefix() == "a:");
    CHECK(both->info().at("prefix") == "a:b:");
    both->set(user, {"record"});
    CHECK(whole->get({"a:b:c", "user:1"}));
}

TEST_CASE("prefixed: families of digests stay so, and long ones are not cut") {
    memo::memory_bytes_store const whole;
    auto const mine = memo::prefixed(whole, std::string(128, 'p'));
    std::string const family(1000, 'f');
    mine->set({family, "x"}, {"record"});
    mine->set({family + '#', "x"}, {"digest"});
    CHECK(mine->get({family, "x"}) == "record");
    CHECK(mine->erase_text({}, "x").count() == 1);
    CHECK(mine->get({family + '#', "x"}) == "digest");
}

TEST_CASE("prefixed: a prefix of none or more than 128 bytes, or one that begins with #, is refused") {
    memo::memory_bytes_store const whole;
    CHECK_NOTHROW(memo::prefixed(whole, "p"));
    CHECK_NOTHROW(memo::prefixed(whole, std::string(128, 'p')));
    for (std::string const& wrong : {std::string{}, std::string(129, 'p'), std::string{"#p:"}})
        CHECK_THROWS_AS(memo::prefixed(whole, wrong), memo::config_error);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("prefixed: keeps the laws of byte stores") {
    memo::manual_clock clock;
    auto const whole = memo::shared_store{std::make_shared<simple::bytes>(memo::detail::time_source{clock})};
    int made = 0;
    CHECK_NOTHROW(memo::testing::byte_store_laws([&] { return memo::prefixed(whole, std::to_string(++made) + ':'); },
                                                 [&](memo::duration span) { clock.advance(span); },
                                                 [](memo::shared_store const& store) { return store; }));
}

TEST_SUITE_END();
