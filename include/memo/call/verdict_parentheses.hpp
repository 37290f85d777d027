#pragma once

#include <memo/call/option.hpp>

namespace memo::detail {

/// An option that was called and is none to be called: which one, if there is any.
struct called_name {
    option_kind kind = option_kind::before;
    bool found = false;

    friend constexpr bool operator==(called_name const&, called_name const&) = default;
};

template <class Option>
inline constexpr bool is_called = false;
template <option_kind Kind>
inline constexpr bool is_called<called_option<Kind>> = true;

/// Judges whether options that are written without parentheses are written so.
template <class... Options>
constexpr called_name judge_parentheses() {
    called_name found;
    static_cast<void>(((is_called<Options> && (found = {Options::kind, true}).found) || ...));
    return found;
}

template <called_name Found>
struct parentheses_sentences {
    template <option_kind Kind>
    static constexpr bool alone = !(Found.found && Found.kind == Kind);

    using enum option_kind;
    static_assert(
        alone<unbounded>,
        "memo::unbounded: it is called and is no function; write memo::unbounded, without parentheses behind it");
    static_assert(
        alone<policy>,
        "memo::cost_aware: it is called and is no function; write memo::cost_aware, without parentheses behind it");
    static_assert(alone<key>,
                  "memo::key: it is called and is no function; write memo::key<...>, without parentheses behind it");
    static_assert(alone<args>,
                  "memo::args: it is called and is no function; write memo::args<0, 2>, without parentheses behind it");
    static_assert(
        alone<ignore>,
        "memo::ignore: it is called and is no function; write memo::ignore<1>, without parentheses behind it");
    static_assert(alone<tags>,
                  "memo::tags: it is called and is no function; write memo::tags<...>, without parentheses behind it");
    static_assert(
        alone<no_stats>,
        "memo::no_stats: it is called and is no function; write memo::no_stats, without parentheses behind it");
    static_assert(alone<shared>,
                  "memo::shared: it is called and is no function; write memo::shared, without parentheses behind it");
    static_assert(alone<signature>,
                  "memo::signature: it is called and is no function; write memo::signature<R(Args...)>, without "
                  "parentheses behind it");
    static_assert(alone<trust_lifetime>,
                  "memo::trust_lifetime: it is called and is no function; write memo::trust_lifetime, without "
                  "parentheses behind it");
    static_assert(alone<coalescing>,
                  "memo::coalesce: it, or no_coalesce, is called and is no function; write memo::coalesce or "
                  "memo::no_coalesce, without parentheses behind it");
    static_assert(alone<instance>,
                  "memo::cached_method: any_instance or each_instance is called and is no function; write "
                  "memo::any_instance or memo::each_instance, without parentheses behind it");
    static_assert(
        alone<pattern>,
        "memo::pattern: it is called and is no function; write memo::pattern<...>, without parentheses behind it");
    static_assert(alone<before>,
                  "memo::before: it is called and is no function; write memo::before, without parentheses behind it");
};

}  // namespace memo::detail
