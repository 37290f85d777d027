#include <memo/cache_evict.hpp>
#include <memo/cached.hpp>
#include <memo/cached_property.hpp>
#include <memo/key/traits.hpp>
#include <memo/key/writer.hpp>
#include <memo/recursive.hpp>

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

thread_local std::size_t taken = 0;

}  // namespace

void* operator new(std::size_t size) {
    ++taken;
    if (void* const place = std::malloc(size == 0 ? 1 : size))
        return place;
    throw std::bad_alloc{};
}
void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
    ++taken;
    return std::malloc(size == 0 ? 1 : size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    ++taken;
    void* place = nullptr;
    if (::posix_memalign(&place, static_cast<std::size_t>(alignment), size) == 0)
        return place;
    throw std::bad_alloc{};
}
void* operator new(std::size_t size, std::align_val_t alignment, std::nothrow_t const&) noexcept {
    ++taken;
    void* place = nullptr;
    return ::posix_memalign(&place, static_cast<std::size_t>(alignment), size) == 0 ? place : nullptr;
}
void operator delete(void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t) noexcept { std::free(place); }
void operator delete(void* place, std::align_val_t) noexcept { std::free(place); }
void operator delete(void* place, std::size_t, std::align_val_t) noexcept { std::free(place); }

namespace {

/// How often memory is taken by `hits`, which ran once before.
template <class Fn>
std::size_t allocations_of(Fn const& hits) {
    hits();
    auto const before = taken;
    for (int n = 0; n != 200; ++n)
        hits();
    return taken - before;
}

using seconds = std::chrono::seconds;

class engine {
    std::string name = "a name that is longer than any small string";
    int power_(std::string const& unit) const { return static_cast<int>(unit.size()); }
    int weight_() const { return 7; }
    inline static auto power_of_ = memo::cached_method(&engine::power_, memo::instance_key(&engine::name), memo::key<"e:{0}">);

public:
    MEMO_METHOD(power, power_of_)
    memo::cached_property<&engine::weight_> weight{this};
};

}  // namespace

TEST_CASE("hit: an integer, a string by literal, by string_view or as it is allocate nothing") {
    auto number = memo::cached([](long n) { return n; });
    CHECK(allocations_of([&] { number(5); }) == 0);
    auto length = memo::cached([](std::string const& text) { return text.size(); });
    std::string const longest(5'000, 'x');
    std::string_view const view = longest;
    CHECK(allocations_of([&] { length("a literal that is longer than any small string"); }) == 0);
    CHECK(allocations_of([&] { length(view); }) == 0);
    CHECK(allocations_of([&] { length(longest); }) == 0);
    auto by_value = memo::cached([](std::string text) { return text.size(); });
    CHECK(allocations_of([&] { by_value("a literal that is longer than any small string"); }) == 0);
    CHECK(allocations_of([&] { by_value(view); }) == 0);
    auto by_view = memo::cached([](std::string_view text, char const* more) { return text.size() + std::string_view{more}.size(); });
    CHECK(allocations_of([&] { by_view(longest, "a literal that is longer than any small string"); }) == 0);
}

TEST_CASE("hit: nested containers allocate nothing once the thread is warm") {
    std::map<std::string, std::vector<std::optional<int>>> const nested{{std::string(100, 'k'), {1, std::nullopt, 3}},
                                                                         {std::string(200, 'l'), {}}};
    std::unordered_map<std::string, std::vector<int>> const unordered{{std::string(100, 'k'), {1, 2}}, {"b", {3}}, {"c", {}}};
    auto size = memo::cached([](decltype(nested)& first, decltype(unordered)& second) { return first.size() + second.size(); });
    CHECK(allocations_of([&] { size(nested, unordered); }) == 0);
}

TEST_CASE("hit: key templates, tags, lifetimes, predicates of the result and shared results allocate nothing") {
    std::string const name(300, 'n');
    auto tagged = memo::cached([](std::string const& text, int n) { return text.size() + static_cast<std::size_t>(n); },
                               memo::key<"some:{0}:{1}">, memo::tags<"t:{0}", "u:{1}">, memo::ttl(seconds{100}),
                               memo::idle(seconds{50}), memo::unless([](std::size_t size) { return size == 0; }));
    CHECK(allocations_of([&] { tagged(name, 1); }) == 0);
    CHECK(allocations_of([&] { tagged("literal: %", 1); }) == 0);
    auto shared = memo::cached([](std::string const& text) { return text + text; }, memo::shared);
    CHECK(allocations_of([&] { shared(name); }) == 0);
    auto chosen = memo::cached([](std::string const& text, int n) { return text.size() + static_cast<std::size_t>(n); },
                               memo::args<0>, memo::max_size(10));
    CHECK(allocations_of([&] { chosen("a literal that is longer than any small string", 1); }) == 0);
}

TEST_CASE("hit: the verbs that look allocate nothing for keys") {
    auto length = memo::cached([](std::string const& text) { return text.size(); }, memo::key<"n:{0}">);
    char const* const name = "a literal that is longer than any small string";
    length(name);
    CHECK(allocations_of([&] { length.peek(name); }) == 0);
    CHECK(allocations_of([&] { length.contains(name); }) == 0);
    CHECK(allocations_of([&] { length.touch(seconds{5}, name); }) == 0);
    CHECK(allocations_of([&] { length.evict("another literal that is longer than any small string"); }) == 0);
}

TEST_CASE("hit: methods, properties and recursive functions allocate nothing") {
    engine const one;
    CHECK(allocations_of([&] { one.power("a literal that is longer than any small string"); }) == 0);
    CHECK(allocations_of([&] { one.weight(); }) == 0);
    auto fibonacci = memo::recursive<long(int)>([](auto& self, int n) -> long { return n < 2 ? n : self(n - 1) + self(n - 2); });
    CHECK(allocations_of([&] { fibonacci(50); }) == 0);
}

TEST_CASE("hit: the only memory taken is what the copy of the result takes") {
    auto text = memo::cached([](int n) { return std::string(static_cast<std::size_t>(n), 'x'); });
    CHECK(allocations_of([&] { text(1'000); }) == 200);
    auto pairs = memo::cached([](int n) { return std::pair{n, n}; });
    CHECK(allocations_of([&] { pairs(1); }) == 0);
    auto large = memo::cached([](int n) { return std::array<int, 100>{n}; });
    CHECK(allocations_of([&] { large(1); }) == 0);
}
