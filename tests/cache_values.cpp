#include <memo/cache_values.hpp>

#include <memo/base/error.hpp>
#include <memo/cache.hpp>
#include <memo/codec/traits.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

/// A value that can only be moved, and whose bytes may be no value.
struct ticket {
    std::unique_ptr<int> number;
};

/// The same bytes, and another type.
struct receipt {
    int number;
};

}  // namespace

template <>
struct memo::codec_traits<ticket> {
    static void encode(std::string& out, ticket const& value) { out += std::to_string(*value.number); }
    static ticket decode(std::string_view bytes, memo::decode_limits const&) {
        if (bytes == "13")
            throw memo::value_error{"ticket: there is no 13"};
        return {std::make_unique<int>(std::stoi(std::string{bytes}))};
    }
    static std::string schema() { return "ticket 1"; }
};

template <>
struct memo::codec_traits<receipt> {
    static void encode(std::string& out, receipt const& value) { out += std::to_string(value.number); }
    static receipt decode(std::string_view bytes, memo::decode_limits const&) { return {std::stoi(std::string{bytes})}; }
    static std::string schema() { return "receipt 1"; }
};

TEST_CASE("values: a type may be one that can only be moved") {
    memo::cache const c;
    c.set("n", ticket{std::make_unique<int>(7)});
    CHECK(*c.get<ticket>("n")->number == 7);
    CHECK(*c.get_or<ticket>("m", ticket{std::make_unique<int>(8)}).number == 8);
    CHECK(*c.get_or_compute("m", [] { return ticket{std::make_unique<int>(9)}; }).number == 9);
    CHECK(*c.get_or_compute("m", [] { return ticket{std::make_unique<int>(10)}; }).number == 9);
    c.before_set([](std::string_view, ticket value) { return ticket{std::make_unique<int>(*value.number + 1)}; });
    c.validator([](std::string_view, ticket const& value) { return value.number != nullptr; });
    CHECK(c.add("k", ticket{std::make_unique<int>(1)}));
    CHECK(*c.get_many<ticket>({"k"}).front()->number == 2);
}

TEST_CASE("values: bytes that are no value are a miss, counted, and go") {
    memo::cache const c;
    auto const spoil = [&] { c.set("n", ticket{std::make_unique<int>(13)}); };
    spoil();
    CHECK(c.get<ticket>("n") == std::nullopt);
    CHECK(c.stats().errors == 1);
    CHECK_FALSE(c.exists("n"));
    spoil();
    CHECK(c.get_many<ticket>({"n"}).front() == std::nullopt);
    CHECK_FALSE(c.exists("n"));
    spoil();
    CHECK(*c.get_or_compute("n", [] { return ticket{std::make_unique<int>(1)}; }).number == 1);
    CHECK(*c.get<ticket>("n")->number == 1);
    CHECK(c.stats().errors == 3);
}

TEST_CASE("values: types whose bytes are equal are told apart by their schemas") {
    memo::cache const c;
    c.set("n", receipt{7});
    CHECK(c.get<ticket>("n") == std::nullopt);
    CHECK(c.get<receipt>("n")->number == 7);
    auto t = c.transaction();
    t.set("m", receipt{8});
    CHECK(t.get<ticket>("m") == std::nullopt);
    CHECK(t.get<receipt>("m")->number == 8);
}
