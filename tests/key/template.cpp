#include "key/allocations.hpp"
#include "key/bytes.hpp"

#include <memo/base/glob.hpp>
#include <memo/key/template.hpp>
#include <boost/hana/define_struct.hpp>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

struct city {
    BOOST_HANA_DEFINE_STRUCT(city, (std::string, name), (int, zip));
};

struct user {
    BOOST_HANA_DEFINE_STRUCT(user, (int, id), (city, home));
};

struct plain {
    int id;
};

template <memo::fixed_string Text, class... Params>
std::string rendered(Params const&... params) {
    static_assert(memo::detail::template_fault_of<Text, Params...>() == memo::detail::template_fault::none);
    memo::detail::key_buffer out;
    memo::detail::key_template<Text>::render(out, params...);
    return std::string{out.view()};
}

template <memo::fixed_string Text, class... Params>
std::string identity(Params const&... params) {
    memo::detail::key_buffer out;
    memo::key_writer w{out};
    memo::detail::key_template<Text>::feed(w, params...);
    return std::string{out.view()};
}

}  // namespace

using memo::detail::key_template;
using memo::detail::template_fault_of;
using enum memo::detail::template_fault;

TEST_CASE("template: every fault is told when compiled, the first one first") {
    static_assert(template_fault_of<"">() == none);
    static_assert(template_fault_of<"all users">() == none);
    static_assert(template_fault_of<"user:{0}", int>() == none);
    static_assert(template_fault_of<"user:{1}:{0}:{1}", int, char const*>() == none);
    static_assert(template_fault_of<"{{{0}}}", int>() == none);
    static_assert(template_fault_of<"{0.home.zip}", user>() == none);
    static_assert(template_fault_of<"{00}", int>() == none);

    static_assert(template_fault_of<"user:{0", int>() == unbalanced_brace);
    static_assert(template_fault_of<"user:0}", int>() == unbalanced_brace);
    static_assert(template_fault_of<"user:{0}}", int>() == unbalanced_brace);
    static_assert(template_fault_of<"user:{{0}", int>() == unbalanced_brace);
    static_assert(template_fault_of<"{", int>() == unbalanced_brace);
    static_assert(template_fault_of<"}", int>() == unbalanced_brace);
    static_assert(template_fault_of<"user:{}", int>() == empty_placeholder);
    static_assert(template_fault_of<"user:{id}", int>() == bad_placeholder);
    static_assert(template_fault_of<"user:{ 0}", int>() == bad_placeholder);
    static_assert(template_fault_of<"user:{-1}", int>() == bad_placeholder);
    static_assert(template_fault_of<"user:{0{1}", int>() == bad_placeholder);
    static_assert(template_fault_of<"user:{0:id}", user>() == bad_placeholder);
    static_assert(template_fault_of<"user:{0.}", user>() == bad_placeholder);
    static_assert(template_fault_of<"user:{0..id}", user>() == bad_placeholder);
    static_assert(template_fault_of<"user:{0.home.}", user>() == bad_placeholder);
    static_assert(template_fault_of<"user:{0.1}", user>() == bad_placeholder);
    static_assert(template_fault_of<"user:{0}">() == index_out_of_range);
    static_assert(template_fault_of<"user:{2}", int, int>() == index_out_of_range);
    static_assert(template_fault_of<"user:{18446744073709551616}", int>() == index_out_of_range);
    static_assert(template_fault_of<"user:{0.name}", user>() == unknown_field);
    static_assert(template_fault_of<"user:{0.home.id}", user>() == unknown_field);
    static_assert(template_fault_of<"user:{0.id}", plain>() == unknown_field);
    static_assert(template_fault_of<"user:{0.id.id}", user>() == unknown_field);
    static_assert(template_fault_of<"user:{0}", user>() == no_text);
    static_assert(template_fault_of<"user:{0.home}", user>() == no_text);
    static_assert(template_fault_of<"user:{0}", std::vector<int>>() == no_text);
    static_assert(template_fault_of<"{1}{0.x}", user>() == index_out_of_range);
    static_assert(template_fault_of<"{0.x}{1}", user>() == unknown_field);
    CHECK(template_fault_of<"user:{0}", user>() == no_text);
}

TEST_CASE("template: values and members stand in their places") {
    user const ann{7, {"Sankt Augustin", 53757}};
    CHECK(rendered<"user:{0}">(42) == "user:42");
    CHECK(rendered<"{1}:{0}:{1}">(1, true) == "true:1:true");
    CHECK(rendered<"{0.id}@{0.home.name}/{0.home.zip}">(ann) == "7@Sankt%20Augustin/53757");
    CHECK(rendered<"{{{0}}}">(1) == "{1}");
    CHECK(rendered<"}}{{">() == "}{");
    CHECK(rendered<"all users">() == "all users");
    CHECK(rendered<"">().empty());
}

TEST_CASE("template: a letter is found where it stands first, and at the end of the text when it is missing") {
    using memo::detail::find_letter;
    static_assert(find_letter("a}b}", '}') == 1 && find_letter("a}b}", '}', 2) == 3);
    CHECK(find_letter("ab", '}') == 2);
    CHECK(find_letter("", '}') == 0);
    CHECK(find_letter("ab", 'a', 2) == 2);
}

TEST_CASE("template: it says how many places it has, and whether it is static") {
    static_assert(key_template<"user:{0}:{1.id}">::placeholders == 2 && !key_template<"user:{0}:{1.id}">::is_static);
    static_assert(key_template<"{{0}}">::placeholders == 0 && key_template<"{{0}}">::is_static);
    CHECK(key_template<"all users">::is_static);
}

TEST_CASE("template: F02 the delimiters of a template in a value do not move the border between two values") {
    CHECK(rendered<"{0}:{1}">("a:b", "c") != rendered<"{0}:{1}">("a", "b:c"));
    CHECK(rc::check([] {
        auto const word = rc::gen::container<std::string>(rc::gen::elementOf(std::string{":%{}\0\r\n*a", 9}));
        auto const left = *rc::gen::tuple(word, word), right = *rc::gen::tuple(word, word);
        auto const text_of_both = [](auto const& both) {
            return rendered<"{0}:{1}">(std::get<0>(both), std::get<1>(both));
        };
        RC_ASSERT((text_of_both(left) == text_of_both(right)) == (left == right));
    }));
}

TEST_CASE("template: the identity is the values of the placeholders in their order, not the text") {
    user const ann{7, {"Bonn", 53111}};
    CHECK(identity<"{1}:{0.home.zip}">(ann, "x") == bytes_of("x", 53111));
    CHECK(identity<"x{0}">(1) == identity<"y{0}">(1));
    CHECK(identity<"{0}">(1) != identity<"{0}">("1"));
    CHECK(identity<"all users">(ann).empty());
}

TEST_CASE("template: F07 what a placeholder puts into a pattern matches itself only") {
    auto const pattern = rendered<"user:{0}:*">("[a-z]*?");
    CHECK(memo::detail::glob_match(pattern, rendered<"user:{0}:{1}">("[a-z]*?", 1)));
    CHECK_FALSE(memo::detail::glob_match(pattern, rendered<"user:{0}:{1}">("bcd", 1)));
}

TEST_CASE("template: rendering a short key allocates nothing") {
    std::string const name = "a name that is too long to live inside a std::string";
    auto const before = allocations();
    memo::detail::key_buffer out;
    key_template<"user:{0}:{1}:{2}">::render(out, name, 42, 0.5);
    CHECK(allocations() == before);
    CHECK(out.view() == "user:a%20name%20that%20is%20too%20long%20to%20live%20inside%20a%20std%3A%3Astring:42:0.5");
}
