#include <memo/call/recipe.hpp>

#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using memo::detail::no_object;
using memo::detail::object_ref;

struct account {
    std::string bank;
    int number;
    int twice() const { return 2 * number; }
};

struct key_of_call {
    std::string identity;
    std::string text;
    std::uint64_t place;

    friend bool operator==(key_of_call const&, key_of_call const&) = default;
};

template <class... Options>
struct with {
    explicit with(Options... said) : options{said...} {}

    template <class Owner, class... A>
    key_of_call key(Owner const& owner, A const&... arguments) {
        memo::detail::written_key key;
        memo::detail::recipe<memo::detail::option_set<Options...>>::write(key, options, owner, arguments...);
        return {std::string{key.view.identity}, std::string{key.view.text}, key.view.place};
    }

    template <class Owner, class... A>
    auto sought(Owner const& owner, A const&... arguments) {
        return memo::detail::recipe<memo::detail::option_set<Options...>>::sought(options, owner, arguments...);
    }

    template <class Owner, class... A>
    std::vector<std::string> tags(Owner const& owner, A const&... arguments) {
        return memo::detail::recipe<memo::detail::option_set<Options...>>::tags(options, owner, arguments...);
    }

    memo::detail::option_set<Options...> options;
};

constexpr no_object nobody{};

}  // namespace

TEST_SUITE("recipe") {
    TEST_CASE("recipe: without options all arguments enter the key, and it has no text") {
        with<> all;
        CHECK(all.key(nobody, 1, 2) == all.key(nobody, 1, 2));
        CHECK(all.key(nobody, 1, 2).identity != all.key(nobody, 2, 1).identity);
        CHECK(all.key(nobody, 1, 2).text.empty());
        CHECK(all.key(nobody, 1).place == memo::detail::place_of(all.key(nobody, 1).identity));
    }

    TEST_CASE("recipe: a key that is written stands where the same call looks for it without writing it") {
        std::string const text = "a text";
        int const number = 1;
        double const real = 2.5;
        account const one{"a bank", 7};
        object_ref<account const> const object{one, 3};
        auto const agree = [&](auto recipe, auto const& owner, auto const&... arguments) {
            CHECK(recipe.key(owner, arguments...).place == recipe.sought(owner, arguments...).place);
        };
        agree(with<>{}, nobody, text, number, real);
        agree(with<>{}, nobody, number);
        agree(with<>{}, nobody, real, number, real);
        agree(with{memo::args<2, 0>}, nobody, text, number, real);
        agree(with{memo::ignore<1>}, nobody, text, number, real);
        agree(with{memo::instance_key(&account::bank, &account::number)}, object, text);
        agree(with{memo::instance_key(&account::twice)}, object, number);
        agree(with{memo::each_instance}, object, number);
    }

    TEST_CASE("recipe: args chooses what enters, in its order, and ignore what does not") {
        with chosen{memo::args<2, 0>};
        with left{memo::ignore<1>};
        with<> all;
        CHECK(chosen.key(nobody, 1, 2, 3).identity == all.key(nobody, 3, 1).identity);
        CHECK(left.key(nobody, 1, 2, 3).identity == all.key(nobody, 1, 3).identity);
        CHECK(left.key(nobody, 1, 2, 3) == left.key(nobody, 1, 9, 3));
    }

    TEST_CASE("F02: a template's text is only the place; its values decide") {
        with text{memo::key<"{0}{1}">};
        using namespace std::string_view_literals;
        auto const one = text.key(nobody, "a"sv, "bc"sv);
        auto const other = text.key(nobody, "ab"sv, "c"sv);
        CHECK(one.text == other.text);
        CHECK(one.place == other.place);
        CHECK(one.identity != other.identity);
    }

    TEST_CASE("recipe: a template without placeholders is one key for all calls") {
        with text{memo::key<"config">};
        CHECK(text.key(nobody, 1) == text.key(nobody, 2));
        CHECK(text.key(nobody, 1).text == "config");
    }

    TEST_CASE("recipe: text from a builder is the readable key, and any other value only the identity") {
        with text{memo::key_builder([](int id) { return "user:" + std::to_string(id); })};
        with pair{memo::key_builder([](int id) { return std::pair{id, id}; })};
        CHECK(text.key(nobody, 7).text == "user:7");
        CHECK(pair.key(nobody, 7).text.empty());
        CHECK(pair.key(nobody, 7).identity != pair.key(nobody, 8).identity);
    }

    TEST_CASE("recipe: the object's part stands in front, escaped, and is part of the identity") {
        with part{memo::key<"user:{0}">, memo::instance_key(&account::bank, &account::twice)};
        account const mine{"a:b", 4};
        account const other{"a", 4};
        CHECK(part.key(object_ref<account const>{mine}, 1).text == "a%3Ab:8:user:1");
        CHECK(part.key(object_ref<account const>{mine}, 1).identity != part.key(object_ref<account const>{other}, 1).identity);
    }

    TEST_CASE("recipe: with any_instance all objects agree, with each_instance each number differs") {
        account const mine{"a", 1};
        account const other{"b", 2};
        with any{memo::any_instance};
        CHECK(any.key(object_ref<account const>{mine, 1}, 7) == any.key(object_ref<account const>{other, 2}, 7));
        with each{memo::each_instance};
        CHECK(each.key(object_ref<account const>{mine, 1}, 7) != each.key(object_ref<account const>{mine, 2}, 7));
    }

    TEST_CASE("recipe: tags are rendered, a method's also behind its object's part, each object's with its own group") {
        with groups{memo::tags<"users", "org:{0}">};
        CHECK(groups.tags(nobody, 7) == std::vector<std::string>{"users", "org:7"});

        account const mine{"acme", 1};
        with method{memo::tags<"org:{0}">, memo::instance_key(&account::bank)};
        CHECK(method.tags(object_ref<account const>{mine}, 7) == std::vector<std::string>{"org:7", "acme:org:7"});

        with each{memo::each_instance};
        CHECK(each.tags(object_ref<account const>{mine, 3}, 7) == std::vector<std::string>{memo::detail::object_group(3)});
    }
}
