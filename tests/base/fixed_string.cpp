#include <memo/base/fixed_string.hpp>
#include <doctest/doctest.h>

#include <string_view>

namespace {

template <memo::fixed_string Text>
constexpr std::string_view text_of_argument = Text.view();

}  // namespace

TEST_CASE("fixed_string: a literal arrives as a template argument with all its bytes") {
    static_assert(text_of_argument<"user:{0}"> == "user:{0}");
    static_assert(text_of_argument<"">.empty());
    static_assert(text_of_argument<"a\0b"> == std::string_view{"a\0b", 3});
    CHECK(text_of_argument<"user:{0}"> == "user:{0}");
}

TEST_CASE("fixed_string: two are equal exactly when their texts are") {
    static_assert(memo::fixed_string{"a"} == memo::fixed_string{"a"});
    static_assert(!(memo::fixed_string{"a"} == memo::fixed_string{"b"}));
    static_assert(!(memo::fixed_string{"a"} == memo::fixed_string{"ab"}));
    CHECK(&text_of_argument<"same"> == &text_of_argument<"same">);
}
