#include <memo/cached.hpp>

#include <memo/base/fields.hpp>
#include <memo/key/function.hpp>
#include <memo/key/traits.hpp>
#include <memo/key/writer.hpp>
#include <memo/manager.hpp>

#include <boost/hana/adapt_struct.hpp>
#include <boost/hana/define_struct.hpp>
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace keys {

struct place {
    BOOST_HANA_DEFINE_STRUCT(place, (std::string, city), (int, street));
};
struct person {
    BOOST_HANA_DEFINE_STRUCT(person, (int, id), (place, home));
};

/// Annotated from outside.
struct point {
    double x;
    double y;
};

enum class color { red = 1, blue = 2 };

int count(person const&) { return 1; }

/// A type whose noise is no part of its identity.
struct reading {
    int sensor;
    double noise;
};

}  // namespace keys

BOOST_HANA_ADAPT_STRUCT(keys::point, x, y);

template <>
struct memo::key_traits<keys::reading> {
    static void feed(memo::key_writer& w, keys::reading const& v) { w(v.sensor); }
};

using keys::color, keys::person, keys::place, keys::reading;

TEST_CASE("key: text, integers, bools, enums and floating point stand in a readable key") {
    auto g = memo::cached([](std::string const&, long, bool, color, double, char const*, std::string_view, unsigned char,
                             float) { return 1; },
                          memo::key<"{0}|{1}|{2}|{3}|{4}|{5}|{6}|{7}|{8}">);
    CHECK(g.key("a", -5, true, color::blue, 0.1, "c", "v", 200, 1e30F) == "a|-5|true|2|0.1|c|v|200|1e%2B30");
    CHECK(g.key("", 0, false, color::red, -0.0, nullptr, {}, 0, 2.0F) == "|0|false|1|-0|%null||0|2");
}

TEST_CASE("key: substituted text is percent-escaped, all but letters, digits, - _ . ~ and bytes from 0x80 on") {
    auto g = memo::cached([](std::string const& text) { return text; }, memo::key<"a:{0}:%">);
    CHECK(g.key("AZaz09-_.~\x80\xff") == "a:AZaz09-_.~\x80\xff:%");
    CHECK(g.key("a:b%c*{}") == "a:a%3Ab%25c%2A%7B%7D:%");
    CHECK(g.key(std::string{"\0\n", 2}) == "a:%00%0A:%");
    for (int byte = 0; byte != 128; ++byte) {
        auto const letter = static_cast<char>(byte);
        bool const plain = std::string_view{"-_.~"}.find(letter) != std::string_view::npos ||
                           (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= '0' && letter <= '9');
        CHECK((g.key(std::string(1, letter)).text().size() == 5) == plain);
    }
}

TEST_CASE("key: fields of annotated structs stand by name, doubled braces are braces, parameters repeat") {
    auto g = memo::cached([](int n, person const& who) { return n + who.id; },
                          memo::key<"{{{1.id}}}:{1.home.city}:{0}:{1.home.street}:{0}">);
    person const ann{7, {"Rome", 12}};
    CHECK(g.key(1, ann) == "{7}:Rome:1:12:1");
    CHECK(g(1, ann) == 8);
    CHECK(g(1, {7, {"Rome", 12}}) == 8);
    CHECK(g.stats().hits == 1);
}

TEST_CASE("key: what stands in no placeholder does not enter the key, and without placeholders all calls share one") {
    auto by_id = memo::cached([](person const& who, int noise) { return who.id + noise; }, memo::key<"p:{0.id}">);
    CHECK(by_id({1, {"a", 1}}, 10) == 11);
    CHECK(by_id({1, {"b", 2}}, 20) == 11);
    auto fixed = memo::cached([](int n) { return n; }, memo::key<"config">);
    CHECK(fixed(5) == 5);
    CHECK(fixed(6) == 5);
    CHECK(fixed.key(9) == "config");
    CHECK(fixed.size() == 1);
}

TEST_CASE("key: values that differ never share a result, also where their texts would run together") {
    auto pairs = memo::cached([](std::string const& a, std::string const& b) { return a + "," + b; }, memo::key<"{0}{1}">);
    CHECK(pairs("a", "bc") == "a,bc");
    CHECK(pairs("ab", "c") == "ab,c");
    CHECK(pairs.key("a", "bc") == pairs.key("ab", "c"));
    CHECK(memo::default_manager().evict_key("abc").count() == 2);
    auto colons = memo::cached([](std::string const& a, std::string const& b) { return a + "," + b; }, memo::key<"{0}:{1}">);
    CHECK(colons("a", "b:c") == "a,b:c");
    CHECK(colons("a:b", "c") == "a:b,c");
    CHECK(colons.key("a", "b:c") != colons.key("a:b", "c"));
}

TEST_CASE("key_builder: text is the readable key, any other keyable value is the key") {
    auto text = memo::cached([](int a, int b) { return a + b; },
                             memo::key_builder([](int a, int b) { return std::to_string(a % 10) + "/" + std::to_string(b); }));
    CHECK(text(11, 2) == 13);
    CHECK(text(21, 2) == 13);
    CHECK(text.key(1, 2) == "1/2");
    CHECK(memo::default_manager().evict_pattern("1/*").count() == 1);
    auto value = memo::cached([](reading const& r) { return r.noise; },
                              memo::key_builder([](reading const& r) { return std::pair{r.sensor, std::string{"x"}}; }));
    CHECK(value({1, 0.5}) == 0.5);
    CHECK(value({1, 0.7}) == 0.5);
    CHECK(value({2, 0.7}) == 0.7);
    auto view = memo::cached([](std::string const& all) { return all; },
                             memo::key_builder([](std::string const& all) { return std::string_view{all}.substr(0, 1); }));
    CHECK(view("abc") == "abc");
    CHECK(view("axy") == "abc");
    CHECK(view.key("axy") == "a");
    auto pointer = memo::cached([](int n) { return n; }, memo::key_builder([](int n) { return n == 0 ? nullptr : n == 1 ? "" : "t"; }));
    CHECK(pointer(0) == 0);
    CHECK(pointer(1) == 1);
    CHECK(pointer(2) == 2);
    CHECK(pointer(3) == 2);
}

TEST_CASE("args and ignore: the parameters named enter the key, the others do not") {
    struct no_key {};
    auto chosen = memo::cached([](int a, no_key, int b, double c) { return a + b + static_cast<int>(c); }, memo::args<0, 2>);
    CHECK(chosen(1, {}, 2, 3.0) == 6);
    CHECK(chosen(1, {}, 2, 9.0) == 6);
    CHECK(chosen(2, {}, 1, 3.0) == 6);
    CHECK(chosen.size() == 2);
    auto ignoring = memo::cached([](int a, no_key*, int b) { return a + b; }, memo::ignore<1>);
    CHECK(ignoring(1, nullptr, 2) == 3);
    no_key any;
    CHECK(ignoring(1, &any, 2) == 3);
    CHECK(ignoring.stats().hits == 1);
    auto none = memo::cached([](int a, int b) { return a + b; }, memo::ignore<0, 1>);
    CHECK(none(1, 2) == 3);
    CHECK(none(5, 6) == 3);
}

TEST_CASE("key: without a template it is prefix, function name, version and digest") {
    memo::manager space{{.prefix = "shop:"}};
    auto digest_of = [](auto const& g) {
        auto const text = g.key(1, "a").text();
        return text.substr(text.rfind(':') + 1);
    };
    auto f = [](int n, std::string const&) { return n; };
    auto named = memo::cached(f, memo::name("users.get"), memo::in(space));
    CHECK(named.key(1, "a").text() == "shop:users.get:0:" + digest_of(named));
    auto versioned = memo::cached(f, memo::name("users.get"), memo::version(3), memo::in(space));
    CHECK(versioned.key(1, "a").text() == "shop:users.get:3:" + digest_of(versioned));
    CHECK(digest_of(named).size() == 32);
    CHECK(digest_of(named) == digest_of(versioned));
    auto readable = memo::cached(f, memo::key<"{0}">, memo::in(space));
    CHECK(readable.key(1, "a") == "shop:1");
    auto of_function = memo::cached(memo::function<&keys::count>);
    CHECK(of_function.key({}).text().starts_with("keys::count:0:"));
}

TEST_CASE("identity: equal text is an equal key, -0.0 and 0.0 differ, a NaN equals itself") {
    auto text = memo::cached([](std::string const& t) { return t; });
    text("a"), text(std::string_view{"a"}), text(std::string{"a"});
    CHECK(text.size() == 1);
    auto number = memo::cached([](double d) { return std::signbit(d); });
    CHECK(number(0.0) == false);
    CHECK(number(-0.0) == true);
    CHECK(number.size() == 2);
    number(std::nan("1")), number(std::nan("2")), number(std::numeric_limits<double>::quiet_NaN());
    CHECK(number.size() == 3);
}

TEST_CASE("identity: unordered containers are equal in any order, nested values at any depth") {
    auto set = memo::cached([](std::unordered_set<int> const& all) { return all.size(); });
    std::unordered_set<int> up, down(1000);
    for (int n = 0; n != 100; ++n)
        up.insert(n), down.insert(99 - n);
    set(up), set(down);
    CHECK(set.size() == 1);
    using deep = std::map<std::string, std::vector<std::optional<std::variant<int, std::string>>>>;
    auto nested = memo::cached([](deep const& d, std::array<person, 2> const&) { return d.size(); });
    nested({{"a", {1, std::nullopt, "x"}}}, {});
    nested({{"a", {1, std::nullopt, "x"}}}, {});
    nested({{"a", {1, "x", std::nullopt}}}, {});
    nested({{"a", {1, std::nullopt, "x"}}}, {person{1, {}}, person{}});
    CHECK(nested.size() == 3);
    using variant = std::variant<int, long, bool, double, std::string>;
    auto kinds = memo::cached([](variant const& v) { return v.index(); });
    for (auto const& one : std::vector<variant>{1, 1L, true, 1.0, "1"})
        kinds(one);
    CHECK(kinds.size() == 5);
}

TEST_CASE("identity: f(a, b:c) and f(a:b, c) never share, whatever stands in the text") {
    auto join = memo::cached([](std::string const& a, std::string const& b) { return a + "|" + b; });
    std::vector<std::string> const parts{"", "a", "a:b", "b:c", "c", ":", "%", "{}", std::string(1, '\0'), std::string(2, '\0'), "\r"};
    for (int round = 0; round != 2; ++round)
        for (auto const& a : parts)
            for (auto const& b : parts)
                CHECK(join(a, b) == a + "|" + b);
    CHECK(join.size() == parts.size() * parts.size());
}

TEST_CASE("identity: borrowed arguments are copied into the key") {
    std::vector<int> numbers{1, 2, 3};
    std::string text = "abc";
    auto sum = memo::cached([](std::span<int const> all, std::string_view t) { return all.front() + static_cast<int>(t.size()); });
    CHECK(sum(numbers, text) == 4);
    numbers[0] = 5;
    CHECK(sum(numbers, text) == 8);
    text = "abcd";
    CHECK(sum(numbers, text) == 9);
    CHECK(sum.contains(std::vector{1, 2, 3}, "abc"));
}

TEST_CASE("own types: a Hana annotation gives a key, or key_traits feed the parts that matter") {
    auto home = memo::cached([](person const& who) { return who.home.city; });
    CHECK(home({1, {"Rome", 2}}) == "Rome");
    CHECK(home({1, {"Oslo", 2}}) == "Oslo");
    CHECK(home({1, {"Rome", 2}}) == "Rome");
    CHECK(home.stats().hits == 1);
    auto length = memo::cached([](keys::point const& p) { return std::hypot(p.x, p.y); }, memo::key<"{0.x}/{0.y}">);
    CHECK(length({3, 4}) == 5);
    CHECK(length.key({3, -0.5}) == "3/-0.5");
    auto noise = memo::cached([](reading const& r) { return r.noise; });
    CHECK(noise({1, 0.5}) == 0.5);
    CHECK(noise({1, 0.9}) == 0.5);
    CHECK(noise({2, 0.9}) == 0.9);
}
