#include <memo/call/verdict_once.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <chrono>

namespace {

using enum memo::detail::member_fault;
using memo::detail::option_kind;
using memo::detail::repetition;
using namespace std::chrono_literals;

using option_of_ttl = memo::detail::ttl_option<std::chrono::seconds>;

template <class F, class... Given>
constexpr auto member(F, Given...) {
    return memo::detail::judge_membership<F, Given...>();
}

template <class... Options>
constexpr repetition repeated(Options...) {
    return memo::detail::judge_repetition<Options...>();
}

}  // namespace

TEST_CASE("options: only options pass, and a duration among them is told from a stranger") {
    static_assert(member(5, memo::ttl(5s), memo::max_size(3)) == none);
    static_assert(member(5, memo::ttl(5s), 5s) == duration);
    static_assert(member(5, 7) == stranger);
    static_assert(member(memo::ttl(5s), 5) == option_first);
}

TEST_CASE("options: those of cache_evict and of cached_method have no place in cached") {
    static_assert(member(5, memo::before) == target);
    static_assert(member(5, memo::entry(7)) == target);
    static_assert(member(5, memo::pattern<"a*">) == target);
    static_assert(member(5, memo::any_instance) == instance);
}

TEST_CASE("options: one kind that stands there twice is named") {
    static_assert(!repeated().twice);
    static_assert(!repeated(memo::ttl(5s), memo::idle(5s)).twice);
    static_assert(repeated(memo::ttl(5s), memo::idle(5s), memo::ttl(6min)) == repetition{option_kind::ttl, true});
    static_assert(repeated(memo::tags<"a">, memo::tags<"b">) == repetition{option_kind::tags, true});
    static_assert(repeated(memo::coalesce, memo::no_coalesce) == repetition{option_kind::coalescing, true});
    static_assert(repeated(memo::any_instance, memo::instance_key(5)) == repetition{option_kind::instance, true});
}

TEST_CASE("options: kinds that may be repeated are not counted") {
    using tag = memo::detail::tags_option<"a">;
    constexpr auto tags_may = [](option_kind kind) { return kind == option_kind::tags; };
    static_assert(!memo::detail::judge_repetition<tag, tag>(tags_may).twice);
    static_assert(memo::detail::judge_repetition<tag, tag, option_of_ttl, option_of_ttl>(tags_may) ==
                  repetition{option_kind::ttl, true});
}
