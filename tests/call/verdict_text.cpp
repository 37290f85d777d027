#include <memo/call/verdict_text.hpp>
#include <memo/options.hpp>

#include <boost/hana/define_struct.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using enum memo::detail::template_fault;
using memo::detail::bad_glob;
using memo::detail::option_kind;

struct person {
    BOOST_HANA_DEFINE_STRUCT(person, (int, id), (std::vector<int>, marks));
};

using signature = int(int, person const&, std::string const&);

template <option_kind Kind, class... Options>
constexpr auto fault_of(Options...) {
    return memo::detail::judge_texts<Kind, signature, Options...>();
}

template <class Option>
constexpr bool is_bad_glob(Option) {
    return bad_glob<Option>;
}

}  // namespace

TEST_CASE("texts: each fault of a key template is told apart") {
    static_assert(fault_of<option_kind::key>(memo::key<"user:{0}:{1.id}:{2}{{}}">) == none);
    static_assert(fault_of<option_kind::key>(memo::key<"user:{0">) == unbalanced_brace);
    static_assert(fault_of<option_kind::key>(memo::key<"user:{}">) == empty_placeholder);
    static_assert(fault_of<option_kind::key>(memo::key<"user:{id}">) == bad_placeholder);
    static_assert(fault_of<option_kind::key>(memo::key<"user:{3}">) == index_out_of_range);
    static_assert(fault_of<option_kind::key>(memo::key<"user:{1.name}">) == unknown_field);
    static_assert(fault_of<option_kind::key>(memo::key<"user:{0.id}">) == unknown_field);
    static_assert(fault_of<option_kind::key>(memo::key<"user:{1.marks}">) == no_text);
}

TEST_CASE("texts: of many tags and patterns the first fault counts, of other kinds none") {
    static_assert(fault_of<option_kind::tags>(memo::tags<"users", "org:{0}">) == none);
    static_assert(fault_of<option_kind::tags>(memo::tags<"users", "org:{}", "{7}">) == empty_placeholder);
    static_assert(fault_of<option_kind::tags>(memo::tags<"a">, memo::tags<"{7}">) == index_out_of_range);
    static_assert(fault_of<option_kind::pattern>(memo::pattern<"user:{0}:*">, memo::pattern<"{1}">) == no_text);
    static_assert(fault_of<option_kind::tags>(memo::key<"{7}">) == none);
}

TEST_CASE("texts: a malformed glob is seen when compiled") {
    static_assert(!is_bad_glob(memo::pattern<"user:[a-z]*:?">));
    static_assert(!is_bad_glob(memo::key<"user:[">));
    static_assert(is_bad_glob(memo::pattern<"user:[a-z">));
    static_assert(is_bad_glob(memo::pattern<"user:\\">));
}
