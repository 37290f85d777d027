#include "codec/counted.hpp"
#include "codec/values.hpp"
#include "process.hpp"

#include <memo/codec/decoding.hpp>
#include <memo/codec/wire.hpp>

#include <doctest/doctest.h>
#include <pthread.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

using namespace values;

namespace {

// frames of AddressSanitizer are many times as large
using process::instrumented;

constexpr std::uint64_t great[] = {100, 1U << 16, 1ULL << 31, (1ULL << 32) - 1, 1ULL << 47, 1ULL << 63, ~std::uint64_t{0}};

std::string length_bytes(std::uint64_t length) {
    std::string bytes;
    memo::detail::append_length(bytes, length);
    return bytes;
}

using branches = std::variant<user, tree, std::map<std::int32_t, std::optional<bool>>, std::set<std::string>>;
using corpus_type = std::pair<lattice, std::vector<branches>>;

std::vector<std::string> corpus() {
    std::vector<std::string> made;
    chance from{3};
    for (unsigned round = 0; round != 12; ++round)
        made.push_back(encoded(any<corpus_type>(from)));
    return made;
}

}  // namespace

TEST_CASE("F11 decoding: every prefix and every extension of a value is refused") {
    for (auto const& bytes : corpus()) {
        for (std::size_t size = 0; size != bytes.size(); ++size)
            REQUIRE(refuses<corpus_type>(std::string_view{bytes}.substr(0, size)));
        for (unsigned extra = 0; extra != 256; ++extra)
            REQUIRE(refuses<corpus_type>(bytes + static_cast<char>(extra)));
    }
}

TEST_CASE("F11 decoding: with any other byte it is another value, in the one form of that value, or none") {
    using others = std::tuple<std::optional<bool>, std::vector<bool>, color, std::list<std::string>>;
    using ordered = std::pair<std::vector<branches>, others>;
    chance from{4};
    for (unsigned round = 0; round != 10; ++round) {
        auto bytes = encoded(any<ordered>(from));
        for (char& byte : bytes) {
            char const right = byte;
            for (unsigned other = 1; other != 256; ++other) {
                byte = static_cast<char>(static_cast<unsigned char>(right) ^ other);
                REQUIRE(is_one_form<ordered>(bytes));
            }
            byte = right;
        }
    }
}

TEST_CASE("F13 decoding: bursts of other bytes are a value in its one form, or none") {
    std::mt19937_64 from{5};
    auto const kept = corpus();
    for (unsigned round = 0; round != 20'000; ++round) {
        auto bytes = kept[round % kept.size()];
        auto const at = below(from, bytes.size());
        auto const end = std::min(bytes.size(), at + 1 + below(from, 8));
        for (std::size_t byte = at; byte != end; ++byte)
            bytes[byte] = static_cast<char>(from());
        try {
            auto const value = decoded<corpus_type>(bytes);
            REQUIRE(encoded(value).size() == bytes.size());
        } catch (memo::value_error const&) {
        }
    }
}

TEST_CASE("F11 decoding: bools, enums, indices, lengths and bits beyond their range are refused") {
    CHECK(refuses<std::optional<bool>>("\x01\x31"));
    CHECK(refuses<std::optional<bool>>("\x02\x01"));
    CHECK(refuses<std::vector<bool>>("\x01\x02"));
    CHECK(refuses<std::vector<color>>("\x01\x04"));
    CHECK(!refuses<std::vector<color>>("\x01\x03"));
    CHECK(refuses<std::variant<bool, bool>>("\x02\x01"));
    CHECK(refuses<std::variant<bool, bool>>("\x81\x01"));
    CHECK(refuses<std::vector<char>>(std::string{"\x81\0a", 3}));
    CHECK(refuses<std::bitset<9>>(std::string{"\0\x02", 2}));
    CHECK(decoded<std::bitset<9>>("\x05\x01") == std::bitset<9>{0x105});
}

TEST_CASE("F11 decoding: keys that come twice or out of order are refused") {
    CHECK(refuses<std::set<bool>>("\x02\x01\x01"));
    CHECK(refuses<std::set<bool>>(std::string{"\x02\x01\0", 3}));
    CHECK(!refuses<std::multiset<bool>>("\x02\x01\x01"));
    CHECK(refuses<std::multiset<bool>>(std::string{"\x02\x01\0", 3}));
    CHECK(refuses<std::unordered_set<bool>>("\x02\x01\x01"));
    CHECK(refuses<std::map<bool, char>>("\x02\x01" "a\x01" "b"));
    CHECK(refuses<std::unordered_map<bool, char>>("\x02\x01" "a\x01" "b"));
    CHECK(!refuses<std::unordered_multimap<bool, char>>("\x02\x01" "a\x01" "b"));
    CHECK(decoded<std::multimap<bool, char>>("\x02\x01" "b\x01" "a").begin()->second == 'b');
}

TEST_CASE("F10 decoding: a length without its bytes costs no memory") {
    auto const costs = []<class T>(std::string const& bytes, T const&) {
        counted::memory const taken;
        CHECK(refuses<T>(bytes));
        return taken.bytes() <= 2 * bytes.size() + 1024;
    };
    for (auto const size : great) {
        auto const bytes = length_bytes(size) + "some bytes";
        CHECK(costs(bytes, std::vector<std::string>{}));
        CHECK(costs(bytes, std::vector<double>{}));
        CHECK(costs(bytes, std::vector<bool>{}));
        CHECK(costs(bytes, std::vector<empty>{}));
        CHECK(costs(bytes, std::vector<tree>{}));
        CHECK(costs(bytes, std::list<std::monostate>{}));
        CHECK(costs(bytes, std::set<std::string>{}));
        CHECK(costs(bytes, std::unordered_map<std::string, std::string>{}));
        CHECK(costs(bytes, std::pair<std::string, char>{}));
        CHECK(costs(bytes, std::tuple<std::u32string>{}));
        CHECK(costs(bytes, user{}));
    }
}

TEST_CASE("F10 decoding: a number of elements that the bytes could hold makes room for no more than they do hold") {
    std::string const filled(100'000, '\x7f');
    auto const bytes = length_bytes(filled.size()) + filled;  // as many elements as bytes, each of which then says 127 bytes
    counted::memory const taken;
    CHECK(refuses<std::vector<std::string>>(bytes));
    CHECK(refuses<std::unordered_set<std::string>>(bytes));
    CHECK(refuses<std::vector<std::array<std::vector<std::string>, 8>>>(bytes));
    CHECK(taken.bytes() < 8 * bytes.size());
}

TEST_CASE("F10 decoding: budgets of memory and of elements hold for all containers together") {
    std::vector<std::vector<std::string>> const value(10, std::vector<std::string>(10, "x"));
    auto const bytes = encoded(value);
    CHECK(!refuses<std::vector<std::vector<std::string>>>(bytes, {.elements = 110}));
    CHECK(refuses<std::vector<std::vector<std::string>>>(bytes, {.elements = 109}));
    CHECK(!refuses<std::vector<std::vector<std::string>>>(bytes, {.bytes = 4000}));
    CHECK(refuses<std::vector<std::vector<std::string>>>(bytes, {.bytes = 3000}));
    CHECK(refuses<std::vector<double>>(encoded(std::vector<double>(100)), {.bytes = 700}));
    std::vector<empty> const nothing(1000);
    CHECK(refuses<std::vector<empty>>(encoded(nothing), {.elements = 999}));
}

TEST_CASE("F12 decoding: a million levels are refused at the depth limit") {
    std::string bytes;
    for (unsigned level = 0; level != 1'000'000; ++level)
        bytes += std::string_view{"\x01\0\0\0\x01", 5};
    CHECK(refuses<tree>(bytes));
    CHECK(refuses<tree>(bytes, {.depth = 200}));
    auto const flat = encoded(tree{1, {{2, {}}}});
    CHECK(!refuses<tree>(flat, {.depth = 4}));
    CHECK(refuses<tree>(flat, {.depth = 3}));
    CHECK(refuses<std::optional<int>>("\x01", {.depth = 0}));
}

TEST_CASE("F12 decoding: the depth limit is met within a stack of 64 KB") {
    std::string bytes;
    for (unsigned level = 0; level != 100'000; ++level)
        bytes += std::string_view{"\x01\0\0\0\x01", 5};
    pthread_attr_t small;
    REQUIRE(pthread_attr_init(&small) == 0);
    REQUIRE(pthread_attr_setstacksize(&small, instrumented ? 1U << 20 : 1U << 16) == 0);
    bool refused = false;
    auto work = [&] { refused = refuses<tree>(bytes); };
    pthread_t thread;
    auto const run = [](void* what) -> void* {
        (*static_cast<decltype(work)*>(what))();
        return nullptr;
    };
    REQUIRE(pthread_create(&thread, &small, run, &work) == 0);
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&small);
    CHECK(refused);
}

TEST_CASE("decoding: what stood in an object before is gone") {
    std::map<std::string, std::optional<std::vector<std::int32_t>>> value{{"old", std::vector<std::int32_t>{1, 2}}};
    memo::detail::cereal_reader from{std::string_view{"\x00", 1}, {}};
    memo::detail::read_value(from, value);
    CHECK(value.empty());
}
