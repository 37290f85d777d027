#include <memo/call/verdict.hpp>
#include <memo/options.hpp>
#include <memo/policy/lru.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <concepts>
#include <span>
#include <string>

namespace verdict_test {

using namespace memo::detail;
using namespace std::chrono_literals;

template <class Verdict, class F, class... Options>
constexpr bool says(F, Options...) {
    return std::same_as<cached_verdict<F, Options...>, Verdict>;
}

std::string describe(int id, std::string const& language);
void forget(int id);
int sum(std::span<int const> numbers);

struct order_without_verbs {
    struct hook {};
    void admit(hook&) noexcept;
};

TEST_CASE("verdict: a right wrapper is acquitted") {
    static_assert(says<acquitted>(&describe));
    static_assert(says<acquitted>(&describe, memo::ttl(5min), memo::jitter(0.1), memo::idle(1min), memo::max_size(10),
                                  memo::max_bytes(1000), memo::policy(memo::lru), memo::tags<"texts", "lang:{1}">,
                                  memo::key<"text:{0}:{1}">, memo::name("describe"), memo::version(2),
                                  memo::unless([](std::string const& text) { return text.empty(); }),
                                  memo::only_if([](int id, std::string const&) { return id > 0; }), memo::shared,
                                  memo::no_coalesce, memo::no_stats));
    static_assert(says<acquitted>(&describe, memo::ttl(5min), memo::refresh_ahead(0.8), memo::early_expiration(),
                                  memo::stale_while_revalidate(1min), memo::stale_if_error(1h),
                                  memo::cache_errors<int>(1s), memo::wait_timeout(1s)));
}

TEST_CASE("verdict: each room's fault reaches the wrapper") {
    static_assert(says<member_sentences<member_fault::stranger>>(&describe, 5));
    static_assert(
        says<repetition_sentences<repetition{option_kind::ttl, true}>>(&describe, memo::ttl(1s), memo::ttl(2s)));
    static_assert(says<parentheses_sentences<called_name{option_kind::unbounded, true}>>(&describe, memo::unbounded()));
    static_assert(says<callable_sentences<callable_fault::not_callable>>(5));
    static_assert(says<result_sentences<result_fault::nothing>>(&forget));
    static_assert(says<lifetime_sentences<lifetime_fault::ttl_number>>(&describe, memo::ttl(5)));
    static_assert(says<freshness_sentences<freshness_fault::ahead_alone>>(&describe, memo::refresh_ahead(0.8)));
    static_assert(says<background_sentences<background_fault::view>>(&sum, memo::ttl(1s), memo::refresh_ahead(0.8)));
    static_assert(says<bound_sentences<bound_fault::weigher_alone>>(&describe, memo::weigher(5)));
    static_assert(says<policy_voice<policy_verdict::touch>>(&describe, memo::policy(order_without_verbs{})));
    static_assert(says<condition_sentences<condition_fault::unless_arguments>>(
        &describe, memo::unless([](int, std::string const&) { return true; })));
    static_assert(says<surroundings_sentences<surroundings_fault::name>>(&describe, memo::name(5)));
    static_assert(says<key_sentences<key_fault::args_range>>(&describe, memo::args<2>));
    static_assert(says<key_text_sentences<template_fault::index_out_of_range>>(&describe, memo::key<"{2}">));
    static_assert(says<tag_text_sentences<template_fault::empty_placeholder>>(&describe, memo::tags<"a", "{}">));
}

TEST_CASE("verdict: what is wrapped around a refused wrapper says nothing more") {
    static_assert(says<silenced>(refused<int(int)>{}));
    static_assert(says<silenced>(refused<void>{}, memo::ttl(5)));
    static_assert(!is_right<silenced> && is_right<acquitted>);
}

}  // namespace verdict_test
