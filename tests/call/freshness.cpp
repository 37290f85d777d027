#include <memo/call/freshness.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <thread>

using namespace std::chrono_literals;
using memo::duration;
using memo::detail::backoff;
using memo::detail::draw_chance;
using memo::detail::freshness;
using memo::detail::freshness_rules;
using memo::detail::renewal;
using memo::detail::vintage;

namespace {

/// Made at 100 s, fresh for 10 s, by a run of one second.
vintage made(duration retry_at = 0s) {
    return {.created = 100s, .ttl = 10s, .fresh_until = 110s, .gone_at = 200s, .cost = 1s, .failures = 0, .retry_at = retry_at};
}

constexpr double middle = 0.5;

}  // namespace

TEST_CASE("freshness: each cell of the table") {
    freshness_rules const rules{.stale_while_revalidate = 5s, .stale_if_error = 20s, .refresh_ahead = 0.8};
    auto const at = [&](duration now) { return rules.judge(made(), now, middle); };
    CHECK(at(100s) == freshness{false, renewal::none});
    CHECK(at(108s - 1ns) == freshness{false, renewal::none});
    CHECK(at(108s) == freshness{false, renewal::background});
    CHECK(at(110s - 1ns) == freshness{false, renewal::background});
    CHECK(at(110s) == freshness{true, renewal::background});
    CHECK(at(115s - 1ns) == freshness{true, renewal::background});
    CHECK(at(115s) == freshness{true, renewal::in_call});
    CHECK(rules.grace() == 20s);
}

TEST_CASE("freshness: without options nothing is renewed while it is fresh") {
    CHECK(freshness_rules{}.judge(made(), 110s - 1ns, 1e-300) == freshness{false, renewal::none});
    CHECK(freshness_rules{}.grace() == 0s);
}

TEST_CASE("freshness: only one window, and what follows it") {
    freshness_rules const revalidates{.stale_while_revalidate = 5s};
    CHECK(revalidates.judge(made(), 110s, middle) == freshness{true, renewal::background});
    freshness_rules const survives{.stale_if_error = 5s};
    CHECK(survives.judge(made(), 110s, middle) == freshness{true, renewal::in_call});
}

TEST_CASE("F30 freshness: for a while after a failure nothing is renewed, in no cell") {
    freshness_rules const rules{.stale_while_revalidate = 5s, .stale_if_error = 20s, .refresh_ahead = 0.8, .early_expiration = 1e9};
    for (duration const now : {108s, 110s, 116s}) {
        CHECK(rules.judge(made(now + 1ns), now, middle).renews == renewal::none);
        CHECK(rules.judge(made(now), now, middle).renews != renewal::none);
    }
}

TEST_CASE("freshness: a call runs early the likelier the nearer the end, the longer the run and the greater beta") {
    auto const early = [](double beta, duration now, double chance) {
        return freshness_rules{.early_expiration = beta}.judge(made(), now, chance).renews == renewal::in_call;
    };
    double const once_in_e = std::exp(-1.0);  // earlier by beta x cost
    CHECK_FALSE(early(1, 109s - 1ns, once_in_e * 1.0000001));
    CHECK(early(1, 109s + 1ns, once_in_e));
    CHECK(early(3, 107s + 1ns, once_in_e));
    CHECK_FALSE(early(3, 106s, once_in_e));
    CHECK_FALSE(early(1, 110s - 1ns, 1));
    CHECK(early(1, 100s, 1e-9));
}

TEST_CASE("freshness: before its notice nothing is renewed, whatever is drawn, and with it the least chance is") {
    CHECK(rc::check([] {
        auto const up_to = [](duration most) { return duration{*rc::gen::inRange<std::int64_t>(0, most.count())}; };
        auto one = made();
        one.cost = up_to(3s);
        freshness_rules const rules{.refresh_ahead = *rc::gen::inRange(1, 101) / 100.0, .early_expiration = *rc::gen::inRange(0, 30) / 10.0};
        auto const first = std::max(one.fresh_until - rules.notice(one.ttl, one.cost), one.created);
        if (first > one.created)
            RC_ASSERT(rules.judge(one, one.created + up_to(first - one.created), memo::detail::least_chance).renews == renewal::none);
        if (first < one.fresh_until)
            RC_ASSERT(rules.judge(one, first, memo::detail::least_chance).renews != renewal::none);
    }));
    CHECK(freshness_rules{.refresh_ahead = 0.8}.notice(10s, 1s) == 2s);
    CHECK(freshness_rules{}.notice(10s, 1s) == 0s);
    CHECK(freshness_rules{}.notice(duration::max(), 1s) == 0s);
}

TEST_CASE("F37 freshness: no span, chance or cost makes it overflow") {
    CHECK(rc::check([] {
        auto const span = rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t n) { return duration{n == std::numeric_limits<std::int64_t>::min() ? 0 : n < 0 ? -n : n}; });
        auto const far = rc::gen::oneOf(span, rc::gen::element(duration::zero(), duration{1}, duration::max(), duration::max() - 1ns));
        vintage const one{*far, *far, *far, *far, *far, 0, *far};
        freshness_rules const rules{*far, *far, *rc::gen::element(0.0, 0.5, 1.0), *rc::gen::element(0.0, 1.0, 1e300)};
        auto const chance = *rc::gen::element(1.0, 0.5, std::numeric_limits<double>::min(), std::ldexp(1.0, -53));
        static_cast<void>(rules.judge(one, *far, chance));
        RC_ASSERT(rules.grace() >= rules.stale_if_error);
    }));
}

TEST_CASE("freshness: what lives forever is never renewed") {
    auto eternal = made();
    eternal.ttl = eternal.fresh_until = eternal.gone_at = duration::max();
    freshness_rules const rules{.refresh_ahead = 0, .early_expiration = 1e300};
    CHECK(rules.judge(eternal, duration::max() - 1ns, 1e-300) == freshness{false, renewal::none});
}

TEST_CASE("F30 backoff: it doubles up to a minute, less up to a half by chance") {
    CHECK(backoff(1, 0) == 100ms);
    CHECK(backoff(2, 0) == 200ms);
    CHECK(backoff(5, 0) == 1600ms);
    CHECK(backoff(11, 0) == 60s);
    CHECK(backoff(std::numeric_limits<unsigned>::max(), 0) == 60s);
    CHECK(backoff(1, 1) == 50ms);
    CHECK(backoff(20, 1) == 30s);
}

TEST_CASE("freshness: chances are above 0 and at most 1, even, and of its own in every thread") {
    double sum = 0;
    double other = 0;
    auto const mine = draw_chance();
    std::jthread{[&] { other = draw_chance(); }}.join();
    CHECK(mine != other);
    constexpr int draws = 10'000;
    for (int i = 0; i != draws; ++i) {
        auto const chance = draw_chance();
        CHECK((chance > 0 && chance <= 1));
        sum += chance;
    }
    CHECK(sum / draws == doctest::Approx(0.5).epsilon(0.05));
}
