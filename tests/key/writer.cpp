#include "key/allocations.hpp"
#include "key/bytes.hpp"
#include "key/golden.hpp"
#include "key/specimen.hpp"

#include <memo/base/hash.hpp>
#include <memo/key/writer.hpp>
#include <boost/hana/define_struct.hpp>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>
#include <chrono>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <functional>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace {

struct part {
    BOOST_HANA_DEFINE_STRUCT(part, (std::string, name), (std::vector<part>, parts));
};

/// Puts all values into few buckets, in an order that depends on how they came.
struct poor_hash {
    std::size_t operator()(int value) const { return static_cast<std::size_t>(value) & 1U; }
};

/// Throws while it is made, so that a variant of it holds nothing.
struct thrower {
    std::string text;
    explicit thrower(int number) { throw number; }
};

}  // namespace

template <>
struct memo::key_traits<thrower> {
    static void feed(memo::key_writer& w, thrower const& v) { w(v.text); }
};

TEST_CASE("writer: the canonical bytes and their digests are those of every release") {
    auto const current = golden::current_lines();
    auto const kept = golden::kept_lines();
    REQUIRE(current.size() == kept.size());
    for (std::size_t i = 0; i != kept.size(); ++i) {
        CHECK(current[i] == kept[i]);
    }
}

TEST_CASE("writer: F02 values have equal keys exactly when they are equal, of whatever kind and however nested") {
    // The long run, 10^6 pairs: RC_PARAMS=max_success=10000
    CHECK(rc::check([](std::uint64_t seed) {
        specimen_source source{seed};
        for (int pair = 0; pair != 100; ++pair) {
            auto const left = source.draw_specimen(3);
            auto const right = source.draw_neighbour(left, 3);
            RC_ASSERT((bytes_of(left) == bytes_of(right)) == same(left, right));
        }
    }));
}

TEST_CASE("writer: F02 no key is the beginning of another, so that no border between two arguments can move") {
    CHECK(rc::check([](std::uint64_t seed) {
        specimen_source source{seed};
        for (int pair = 0; pair != 100; ++pair) {
            auto const left = source.draw_specimen(2);
            auto const right = source.draw_neighbour(left, 2);
            auto const bare = [](auto const& value) { return bytes_of(value); };
            auto const bytes_of_left = std::visit(bare, *left.kind);
            auto const bytes_of_right = std::visit(bare, *right.kind);
            RC_ASSERT(!bytes_of_right.starts_with(bytes_of_left) || same(left, right));
        }
    }));
    CHECK(bytes_of("a", "b:c") != bytes_of("a:b", "c"));
    CHECK(bytes_of("", "a") != bytes_of("a", ""));
    CHECK(bytes_of(std::string{"a\0b", 3}) != bytes_of("a"));
}

TEST_CASE("writer: F03 the lattice of types: each of these is a key of its own") {
    char const* const null_text = nullptr;
    std::set<std::string> const keys{
        bytes_of(1),
        bytes_of(1L),
        bytes_of(1U),
        bytes_of(1.0),
        bytes_of(1.0F),
        bytes_of(true),
        bytes_of('\1'),
        bytes_of("1"),
        bytes_of(u8"1"),
        bytes_of(u"1"),
        bytes_of(U"1"),
        bytes_of(L"1"),
        bytes_of('1'),
        bytes_of(std::optional{1}),
        bytes_of(std::optional<int>{}),
        bytes_of(std::optional<std::optional<int>>{std::in_place}),
        bytes_of(""),
        bytes_of(null_text),
        bytes_of(nullptr),
        bytes_of(std::monostate{}),
        bytes_of(std::tuple<>{}),
        bytes_of(std::tuple{1}),
        bytes_of(std::vector{1}),
        bytes_of(std::vector<int>{}),
        bytes_of(std::vector<long>{}),
        bytes_of(std::vector<std::string>{}),
        bytes_of(std::vector{std::string{}}),
        bytes_of(std::vector{'1'}),
        bytes_of(std::unordered_set{1}),
        bytes_of(std::complex{1.0, 0.0}),
        bytes_of(std::bitset<1>{1}),
        bytes_of(std::variant<int, long>{1}),
        bytes_of(std::variant<long, int>{1}),
        bytes_of(std::chrono::seconds{1}),
        bytes_of(std::chrono::milliseconds{1000}),
        bytes_of(std::filesystem::path{"1"}),
        bytes_of(std::chrono::sys_seconds{std::chrono::seconds{1}}),
        bytes_of(part{"1", {}}),
    };
    CHECK(keys.size() == 38);
}

TEST_CASE("writer: text of equal content is one key, whoever holds it") {
    char buffer[16] = "user";
    char* const pointer = buffer;
    std::pmr::string const elsewhere{"user"};
    auto const key = bytes_of("user");
    CHECK(bytes_of(std::string{"user"}) == key);
    CHECK(bytes_of(std::string_view{"users", 4}) == key);
    CHECK(bytes_of(static_cast<char const*>("user")) == key);
    CHECK(bytes_of(pointer) == key);
    CHECK(bytes_of(buffer) == key);
    CHECK(bytes_of(elsewhere) == key);
    char const unended[] = {'u', 's', 'e', 'r'};
    CHECK(bytes_of(unended) == key);
    CHECK(bytes_of(std::wstring{L"user"}) == bytes_of(L"user"));
}

TEST_CASE("writer: equal elements in equal order are one key, whatever holds them") {
    std::vector<int> const numbers{3, 1, 2};
    auto const key = bytes_of(numbers);
    CHECK(bytes_of(std::array{3, 1, 2}) == key);
    CHECK(bytes_of(std::list{3, 1, 2}) == key);
    CHECK(bytes_of(std::forward_list{3, 1, 2}) == key);
    CHECK(bytes_of(std::deque{3, 1, 2}) == key);
    CHECK(bytes_of(std::span{numbers}) == key);
    CHECK(bytes_of(std::initializer_list<int>{3, 1, 2}) == key);
    int const array[] = {3, 1, 2};
    CHECK(bytes_of(array) == key);
    CHECK(bytes_of(std::vector{1, 2, 3}) != key);
    CHECK(bytes_of(std::vector<bool>{true, false}) == bytes_of(std::array{true, false}));
    CHECK(bytes_of(std::vector<std::string>{"a", "b"}) == bytes_of(std::list<std::string_view>{"a", "b"}));
    CHECK(bytes_of(std::ref(numbers)) == key);
}

TEST_CASE("writer: unordered containers are one key in any order of iteration") {
    CHECK(rc::check([](std::vector<int> values) {
        std::unordered_multiset<int, poor_hash> const forth(values.begin(), values.end());
        std::unordered_multiset<int, poor_hash> const back(values.rbegin(), values.rend(), 1000);
        RC_ASSERT(bytes_of(forth) == bytes_of(back));
        auto others = values;
        others.push_back(1);
        RC_ASSERT(bytes_of(std::unordered_multiset<int>(others.begin(), others.end())) != bytes_of(forth));
    }));
    std::unordered_map<std::string, std::unordered_set<std::string>> forth, back;
    std::vector<std::string> const names{"", "a", "b", "ab", "a:b", "c"};
    for (auto const& name : names) {
        forth[name] = {names.begin(), names.end()};
    }
    back.reserve(500);
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
        back[*name] = {names.rbegin(), names.rend()};
    }
    CHECK(bytes_of(forth) == bytes_of(back));
}

TEST_CASE("writer: members of annotated types enter one by one, also in types that contain themselves") {
    part const engine{"engine", {{"piston", {}}, {"valve", {}}}};
    part other = engine;
    CHECK(bytes_of(other) == bytes_of(engine));
    other.parts[1].parts.push_back({"spring", {}});
    CHECK(bytes_of(other) != bytes_of(engine));
    other = {"engine", {{"piston", {{"valve", {}}}}}};
    CHECK(bytes_of(other) != bytes_of(engine));
}

TEST_CASE("writer: a valueless variant is a key of its own") {
    std::variant<int, thrower> value;
    auto const valued = bytes_of(value);
    CHECK_THROWS(value.emplace<thrower>(1));
    REQUIRE(value.valueless_by_exception());
    CHECK(bytes_of(value) != valued);
    CHECK(hex_of(value) == "62");
}

TEST_CASE("writer: F04 a million calls with NaN are one key") {
    auto const key = bytes_of(std::numeric_limits<double>::quiet_NaN());
    std::mt19937_64 chance{4};
    std::size_t others = 0;
    memo::detail::key_buffer buffer;
    memo::key_writer w{buffer};
    for (int i = 0; i != 1'000'000; ++i) {
        buffer.clear();
        w(std::bit_cast<double>(chance() | 0x7ff0000000000001));
        others += buffer.view() != key ? 1U : 0U;
    }
    CHECK(others == 0);
}

TEST_CASE("writer: F05 a key keeps nothing of its arguments but their content") {
    memo::detail::key_buffer buffer;
    memo::key_writer w{buffer};
    {
        auto gone = std::make_unique<std::string>("borrowed text that is too long to live inside its string");
        std::string_view const view = *gone;
        w(view, std::span{*gone}, std::ref(*gone), gone->c_str());
        std::ranges::fill(*gone, '#');
    }
    CHECK(buffer.view().find('#') == std::string_view::npos);
}

TEST_CASE("writer: a hit allocates nothing for its key once the thread is warm") {
    std::unordered_map<std::string, std::vector<int>> many;
    for (int i = 0; i != 100; ++i) {
        many["name " + std::to_string(i)] = std::vector<int>(20, i);
    }
    auto const write = [&many] {
        memo::detail::key_buffer buffer;
        memo::key_writer{buffer}(std::string_view{"text"}, "literal", 42, 0.5, many);
        return memo::detail::place_of(buffer.view());
    };
    auto const place = write();
    auto const before = allocations();
    CHECK(write() == place);
    CHECK(allocations() == before);
}
