#include <memo/call/verdict_parentheses.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <string>

namespace {

using memo::detail::called_name;
using memo::detail::option_kind;

template <class... Options>
constexpr called_name found(Options...) {
    return memo::detail::judge_parentheses<Options...>();
}

constexpr called_name one(option_kind kind) { return {kind, true}; }

}  // namespace

TEST_CASE("parentheses: options without them, and those that take a value, are written right") {
    static_assert(!found().found);
    static_assert(!found(memo::unbounded, memo::key<"a">, memo::max_size(3), memo::any_instance).found);
    static_assert(!found(memo::instance_key(&std::string::size), memo::entry(7)).found);
}

TEST_CASE("parentheses: the first option that was called is named, whatever it was given") {
    static_assert(found(memo::unbounded()) == one(option_kind::unbounded));
    static_assert(found(memo::ttl(1), memo::no_stats(true), memo::shared()) == one(option_kind::no_stats));
    static_assert(found(memo::key<"a">("b", 7)) == one(option_kind::key));
    static_assert(found(memo::tags<"a", "b">()) == one(option_kind::tags));
    static_assert(found(memo::args<0>(), memo::ignore<1>()) == one(option_kind::args));
    static_assert(found(memo::ignore<1>()) == one(option_kind::ignore));
    static_assert(found(memo::signature<int(int)>()) == one(option_kind::signature));
    static_assert(found(memo::trust_lifetime()) == one(option_kind::trust_lifetime));
    static_assert(found(memo::coalesce()) == found(memo::no_coalesce()));
    static_assert(found(memo::any_instance()) == found(memo::each_instance()));
    static_assert(found(memo::pattern<"a*">()) == one(option_kind::pattern));
    static_assert(found(memo::before()) == one(option_kind::before));
}
