#include <memo/call/verdict_targets.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <concepts>
#include <memory>
#include <string>

namespace verdict_targets_test {

using namespace memo::detail;
using namespace std::chrono_literals;

template <class Verdict, class F, class... Targets>
constexpr bool evict_says(F, Targets...) {
    return std::same_as<evict_verdict<F, Targets...>, Verdict>;
}

template <class Verdict, class F, class... Targets>
constexpr bool put_says(F, Targets...) {
    return std::same_as<put_verdict<F, Targets...>, Verdict>;
}

template <class Signature, class Object = void>
struct wrapper {
    static constexpr bool is_memo_wrapper = true;
    static constexpr bool stores_results = true;
    using memo_signature = Signature;
    using memo_object = Object;
};

struct shop {
    std::string tenant;
    void save(int id, std::string& name);
    void consume() &&;
};

constexpr wrapper<std::string(int)> names{};
constexpr wrapper<std::string(int), shop> names_of_shop{};

void rename(int id, std::string& name);
std::string renamed(int id);
std::unique_ptr<int> made(int id);

template <evict_fault Fault>
using evicting = evict_sentences<Fault>;
template <put_fault Fault>
using putting = put_sentences<Fault>;

TEST_CASE("evict: every kind of target, several of each, and nothing more is needed") {
    static_assert(evict_says<acquitted>(&rename, memo::entry(names, memo::by<0>), memo::all(names), memo::key<"a:{0}">,
                                        memo::key<"b:{0}">, memo::pattern<"c:{1}:*">, memo::pattern<"d">,
                                        memo::tags<"e", "f:{0}">, memo::tags<"g">, memo::before));
    static_assert(evict_says<acquitted>([](auto) {}, memo::entry(names), memo::signature<void(int)>));
}

TEST_CASE("evict: members count their parameters only") {
    static_assert(evict_says<acquitted>(&shop::save, memo::entry(names_of_shop, memo::by<0>), memo::key<"u:{0}">,
                                        memo::instance_key(&shop::tenant)));
    static_assert(evict_says<key_text_sentences<template_fault::index_out_of_range>>(&shop::save, memo::key<"u:{2}">));
    static_assert(evict_says<callable_sentences<callable_fault::variadic>>(&shop::consume, memo::key<"u">));
}

TEST_CASE("evict: targets it must have, and only such as it knows") {
    using enum evict_fault;
    static_assert(evict_says<evicting<nothing>>(&rename));
    static_assert(evict_says<evicting<nothing>>(&rename, memo::before));
    static_assert(evict_says<evicting<cached_option>>(&rename, memo::all(names), memo::ttl(5s)));
    static_assert(evict_says<evicting<cached_option>>(&rename, memo::all(names), memo::name("rename")));
    static_assert(evict_says<evicting<stranger>>(&rename, names));
    static_assert(evict_says<evicting<target_first>>(memo::all(names), &rename));
    static_assert(evict_says<evicting<not_callable>>(5, memo::all(names)));
    static_assert(evict_says<callable_sentences<callable_fault::overloaded>>(overloaded_name{}));
    static_assert(evict_says<evicting<free_instance>>(&rename, memo::key<"a">, memo::instance_key(&shop::tenant)));
    static_assert(evict_says<evicting<evict_fault::any_instance>>(&shop::save, memo::key<"a">, memo::any_instance));
}

TEST_CASE("evict: faults of entries, texts, globs and managers are told") {
    static_assert(evict_says<entry_sentences<entry_fault::same_count>>(&rename, memo::entry(names)));
    static_assert(evict_says<tag_text_sentences<template_fault::empty_placeholder>>(&rename, memo::tags<"{}">));
    static_assert(evict_says<pattern_text_sentences<template_fault::unbalanced_brace>>(&rename, memo::pattern<"{0">));
    static_assert(evict_says<glob_sentences<glob_verdict::malformed>>(&rename, memo::pattern<"a[">));
    static_assert(
        evict_says<surroundings_sentences<surroundings_fault::manager>>(&rename, memo::key<"a">, in_option<int>{}));
    static_assert(evict_says<parentheses_sentences<called_name{option_kind::before, true}>>(&rename, memo::key<"a">,
                                                                                            memo::before()));
    static_assert(evict_says<repetition_sentences<repetition{option_kind::before, true}>>(&rename, memo::key<"a">,
                                                                                          memo::before, memo::before));
    static_assert(
        evict_says<method_sentences<method_fault::no_member>>(&shop::save, memo::key<"a">, memo::instance_key(5)));
}

TEST_CASE("evict: over a refused wrapper nothing more is said") {
    static_assert(evict_says<silenced>(&rename, memo::entry(refused<void>{})));
    static_assert(evict_says<silenced>(refused<void>{}, memo::all(names)));
}

TEST_CASE("put: a result goes into entries, and there must be both") {
    using enum put_fault;
    static_assert(put_says<acquitted>(&renamed, memo::entry(names)));
    static_assert(put_says<putting<nothing>>(&renamed));
    static_assert(put_says<putting<no_result>>(&rename, memo::entry(names, memo::by<0>)));
    static_assert(put_says<putting<put_fault::result>>([](int id) { return id; }, memo::entry(names)));
    static_assert(put_says<putting<put_fault::result>>(&made, memo::entry(wrapper<std::unique_ptr<int>(int)>{})));
    static_assert(put_says<putting<put_fault::before>>(&renamed, memo::entry(names), memo::before));
    static_assert(put_says<putting<cached_option>>(&renamed, memo::entry(names), memo::all(names)));
    static_assert(put_says<putting<cached_option>>(&renamed, memo::entry(names), memo::ttl(5s)));
    static_assert(put_says<putting<stranger>>(&renamed, names));
    static_assert(put_says<putting<target_first>>(memo::entry(names), &renamed));
    static_assert(put_says<putting<not_callable>>(5, memo::entry(names)));
    static_assert(put_says<callable_sentences<callable_fault::overloaded>>(overloaded_name{}));
    static_assert(put_says<entry_sentences<entry_fault::stranger>>(&renamed, memo::entry(5)));
    static_assert(put_says<silenced>(&renamed, memo::entry(refused<void>{})));
}

}  // namespace verdict_targets_test
