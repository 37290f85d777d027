#include <memo/call/verdict_recursive.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <concepts>

namespace {

using namespace memo::detail;
using namespace std::chrono_literals;

template <class Verdict, class Signature = long(int), class Fn, class... Options>
constexpr bool says(Fn, Options...) {
    return std::same_as<recursive_verdict<Signature, Fn, Options...>, Verdict>;
}

constexpr auto right = [](auto& self, int n) -> long { return n < 2 ? n : self(n - 1) + self(n - 2); };

}  // namespace

TEST_CASE("recursive: a lambda that takes itself and the arguments is right") {
    static_assert(says<acquitted>(right));
    static_assert(says<acquitted>(right, memo::ttl(5s), memo::max_size(10)));
}

TEST_CASE("recursive: what does not take itself is refused") {
    static_assert(says<recursive_sentences<recursive_fault::self>>([](int n) -> long { return n; }));
    static_assert(says<recursive_sentences<recursive_fault::parameters>>([](int, int, int) -> long { return 1; }));
    static_assert(says<recursive_sentences<recursive_fault::not_callable>>(5));
    static_assert(says<recursive_sentences<recursive_fault::no_signature>, long>(right));
    static_assert(says<recursive_sentences<recursive_fault::said_twice>>(right, memo::signature<long(int)>));
}

TEST_CASE("recursive: options, results and parameters are judged as for cached") {
    static_assert(says<lifetime_sentences<lifetime_fault::ttl_number>>(right, memo::ttl(5)));
    static_assert(says<member_sentences<member_fault::stranger>>(right, 5));
    static_assert(says<parentheses_sentences<called_name{option_kind::no_stats, true}>>(right, memo::no_stats()));
    static_assert(says<acquitted>(right, memo::ttl(5s), memo::stale_while_revalidate(5s), memo::refresh_ahead(0.8)));
    static_assert(says<background_sentences<background_fault::pointer>, long(int*)>(right, memo::args<>, memo::ttl(5s),
                                                                                    memo::refresh_ahead(0.8)));
    static_assert(says<result_sentences<result_fault::nothing>, void(int)>(right));
    static_assert(says<key_sentences<key_fault::pointer>, long(int*)>(right));
    static_assert(
        says<repetition_sentences<repetition{option_kind::idle, true}>>(right, memo::idle(1s), memo::idle(2s)));
}
