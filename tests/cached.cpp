#include <memo/cached.hpp>

#include <memo/base/error.hpp>
#include <memo/key/function.hpp>
#include <memo/recursive.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace users {

int fetches = 0;

struct user {
    int id = 0;
    std::string name;
};

user fetch_user(int id) {
    ++fetches;
    return {id, "user " + std::to_string(id)};
}

int twice(int n) noexcept { return 2 * n; }
int twice_counted(int n) { return ++fetches, 2 * n; }

int size_of(int n) { return n; }
int size_of(std::string const& text) { return static_cast<int>(text.size()); }

}  // namespace users

namespace {

struct move_only_functor {
    std::unique_ptr<int> factor = std::make_unique<int>(3);
    int operator()(int n) const { return *factor * n; }
};

struct generic {
    template <class T>
    T operator()(T value) const {
        return value + value;
    }
};

struct counter {
    int step = 1;
    int next(int from) const { return from + step; }
};

struct meters {
    int value;
    meters(int given) : value{given} {}
};

/// Becomes whatever is asked for.
struct anything {
    int value;
    explicit anything(int of) : value{of} {}
    template <class T>
    operator T() const {
        return T{};
    }
};

struct spelled {
    operator std::string() const { return "spelled"; }
};

}  // namespace

template <>
struct memo::key_traits<counter> {
    static void feed(memo::key_writer& w, counter const& v) { w(v.step); }
};
template <>
struct memo::key_traits<meters> {
    static void feed(memo::key_writer& w, meters const& v) { w(v.value); }
};

TEST_CASE("cached: the first lines of the contract compile and run once") {
    using users::fetch_user, users::user;
    users::fetches = 0;
    auto get_user = memo::cached(fetch_user, memo::ttl(5min), memo::max_size(10'000));
    user u = get_user(42);
    CHECK(u.name == "user 42");
    CHECK(get_user(42).name == "user 42");
    CHECK(get_user(7).id == 7);
    CHECK(users::fetches == 2);
    static_assert(std::same_as<decltype(get_user), memo::cached<user (*)(int), decltype(memo::ttl(5min)),
                                                                decltype(memo::max_size(10'000))>>);
}

TEST_CASE("cached: a function pointer, a noexcept function and a reference to a function are wrapped") {
    CHECK(memo::cached(&users::fetch_user)(1).id == 1);
    CHECK(memo::cached(users::twice)(4) == 8);
    CHECK(memo::cached(&users::twice)(4) == 8);
    int (&twice)(int) noexcept = users::twice;
    CHECK(memo::cached(twice)(4) == 8);
}

TEST_CASE("cached: lambdas, functors, move-only functors and std::function are wrapped") {
    int base = 10;
    CHECK(memo::cached([base](int n) { return base + n; })(1) == 11);
    CHECK(memo::cached(move_only_functor{})(2) == 6);
    CHECK(memo::cached(std::function<int(int)>{users::twice})(5) == 10);
    CHECK(memo::cached([] { return 7; })() == 7);
    CHECK(memo::cached([](int n) noexcept { return n; })(7) == 7);
    CHECK(memo::cached(std::negate<int>{})(7) == -7);
}

TEST_CASE("cached: pointers to members take the object as their first argument") {
    auto next = memo::cached(&counter::next);
    CHECK(next(counter{5}, 1) == 6);
    CHECK(next(counter{5}, 1) == 6);
    CHECK(next(counter{6}, 1) == 7);
    CHECK(next.stats().hits == 1);
    auto step = memo::cached(&counter::step);
    CHECK(step(counter{8}) == 8);
}

TEST_CASE("cached: a generic or overloaded callable says its signature") {
    auto doubled = memo::cached(generic{}, memo::ttl(1min), memo::signature<int(int)>);
    CHECK(doubled(4) == 8);
    auto doubled_text = memo::cached([](auto const& text) { return text + text; },
                                     memo::signature<std::string(std::string const&)>);
    CHECK(doubled_text("ab") == "abab");
    auto of_number = memo::cached(users::size_of, memo::signature<int(int)>, memo::max_size(5));
    auto of_text = memo::cached(users::size_of, memo::signature<int(std::string const&)>);
    CHECK(of_number(9) == 9);
    CHECK(of_text("four") == 4);
}

TEST_CASE("cached: a function that carries its name runs and shows it in its key") {
    auto get = memo::cached(memo::function<&users::fetch_user>);
    CHECK(get(3).id == 3);
    CHECK(get.key(3).text().starts_with("users::fetch_user:0:"));
}

TEST_CASE("cached: another wrapper alone is copied, with an option it is wrapped") {
    users::fetches = 0;
    auto inner = memo::cached(users::twice_counted);
    memo::cached copy(inner);
    static_assert(std::same_as<decltype(copy), decltype(inner)>);
    CHECK(copy(1) == 2);
    CHECK(inner.contains(1));

    auto outer = memo::cached(inner, memo::max_size(1));
    CHECK(outer(1) == 2);
    CHECK(outer(2) == 4);
    CHECK(users::fetches == 2);
    CHECK(outer.size() == 1);
    CHECK(inner.size() == 2);

    auto fibonacci = memo::recursive<long(int)>(
        [](auto& self, int n) -> long { return n < 2 ? n : self(n - 1) + self(n - 2); });
    auto around = memo::cached(fibonacci, memo::max_size(2));
    CHECK(around(30) == 832040);
    CHECK(fibonacci.size() == 31);
}

TEST_CASE("cached: a wrapper of a mutable callable is called on a wrapper that is not const") {
    auto count = memo::cached([calls = 0](int) mutable { return ++calls; });
    CHECK(count(10) == 1);
    CHECK(count(20) == 2);
    CHECK(count(10) == 1);
    static_assert(std::is_invocable_v<decltype(count)&, int>);
    static_assert(!std::is_invocable_v<decltype(count) const&, int>);
    auto const steady = memo::cached([](int n) { return n; });
    CHECK(steady(3) == 3);
}

TEST_CASE("cached: arguments convert as they do for the function itself") {
    auto length = memo::cached([](std::string const& text) { return text.size(); });
    std::string const text = "text";
    CHECK(length("text") == 4);
    CHECK(length(std::string_view{"text"}) == 4);
    CHECK(length(text) == 4);
    CHECK(length({'t', 'e', 'x', 't'}) == 4);
    CHECK(length(std::string{"text"}) == 4);
    CHECK(length.stats().misses == 1);
    CHECK(length({}) == 0);
    CHECK(length(spelled{}) == 7);
    CHECK(length("spelled") == 7);
    CHECK(length({text.begin(), text.end()}) == 4);
    CHECK(length({"texture", 4}) == 4);
    CHECK(length({std::string_view{"text"}}) == 4);
    CHECK(length.size() == 3);

    auto view_length = memo::cached([](std::string_view seen) { return seen.size(); });
    CHECK(view_length("abc") == 3);
    CHECK(view_length(std::string{"abc"}) == 3);
    CHECK(view_length.stats().hits == 1);

    auto sum = memo::cached([](std::vector<int> const& all, std::optional<int> more) {
        int total = more.value_or(0);
        for (int const one : all)
            total += one;
        return total;
    });
    CHECK(sum({1, 2, 3}, 4) == 10);
    CHECK(sum({1, 2, 3}, {}) == 6);
    CHECK(sum({}, std::nullopt) == 0);

    auto wide = memo::cached([](meters length_, double factor) { return length_.value * factor; });
    CHECK(wide(3, 2) == 6.0);
    CHECK(wide(short{3}, 2.0F) == 6.0);
    CHECK(wide.stats().hits == 1);
    CHECK(wide({3}, 'a') == 3 * 97.0);

    auto array = memo::cached([](int const (&all)[3], unsigned more) { return all[0] + all[2] + static_cast<int>(more); });
    struct {
        unsigned bits : 3;
    } const packed{5};
    CHECK(array({1, 2, 3}, packed.bits) == 9);
    CHECK(array({1, 2, 3}, {}) == 4);
}

TEST_CASE("cached: text by value, by rvalue and as char const* are equal keys of equal text") {
    auto by_value = memo::cached([](std::string text) { return text + "!"; });
    CHECK(by_value("a") == "a!");
    CHECK(by_value(std::string_view{"a"}) == "a!");
    CHECK(by_value(std::string{"a"}) == "a!");
    CHECK(by_value.stats().hits == 2);

    auto pointer = memo::cached([](char const* text) { return text == nullptr ? -1 : text[0]; });
    char letters[] = "xy";
    CHECK(pointer(letters) == 'x');
    CHECK(pointer("xy") == 'x');
    CHECK(pointer.stats().hits == 1);
    letters[0] = 'z';
    CHECK(pointer(letters) == 'z');
    CHECK(pointer(nullptr) == -1);
    CHECK(pointer("") == 0);
    CHECK(pointer.size() == 4);
}

TEST_CASE("cached: move-only arguments are consumed by a run and left alone by a hit") {
    struct ticket {
        std::unique_ptr<int> number;
    };
    auto admit = memo::cached([](ticket given) { return *given.number; },
                              memo::key_builder([](ticket const& given) { return *given.number; }));
    ticket first{std::make_unique<int>(4)};
    CHECK(admit(std::move(first)) == 4);
    CHECK(first.number == nullptr);
    ticket again{std::make_unique<int>(4)};
    CHECK(admit(std::move(again)) == 4);
    CHECK(again.number != nullptr);
}

TEST_CASE("cached: an rvalue reference parameter is taken by a run and left alone by a hit") {
    auto take = memo::cached([](std::vector<int>&& given) { return std::vector<int>{std::move(given)}.size(); });
    std::vector<int> all{1, 2};
    CHECK(take(std::move(all)) == 2);
    CHECK(all.empty());
    all = {1, 2};
    CHECK(take(std::move(all)) == 2);
    CHECK(all.size() == 2);
}

TEST_CASE("cached: copying shares the cache, and a moved wrapper goes on with it") {
    users::fetches = 0;
    auto get = memo::cached(users::fetch_user);
    auto copy = get;
    get(1);
    CHECK(copy(1).id == 1);
    auto moved = std::move(get);
    CHECK(moved(1).id == 1);
    CHECK(users::fetches == 1);
    CHECK(copy.evict(1).count() == 1);
    CHECK(!moved.contains(1));
    get = copy;
    moved = std::move(copy);
    CHECK(get.size() == 0);
    static_assert(std::is_nothrow_move_constructible_v<decltype(get)>);
    static_assert(sizeof(get) == sizeof(std::shared_ptr<int>));
}

TEST_CASE("cached: a function that returns a const reference yields a value of its own") {
    std::string place = "here";
    auto where = memo::cached([&place](int) -> std::string const& { return place; });
    static_assert(std::same_as<decltype(where(1)), std::string>);
    CHECK(where(1) == "here");
    place = "there";
    CHECK(where(1) == "here");
    auto first = where(1);
    first += " and changed";
    CHECK(where(1) == "here");
}

TEST_CASE("cached: with shared the call and every verb with a result give the one pointer, peek a null one for none") {
    int runs = 0;
    auto make = memo::cached(
        [&runs](int n) {
            ++runs;
            return std::make_unique<int>(n);
        },
        memo::shared);
    using pointer = std::shared_ptr<std::unique_ptr<int> const>;
    static_assert(std::same_as<decltype(make(1)), pointer>);
    static_assert(std::same_as<decltype(make.peek(1)), pointer>);
    static_assert(std::same_as<decltype(make.refresh(1)), pointer>);
    static_assert(std::same_as<decltype(make.uncached(1)), pointer>);
    CHECK(make.peek(1) == nullptr);
    auto const first = make(1);
    CHECK(**first == 1);
    CHECK(make(1) == first);
    CHECK(make.peek(1) == first);
    CHECK(runs == 1);
    auto const fresh = make.refresh(1);
    CHECK(fresh != first);
    CHECK(make(1) == fresh);
    CHECK(**make.uncached(5) == 5);
    CHECK(!make.contains(5));
    make.set(std::make_unique<int>(9), 5);
    CHECK(**make(5) == 9);
    make.clear();
    CHECK(**first == 1);

    auto given = std::make_shared<std::unique_ptr<int> const>(std::make_unique<int>(6));
    make.set(given, 6);
    CHECK(make(6) == given);
}

TEST_CASE("cached: what the function throws passes through untouched and is not stored") {
    int runs = 0;
    auto risky = memo::cached([&runs](int n) -> int {
        if (++runs < 3)
            throw std::string{"no"};
        return n;
    });
    CHECK_THROWS_AS(risky(1), std::string);
    CHECK(risky.size() == 0);
    CHECK_THROWS_AS(risky(1), std::string);
    CHECK(risky(1) == 1);
    CHECK(risky(1) == 1);
    CHECK(runs == 3);
}

TEST_CASE("cached: a result that converts to anything is stored as what it is") {
    auto g = memo::cached([](int n) { return anything{n}; }, memo::shared);
    CHECK(g(3)->value == 3);
    CHECK(g(3)->value == 3);
    CHECK(g.stats().hits == 1);
}

TEST_CASE("cached: an optional result that is empty is a result") {
    int runs = 0;
    auto find = memo::cached([&runs](int) -> std::optional<int> { return ++runs, std::nullopt; });
    CHECK(find(1) == std::nullopt);
    CHECK(find(1) == std::nullopt);
    CHECK(runs == 1);
    CHECK(find.peek(1).has_value());
    CHECK(!find.peek(2).has_value());
}

TEST_CASE("cached: a call that would wait for itself throws recursion_error") {
    std::function<int(int)> again;
    auto self = memo::cached([&again](int n) { return again(n); }, memo::name("self"));
    again = self;
    CHECK_THROWS_AS(self(1), memo::recursion_error);
    CHECK(!self.contains(1));
    again = [](int n) { return n; };
    CHECK(self(1) == 1);
}

TEST_CASE("cached: default arguments are not seen, and every parameter is asked for") {
    auto with_default = [](int a, int b = 5) { return a + b; };
    auto sum = memo::cached(with_default);
    static_assert(std::is_invocable_v<decltype(sum), int, int>);
    static_assert(!std::is_invocable_v<decltype(sum), int>);
    CHECK(sum(1, 5) == 6);
}
