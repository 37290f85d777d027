#include <memo/call/parameters.hpp>

#include <memo/cached.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using memo::detail::give;
using memo::detail::key_part;
using memo::detail::look_at;
using memo::detail::parameter_t;
using memo::detail::text_argument;

std::string_view seen(text_argument const& text) { return text.view(); }

struct named {
    operator std::string() const { return "converted"; }
};

}  // namespace

TEST_SUITE("parameters") {
    TEST_CASE("parameters: a string takes literals, views, strings, braces and what converts to one") {
        std::string const text = "text";
        CHECK(seen("literal") == "literal");
        CHECK(seen(std::string_view{"a\0b", 3}) == std::string_view{"a\0b", 3});
        CHECK(seen(text) == "text");
        CHECK(seen(std::string{"temporary"}) == "temporary");
        CHECK(seen({}) == "");
        CHECK(seen({'a', 'b'}) == "ab");
        CHECK(seen({3, 'x'}) == std::string{3, 'x'});
        CHECK(seen(named{}) == "converted");
    }

    TEST_CASE("parameters: a null pointer is no string, as for std::string itself") {
        char const* const nothing = nullptr;
        CHECK_THROWS_AS(seen(nothing), std::logic_error);
        CHECK_FALSE(std::is_constructible_v<text_argument, std::nullptr_t>);
    }

    TEST_CASE("parameters: a given string is handed on as it is, another is made once and then kept") {
        std::string const text = "text";
        text_argument const given{text};
        CHECK(&given.string() == &text);
        text_argument const made{"literal"};
        CHECK(made.string() == "literal");
        CHECK(&made.string() == &made.string());
    }

    TEST_CASE("parameters: nothing is copied before it is known that the function runs") {
        CHECK(std::is_same_v<parameter_t<int>, int>);
        CHECK(std::is_same_v<parameter_t<int const>, int>);
        CHECK(std::is_same_v<parameter_t<std::vector<int>>, std::vector<int> const&>);
        CHECK(std::is_same_v<parameter_t<std::vector<int> const&>, std::vector<int> const&>);
        CHECK(std::is_same_v<parameter_t<std::vector<int>&&>, std::vector<int>&&>);
        CHECK(std::is_same_v<parameter_t<std::unique_ptr<int>>, std::unique_ptr<int>&&>);
        CHECK(std::is_same_v<parameter_t<std::string>, text_argument const&>);
        CHECK(std::is_same_v<parameter_t<std::string const&>, text_argument const&>);
        CHECK(std::is_same_v<parameter_t<std::string&&>, std::string&&>);
        CHECK(std::is_same_v<parameter_t<char const*>, char const*>);
    }

    TEST_CASE("parameters: a vector of what cannot be copied is moved into the function, and looked at where it is before that") {
        using owners = std::vector<std::unique_ptr<int>>;
        auto g = memo::cached([](int n, owners all) { return n + static_cast<int>(all.size()); }, memo::args<0>);
        owners mine;
        mine.push_back(std::make_unique<int>(1));
        CHECK(g(1, std::move(mine)) == 2);
        CHECK(mine.empty());
        auto h = memo::cached([](int n, owners const& all) { return n + static_cast<int>(all.size()); }, memo::args<0>,
                              memo::unless([](int, int, owners const& all) { return all.empty(); }));
        CHECK(h(1, mine) == 1);
        CHECK_FALSE(h.contains(1, mine));
    }

    TEST_CASE("parameters: the function gets what it takes, the key a view, the predicates what the function gets") {
        text_argument const text{"text"};
        CHECK(std::is_same_v<decltype(give<std::string const&>(text)), std::string const&>);
        CHECK(key_part(text) == "text");
        CHECK(std::is_same_v<decltype(key_part(text)), std::string_view>);
        CHECK(std::is_same_v<decltype(look_at(text)), std::string const&>);

        auto owned = std::make_unique<int>(7);
        CHECK(std::is_same_v<decltype(give<std::unique_ptr<int>>(owned)), std::unique_ptr<int>&&>);
        std::vector<int> const many{1, 2};
        CHECK(std::is_same_v<decltype(give<std::vector<int>>(many)), std::vector<int> const&>);
    }
}
