#pragma once

#include <memo/base/fixed_string.hpp>
#include <memo/base/glob.hpp>
#include <memo/call/option.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/verdict_words.hpp>
#include <memo/key/template.hpp>

#include <type_traits>

namespace memo::detail {

template <template_fault Fault>
struct key_text_sentences {
    using enum template_fault;
    static_assert(Fault != unbalanced_brace,
                  "memo::key: a brace of the template has no partner; close it, or write {{ or }} for a brace itself");
    static_assert(Fault != empty_placeholder,
                  "memo::key: the template has an empty placeholder {}; say which parameter, {0} is the first");
    static_assert(Fault != bad_placeholder,
                  "memo::key: a placeholder of the template is neither {index} nor {index.field}; write {0} or {0.id}");
    static_assert(
        Fault != index_out_of_range,
        "memo::key: a placeholder of the template names a parameter that the function does not have; {0} is the first");
    static_assert(
        Fault != unknown_field,
        "memo::key: a placeholder of the template names a field that its parameter does not have; annotate the struct "
        "with BOOST_HANA_DEFINE_STRUCT or mend the name");
    static_assert(
        Fault != no_text,
        "memo::key: a placeholder of the template stands for a type without text; use text, numbers, bools and enums, "
        "or memo::key_builder");
};

template <template_fault Fault>
struct tag_text_sentences {
    using enum template_fault;
    static_assert(Fault != unbalanced_brace,
                  "memo::tags: a brace of a tag has no partner; close it, or write {{ or }} for a brace itself");
    static_assert(Fault != empty_placeholder,
                  "memo::tags: a tag has an empty placeholder {}; say which parameter, {0} is the first");
    static_assert(Fault != bad_placeholder,
                  "memo::tags: a placeholder of a tag is neither {index} nor {index.field}; write {0} or {0.id}");
    static_assert(
        Fault != index_out_of_range,
        "memo::tags: a placeholder of a tag names a parameter that the function does not have; {0} is the first");
    static_assert(
        Fault != unknown_field,
        "memo::tags: a placeholder of a tag names a field that its parameter does not have; annotate the struct with "
        "BOOST_HANA_DEFINE_STRUCT or mend the name");
    static_assert(
        Fault != no_text,
        "memo::tags: a placeholder of a tag stands for a type without text; use text, numbers, bools and enums");
};

template <template_fault Fault>
struct pattern_text_sentences {
    using enum template_fault;
    static_assert(
        Fault != unbalanced_brace,
        "memo::pattern: a brace of the pattern has no partner; close it, or write {{ or }} for a brace itself");
    static_assert(Fault != empty_placeholder,
                  "memo::pattern: the pattern has an empty placeholder {}; say which parameter, {0} is the first");
    static_assert(
        Fault != bad_placeholder,
        "memo::pattern: a placeholder of the pattern is neither {index} nor {index.field}; write {0} or {0.id}");
    static_assert(
        Fault != index_out_of_range,
        "memo::pattern: a placeholder of the pattern names a parameter that the function does not have; {0} is the "
        "first");
    static_assert(
        Fault != unknown_field,
        "memo::pattern: a placeholder of the pattern names a field that its parameter does not have; annotate the "
        "struct with BOOST_HANA_DEFINE_STRUCT or mend the name");
    static_assert(
        Fault != no_text,
        "memo::pattern: a placeholder of the pattern stands for a type without text; use text, numbers, bools and "
        "enums");
};

enum class glob_verdict { right, malformed };

template <glob_verdict Verdict>
struct glob_sentences {
    static_assert(Verdict != glob_verdict::malformed,
                  "memo::pattern: the pattern is malformed, a [ is not closed or a backslash stands at its end; put a "
                  "backslash before the character itself");
};

template <fixed_string Text, class Params>
inline constexpr template_fault text_fault = template_fault::none;
template <fixed_string Text, class... P>
inline constexpr template_fault text_fault<Text, types<P...>> = template_fault_of<Text, std::remove_cvref_t<P>...>();

/// The first fault of the templates in an option, whatever the option is about.
template <class Option, class Signature>
inline constexpr template_fault option_text_fault = template_fault::none;

template <fixed_string Text, class Signature>
inline constexpr template_fault option_text_fault<key_option<Text>, Signature> = text_fault<Text, params_of<Signature>>;

template <fixed_string Text, class Signature>
inline constexpr template_fault option_text_fault<pattern_target<Text>, Signature> =
    text_fault<Text, params_of<Signature>>;

template <fixed_string... Texts, class Signature>
inline constexpr template_fault option_text_fault<tags_option<Texts...>, Signature> =
    first_of({template_fault::none, text_fault<Texts, params_of<Signature>>...});

/// The first fault of the templates in all options of one kind.
template <option_kind Kind, class Signature, class... Options>
constexpr template_fault judge_texts() {
    return first_of({template_fault::none,
                     (Options::kind == Kind ? option_text_fault<Options, Signature> : template_fault::none)...});
}

template <class Option>
inline constexpr bool bad_glob = false;
template <fixed_string Text>
inline constexpr bool bad_glob<pattern_target<Text>> = glob_fault(Text.view()) != nullptr;

}  // namespace memo::detail
