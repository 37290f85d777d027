#include <memo/call/settings.hpp>

#include <memo/base/error.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

using memo::duration;
using memo::detail::settings;

template <class... Options>
settings read(memo::detail::space_defaults defaults, Options... options) {
    memo::detail::space in{std::move(defaults)};
    return memo::detail::read_settings(memo::detail::option_set<Options...>{options...}, in, "callable");
}

template <class... Options>
std::string fault(Options... options) {
    try {
        read({}, options...);
    } catch (memo::config_error const& thrown) {
        CHECK(thrown.code() == memo::error_code::bad_config);
        return thrown.what();
    }
    return {};
}

}  // namespace

TEST_SUITE("settings") {
    TEST_CASE("settings: without options there is a bound, no lifetime, and the callable's own name") {
        auto const said = read({});
        CHECK(said.plan.limits.entries == 65'536);
        CHECK(said.plan.limits.cleanup_interval == 60s);
        CHECK_FALSE(said.timed());
        CHECK(said.who.name.empty());
        CHECK(said.who.shown == "callable");
    }

    TEST_CASE("settings: what a wrapper says stands above its manager's defaults") {
        CHECK(read({.ttl = 5s}).ttl == 5s);
        CHECK(read({.ttl = 5s}, memo::ttl(7s)).ttl == 7s);
        CHECK(read({.ttl = 5s}, memo::ttl(memo::forever)).ttl == duration::max());
        CHECK(read({}, memo::ttl([](int) { return 1s; })).timed());
    }

    TEST_CASE("settings: what the manager says of a name stands above what the code says, word by word") {
        auto const tuned = [](memo::wrapper_settings said, auto... options) {
            return read({.ttl = 5s, .wrappers = {{"users.get", said}}}, memo::name("users.get"), options...);
        };
        auto const all = tuned({.ttl = 10min, .idle = 1h, .jitter = 0.25, .max_size = 7, .max_bytes = 9, .enabled = false}, memo::ttl(1s), memo::idle(1s),
                               memo::jitter(0.5), memo::max_size(1), memo::max_bytes(1));
        CHECK(all.ttl == 10min);
        CHECK(all.idle == 1h);
        CHECK(all.jitter == 0.25);
        CHECK(all.plan.limits.entries == 7);
        CHECK(all.plan.limits.weight == 9);
        CHECK(all.plan.limits.exact_order);
        CHECK_FALSE(all.enabled);
        auto const none = tuned({}, memo::ttl(1s), memo::max_size(3));
        CHECK(none.ttl == 1s);
        CHECK(none.plan.limits.entries == 3);
        CHECK(none.enabled);
        CHECK(tuned({.ttl = memo::forever}, memo::ttl(1s)).ttl == duration::max());
        CHECK_FALSE(tuned({.ttl = memo::forever}, memo::ttl([](int) { return 1s; })).timed());
        CHECK(tuned({.max_size = 5}, memo::unbounded).plan.limits.entries == 5);
        CHECK(read({.wrappers = {{"users.get", {.max_size = 7}}}}, memo::max_size(1)).plan.limits.entries == 1);
        CHECK(read({.wrappers = {{"users.get", {.max_size = 7}}}}, memo::name("users.set"), memo::max_size(1)).plan.limits.entries == 1);
    }

    TEST_CASE("F60 settings: what a manager says out of range is told, also by the manager") {
        for (auto const& [said, word] : std::vector<std::pair<memo::wrapper_settings, std::string>>{{{.idle = 0s}, "memo::idle"},
                                                                                                   {{.jitter = 1.5}, "memo::jitter"},
                                                                                                   {{.max_size = 0}, "memo::max_size"},
                                                                                                   {{.max_bytes = 0}, "memo::max_bytes"}}) {
            try {
                memo::manager{{.wrappers = {{"users.get", said}}}};
                FAIL("no error");
            } catch (memo::config_error const& error) {
                CHECK(std::string{error.what()}.starts_with(word));
            }
        }
        CHECK_THROWS_AS((memo::manager{{.wrappers = {{"", {}}}}}), memo::config_error);
    }

    TEST_CASE("settings: one order holds over all entries where they are few, or weighed in a unit of their own") {
        CHECK(read({}, memo::max_size(4095)).plan.limits.exact_order);
        CHECK_FALSE(read({}, memo::max_size(4096)).plan.limits.exact_order);
        CHECK(read({}, memo::max_bytes(1000)).plan.limits.exact_order);
        CHECK(read({}, memo::max_bytes(std::size_t{1} << 30), memo::weigher([](int) { return 1; })).plan.limits.exact_order);
        CHECK_FALSE(read({}, memo::unbounded).plan.limits.exact_order);
    }

    TEST_CASE("settings: a value out of range is told with its option, its value and what to do") {
        CHECK(fault(memo::max_size(0)).find("memo::max_size") == 0);
        CHECK(fault(memo::max_size(-1)).find("1 or more") != std::string::npos);
        CHECK(fault(memo::max_bytes(0)).find("memo::max_bytes") == 0);
        CHECK(fault(memo::idle(0s)).find("memo::idle") == 0);
        CHECK(fault(memo::cleanup_interval(-1s)).find("memo::cleanup_interval") == 0);
        CHECK(fault(memo::jitter(-0.1)).find("0 to 1") != std::string::npos);
        CHECK(fault(memo::jitter(std::numeric_limits<double>::quiet_NaN())).find("memo::jitter") == 0);
        CHECK(fault(memo::version(-1)).find("memo::version") == 0);
        CHECK(fault(memo::name("")).find("memo::name") == 0);
        CHECK(fault(memo::name(std::string(129, 'n'))).find("129 bytes") != std::string::npos);
        CHECK(fault(memo::name(std::string(128, 'n'))).empty());
        CHECK(fault(memo::max_size(std::numeric_limits<std::uint64_t>::max())).empty());
    }

    TEST_CASE("F37: jitter moves a lifetime by no more than its fraction, and never to nothing") {
        CHECK(rc::check([](std::uint64_t chance) {
            settings said;
            said.jitter = 0.25;
            auto const moved = said.spread(1000s, chance);
            RC_ASSERT(moved >= 750s);
            RC_ASSERT(moved <= 1250s);
            said.jitter = 1;
            RC_ASSERT(said.spread(1ns, chance) >= 1ns);
            RC_ASSERT(said.spread(duration::max() - 1ns, chance) > 0ns);
            RC_ASSERT(said.spread(duration::max(), chance) == duration::max());
        }));
    }

    TEST_CASE("settings: jitter differs from entry to entry") {
        settings said;
        said.jitter = 0.5;
        int same = 0;
        for (std::uint64_t chance = 0; chance != 100; ++chance)
            same += said.spread(1000s, chance) == said.spread(1000s, chance + 1) ? 1 : 0;
        CHECK(same < 60);  // with hashes of one bit, every second one is the same
    }
}
