#include <memo/call/verdict_method.hpp>
#include <memo/key/function.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <concepts>
#include <string>
#include <vector>

namespace verdict_method_test {

using namespace memo::detail;
using namespace std::chrono_literals;
using enum method_fault;

template <class Verdict, class F, class... Options>
constexpr bool says(F, Options...) {
    return std::same_as<method_verdict<F, Options...>, Verdict>;
}

template <method_fault Fault, class F, class... Options>
constexpr bool blames(F, Options...) {
    return std::same_as<method_verdict<F, Options...>, method_sentences<Fault>>;
}

struct keyless_type {};

struct named_thing {
    std::string title;
};

struct service : named_thing {
    std::string tenant;
    keyless_type secret;
    std::vector<int> numbers;

    double load(int id) const;
    void save(int id) const;
    double consume(int id) &&;
    int zone() const;
    int zone_of(int id) const;
    int next_zone();
    void nothing() const;

    // in the middle of its class, where nothing is known of it but its name
    static constexpr bool stands_inside =
        is_right<method_verdict<double (service::*)(int) const, instance_option<std::tuple<std::string service::*>>>>;
    service& child(service const& other) const;
    static constexpr bool speaks_of_itself =
        is_right<method_verdict<decltype(&service::child), instance_option<any_instance_t>, trust_lifetime_option>>;
};

struct stranger_class {
    int id;
    int same() const;
};

double free_load(int id);

TEST_CASE("method: members and const getters without parameters say what of the object enters the key") {
    static_assert(says<acquitted>(&service::load, memo::instance_key(&service::tenant, &service::zone), memo::ttl(5s)));
    static_assert(says<acquitted>(&service::load, memo::instance_key(&service::title), memo::key<"user:{0}">));
    static_assert(says<acquitted>(&service::load, memo::any_instance));
    static_assert(says<acquitted>(&service::load, memo::each_instance, memo::key<"user:{0}">));
    static_assert(says<acquitted>(memo::function<&service::load>, memo::any_instance));
    static_assert(service::stands_inside && service::speaks_of_itself);
}

TEST_CASE("method: what is no member function is refused") {
    static_assert(blames<free_function>(&free_load, memo::any_instance));
    static_assert(blames<free_function>([](int) { return 1; }, memo::any_instance));
    static_assert(blames<member_object>(&service::tenant, memo::any_instance));
    static_assert(blames<unusable>(&service::consume, memo::any_instance));
    static_assert(says<callable_sentences<callable_fault::overloaded>>(overloaded_name{}, memo::any_instance));
    static_assert(says<member_sentences<member_fault::option_first>>(memo::any_instance, &service::load));
}

TEST_CASE("method: exactly one option says what the object adds to the key") {
    static_assert(blames<no_instance>(&service::load, memo::ttl(5s)));
    static_assert(blames<no_parts>(&service::load, memo::instance_key()));
    static_assert(says<repetition_sentences<repetition{option_kind::instance, true}>>(
        &service::load, memo::any_instance, memo::each_instance));
}

TEST_CASE("method: a part of the object's key is a member of the class that can enter a key") {
    static_assert(blames<no_member>(&service::load, memo::instance_key(5)));
    static_assert(blames<other_class>(&stranger_class::same, memo::instance_key(&service::tenant)));
    static_assert(blames<getter_parameters>(&service::load, memo::instance_key(&service::zone_of)));
    static_assert(blames<getter_not_const>(&service::load, memo::instance_key(&service::next_zone)));
    static_assert(blames<getter_void>(&service::load, memo::instance_key(&service::nothing)));
    static_assert(blames<keyless_part>(&service::load, memo::instance_key(&service::tenant, &service::secret)));
    static_assert(blames<textless_part>(&service::load, memo::instance_key(&service::numbers), memo::key<"user:{0}">));
    static_assert(says<acquitted>(&service::load, memo::instance_key(&service::numbers)));
}

TEST_CASE("method: options are judged as for a function, places count the parameters") {
    static_assert(blames<method_fault::stranger>(&service::load, memo::any_instance, 5));
    static_assert(blames<target>(&service::load, memo::any_instance, memo::before));
    static_assert(
        says<parentheses_sentences<called_name{option_kind::instance, true}>>(&service::load, memo::any_instance()));
    static_assert(blames<background>(&service::load, memo::any_instance, memo::ttl(5s), memo::refresh_ahead(0.8)));
    static_assert(
        blames<background>(&service::load, memo::each_instance, memo::ttl(5s), memo::stale_while_revalidate(5s)));
    static_assert(says<acquitted>(&service::load, memo::any_instance, memo::ttl(5s), memo::early_expiration()));
    static_assert(says<result_sentences<result_fault::nothing>>(&service::save, memo::any_instance));
    static_assert(
        says<lifetime_sentences<lifetime_fault::ttl_number>>(&service::load, memo::any_instance, memo::ttl(5)));
    static_assert(says<key_sentences<key_fault::args_range>>(&service::load, memo::any_instance, memo::args<1>));
    static_assert(says<key_text_sentences<template_fault::index_out_of_range>>(&service::load, memo::any_instance,
                                                                               memo::key<"{1}">));
}

}  // namespace verdict_method_test
