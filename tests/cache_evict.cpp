#include <memo/cache_evict.hpp>

#include <memo/base/event.hpp>
#include <memo/cached.hpp>
#include <memo/key/function.hpp>
#include <memo/manager.hpp>
#include <memo/recursive.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace users {

int echo(int n) { return n; }
void drop(int) {}
void drop(std::string const&) {}

}  // namespace users

namespace {

struct failure {};

/// Wrappers that strings reach, in a manager of their own.
struct office {
    memo::manager space;
    memo::cached<int (*)(int), decltype(memo::in(space)), std::remove_const_t<decltype(memo::key<"user:{0}">)>> user{
        users::echo, memo::in(space), memo::key<"user:{0}">};

    office() { fill(); }
    void fill() {
        for (int id = 0; id != 10; ++id)
            user(id);
    }
};

}  // namespace

TEST_CASE("cache_evict: the lines of the contract compile and do what they say") {
    struct user {
        int id;
        int org;
    };
    auto get_user = memo::cached([](int id) { return user{id, 7}; }, memo::key<"user:{0}">);
    auto pages = memo::cached([](int id, int page) { return id * page; }, memo::key<"user:{0}:{1}">);
    auto org = memo::cached([](int id) { return id; }, memo::tags<"org:{0}">);
    auto do_update = [](int id, int in_org) { return user{id, in_org}; };
    auto do_drop = [](int) {};

    auto update_user = memo::cache_evict(do_update,                       // runs do_update, then evicts
        memo::entry(get_user, memo::by<0>),                               // get_user's entry for argument 0
        memo::tags<"org:{1}">, memo::pattern<"user:{0}:*">);
    auto drop_user   = memo::cache_evict(do_drop, memo::key<"user:{0}">, memo::before);
    auto fill_user   = memo::cache_put(do_update, memo::entry(get_user, memo::by<0>));   // result becomes the entry

    get_user(1), get_user(2), pages(1, 1), pages(1, 2), pages(2, 1), org(7), org(8);
    CHECK(update_user(1, 7).org == 7);
    CHECK(!get_user.contains(1));
    CHECK(get_user.contains(2));
    CHECK(pages.size() == 1);
    CHECK(!org.contains(7));
    CHECK(org.contains(8));
    drop_user(2);
    CHECK(!get_user.contains(2));
    CHECK(fill_user(3, 9).org == 9);
    CHECK(get_user.peek(3)->org == 9);
}

TEST_CASE("cache_evict: the wrapped call keeps its signature and its result") {
    auto get = memo::cached(users::echo);
    int place = 5;
    auto refer = memo::cache_evict([&place](int) -> int& { return place; }, memo::entry(get));
    static_assert(std::same_as<decltype(refer(1)), int&>);
    refer(1) = 6;
    CHECK(place == 6);
    auto nothing = memo::cache_evict([](int) {}, memo::entry(get));
    static_assert(std::is_void_v<decltype(nothing(1))>);
    auto owns = memo::cache_evict([](int n) { return std::make_unique<int>(n); }, memo::entry(get));
    CHECK(*owns(4) == 4);
    auto text = memo::cache_evict([](std::string const& all) { return all + "!"; }, memo::all(get));
    CHECK(text("a") == "a!");
    CHECK(text(std::string_view{"b"}) == "b!");
    CHECK(text({'c', 'd'}) == "cd!");
    auto moved = memo::cache_evict([](std::unique_ptr<int> one, int n) { return *one + n; }, memo::entry(get, memo::by<1>));
    get(3);
    CHECK(moved(std::make_unique<int>(4), 3) == 7);
    CHECK(!get.contains(3));
}

TEST_CASE("cache_evict: every kind of callable is wrapped, copies share it") {
    auto get = memo::cached(users::echo);
    auto const reaches = [&get](auto evict) {
        get(1);
        auto copy = evict;
        copy(1);
        return !get.contains(1);
    };
    CHECK(reaches(memo::cache_evict(users::echo, memo::entry(get))));
    CHECK(reaches(memo::cache_evict(memo::function<&users::echo>, memo::entry(get))));
    CHECK(reaches(memo::cache_evict([calls = 0](int) mutable { return ++calls; }, memo::entry(get))));
    CHECK(reaches(memo::cache_evict(std::function<void(int)>{[](int) {}}, memo::entry(get))));
    CHECK(reaches(memo::cache_evict([owned = std::make_unique<int>(1)](int) { return *owned; }, memo::entry(get))));
    CHECK(reaches(memo::cache_evict(users::drop, memo::signature<void(int)>, memo::entry(get))));
    CHECK(reaches(memo::cache_evict([](auto) {}, memo::entry(get), memo::signature<void(int)>)));
    CHECK(reaches(memo::cache_evict(memo::cached(users::echo), memo::all(get))));
    CHECK(reaches(memo::cache_evict(memo::cache_evict(users::echo, memo::entry(get)), memo::all(get))));
}

TEST_CASE("cache_evict: entry takes the same arguments, those at some places, or what a function makes of them") {
    auto get = memo::cached([](int id, std::string const& name) { return name + std::to_string(id); });
    get(1, "ann"), get(2, "bob"), get(3, "eve");
    memo::cache_evict([](int, std::string const&) {}, memo::entry(get))(1, "ann");
    CHECK(!get.contains(1, "ann"));
    CHECK(get.size() == 2);
    memo::cache_evict([](std::string const&, char, int) {}, memo::entry(get, memo::by<2, 0>))("bob", 'x', 2);
    CHECK(!get.contains(2, "bob"));
    memo::cache_evict([](int half) { return half; }, memo::entry(get, [](int half) {
                          return std::tuple{2 * half + 1, "eve"};
                      }))(1);
    CHECK(get.size() == 0);

    auto single = memo::cached(users::echo);
    single(8);
    memo::cache_evict([](int) {}, memo::entry(single, [](int half) { return 2 * half; }))(4);
    CHECK(!single.contains(8));
}

TEST_CASE("cache_evict: entries of recursive functions, and of functions that take from an rvalue, are reached too") {
    auto sum = memo::recursive<long(int)>([](auto& self, int n) -> long { return n == 0 ? 0 : n + self(n - 1); });
    sum(9);
    memo::cache_evict(users::echo, memo::entry(sum))(5);
    CHECK(!sum.contains(5));
    memo::cache_put([](int) { return 100L; }, memo::entry(sum))(5);
    CHECK(sum(5) == 100);
    auto taking = memo::cached([](std::string&& text) { return std::string{std::move(text)}.size(); });
    taking(std::string{"abc"});
    memo::cache_evict([](std::string const&) {}, memo::entry(taking))("abc");
    CHECK(taking.size() == 0);
    memo::cache_put([](std::string const&) { return std::size_t{5}; }, memo::entry(taking))("abc");
    CHECK(taking(std::string{"abc"}) == 5);
}

TEST_CASE("cache_evict: an entry is found through what enters its key alone") {
    auto get = memo::cached([](int id, int noise) { return id + noise; }, memo::ignore<1>);
    get(1, 5);
    memo::cache_evict([](int, int) {}, memo::entry(get))(1, 99);
    CHECK(get.size() == 0);
}

TEST_CASE("cache_evict: all forgets everything of one wrapper") {
    auto get = memo::cached(users::echo);
    auto other = memo::cached(users::echo);
    get(1), get(2), other(1);
    memo::cache_evict([] {}, memo::all(get))();
    CHECK(get.size() == 0);
    CHECK(other.size() == 1);
}

TEST_CASE("cache_evict: several keys, tags and patterns go together") {
    office all;
    auto tagged = memo::cached(users::echo, memo::in(all.space), memo::tags<"even:{0}">);
    tagged(4);
    auto evict = memo::cache_evict([](int, int) {}, memo::in(all.space), memo::key<"user:{0}">, memo::key<"user:{1}">,
                                   memo::pattern<"user:[0-1]">, memo::pattern<"user:[^0-8]">, memo::tags<"even:4", "even:{0}">);
    evict(4, 5);
    CHECK(tagged.size() == 0);
    CHECK(all.user.size() == 5);
    for (int const left : {2, 3, 6, 7, 8})
        CHECK(all.user.contains(left));
}

TEST_CASE("cache_evict: after the call, and only if it returned") {
    office all;
    bool there = false;
    auto evict = memo::cache_evict(
        [&](int id) {
            there = all.user.contains(id);
            if (id == 2)
                throw failure{};
        },
        memo::in(all.space), memo::entry(all.user), memo::key<"user:9">, memo::tags<"none">, memo::pattern<"user:8">);
    CHECK_THROWS_AS(evict(2), failure);
    CHECK(all.user.size() == 10);
    evict(1);
    CHECK(there);
    CHECK(all.user.size() == 7);
}

TEST_CASE("cache_evict: with before the entries go first, also when the call throws") {
    office all;
    bool there = true;
    auto evict = memo::cache_evict(
        [&](int id) -> int {
            there = all.user.contains(id);
            throw failure{};
        },
        memo::before, memo::in(all.space), memo::key<"user:{0}">);
    CHECK_THROWS_AS(evict(2), failure);
    CHECK(!there);
    CHECK(all.user.size() == 9);
}

TEST_CASE("cache_evict: what goes is computed from the arguments as they were before the call") {
    auto get = memo::cached([](std::string const& name) { return name.size(); }, memo::key<"n:{0}">, memo::tags<"t:{0}">);
    auto const fill = [&get] { get("before"), get("after"); };
    char letters[] = "before";
    std::string own = "before";
    auto const change = [&](char const*) {
        std::string_view{"after"}.copy(letters, 6);
        letters[5] = '\0';
    };
    auto const reset = [&letters] { std::string_view{"before"}.copy(letters, 6); };

    fill();
    memo::cache_evict(change, memo::entry(get))(letters);
    CHECK(!get.contains("before"));
    CHECK(get.contains("after"));
    fill(), reset();
    memo::cache_evict(change, memo::key<"n:{0}">)(letters);
    CHECK(!get.contains("before"));
    fill(), reset();
    memo::cache_evict(change, memo::pattern<"n:{0}">)(letters);
    CHECK(!get.contains("before"));
    fill(), reset();
    memo::cache_evict(change, memo::tags<"t:{0}">)(letters);
    CHECK(!get.contains("before"));
    fill(), reset();
    memo::cache_evict(change, memo::entry(get, [](char const* text) { return std::string{text}; }))(letters);
    CHECK(!get.contains("before"));
    fill();
    memo::cache_evict([](std::string&& taken) { return std::string{std::move(taken)}; }, memo::entry(get))(std::move(own));
    CHECK(!get.contains("before"));
    CHECK(own.empty());
    CHECK(get.contains("after"));
}

TEST_CASE("cache_evict: hostile text in a pattern, key or tag matches itself alone") {
    memo::manager space;
    std::vector<std::string> const names{"*",  "?",    "[a-z]", "a",  "\\",   "a:b", "a:*", "%2A", "",   "{0}",
                                         "^]", "\n\r", "[^a]",  "ab", "\\*",  "-",   "~",   ":",   "::", std::string(1, '\0')};
    auto get = memo::cached([](std::string const& name, std::string const& part) { return name + part; },
                            memo::in(space), memo::key<"n:{0}:{1}">, memo::tags<"t:{0}:{1}">);
    auto by_pattern = memo::cache_evict([](std::string const&) {}, memo::in(space), memo::pattern<"n:{0}:*">);
    auto by_key = memo::cache_evict([](std::string const&, std::string const&) {}, memo::in(space), memo::key<"n:{0}:{1}">);
    auto by_tag = memo::cache_evict([](std::string const&, std::string const&) {}, memo::in(space), memo::tags<"t:{0}:{1}">);
    for (auto const& name : names)
        for (auto const& part : names)
            get(name, part);
    auto held = names.size() * names.size();
    CHECK(get.size() == held);
    for (auto const& name : names) {
        by_pattern(name);
        held -= names.size();
        CHECK(get.size() == held);
        for (auto const& part : names)
            CHECK(!get.contains(name, part));
    }
    for (auto const& name : names)
        get(name, "b:c");
    for (auto const& name : names) {
        by_key(name, "b");
        CHECK(get.contains(name, "b:c"));
        by_tag(name + ":b", "c");
        CHECK(get.contains(name, "b:c"));
        by_key(name, "b:c");
        CHECK(!get.contains(name, "b:c"));
    }
}

TEST_CASE("cache_evict: strings reach only wrappers with readable keys, also when the text is empty") {
    memo::manager space;
    auto plain = memo::cached([] { return 1; }, memo::in(space));
    auto by_id = memo::cached(users::echo, memo::in(space));
    auto readable = memo::cached([](std::string const& text) { return text; }, memo::in(space), memo::key<"{0}">);
    plain(), by_id(1), readable(""), readable("a");
    memo::cache_evict([](std::string const&) {}, memo::in(space), memo::key<"{0}">)("");
    CHECK(!readable.contains(""));
    CHECK(readable.contains("a"));
    CHECK(plain.contains());
    CHECK(by_id.contains(1));
    readable("");
    space.evict_pattern("*");
    CHECK(readable.size() == 0);
    CHECK(plain.contains());
    CHECK(by_id.contains(1));
}

TEST_CASE("cache_evict: what fails on the way is counted and told, and hides neither the result nor the other evictions") {
    memo::manager space;
    int errors = 0;
    space.on_event([&errors](memo::event const& e) { errors += e.kind == memo::event_kind::error; });
    auto fragile = memo::cached(users::echo, memo::in(space), memo::key_builder([](int n) {
                                    if (n == 1)
                                        throw failure{};
                                    return n;
                                }));
    auto get = memo::cached(users::echo, memo::in(space));
    get(1);
    auto evict = memo::cache_evict(users::echo, memo::in(space), memo::entry(fragile), memo::entry(get));
    CHECK(evict(1) == 1);
    CHECK(errors == 1);
    CHECK(space.stats().errors == 1);
    CHECK(!get.contains(1));
}

TEST_CASE("cache_put: the result becomes the entry, and the call runs every time") {
    int runs = 0;
    auto get = memo::cached(users::echo);
    auto put = memo::cache_put([&runs](int id) { return ++runs, 100 + id; }, memo::entry(get));
    get(1);
    CHECK(put(1) == 101);
    CHECK(get(1) == 101);
    CHECK(put(1) == 101);
    CHECK(runs == 2);
    CHECK_THROWS_AS(memo::cache_put([](int) -> int { throw failure{}; }, memo::entry(get))(1), failure);
    CHECK(get(1) == 101);
}

TEST_CASE("cache_put: a function may take the result in front of the arguments") {
    auto get = memo::cached([](int id, std::string const& name) { return id + static_cast<int>(name.size()); });
    auto by_result = memo::cache_put([](int n) { return n * 10; }, memo::entry(get, [](int result, int n) {
                                         return std::tuple{result + n, std::string{"r"}};
                                     }));
    CHECK(by_result(2) == 20);
    CHECK(get.peek(22, "r") == 20);
    auto by_argument = memo::cache_put([](int n) { return n * 10; },
                                       memo::entry(get, [](int n) { return std::tuple{n, std::string{"a"}}; }));
    by_argument(3);
    CHECK(get.peek(3, "a") == 30);
}

TEST_CASE("cache_put: the entry is that of the arguments as they were before the call, also behind pointers to text") {
    auto get = memo::cached([](char const* name) { return static_cast<int>(std::string_view{name}.size()); });
    char letters[] = "before";
    auto put = memo::cache_put(
        [&letters](char const*) {
            letters[0] = 'B';
            return 1;
        },
        memo::entry(get));
    put(letters);
    CHECK(get.peek("before") == 1);
    CHECK(!get.contains("Before"));

    letters[0] = 'b';
    auto by_result = memo::cache_put(
        [&letters](char const*) {
            letters[0] = 'B';
            return 2;
        },
        memo::entry(get, [](int, char const* text) { return text; }));
    by_result(letters);
    CHECK(get.peek("before") == 2);
}

TEST_CASE("cache_put: unless, only_if and ttl of the wrapper hold for it, and see the arguments") {
    auto get = memo::cached(users::echo, memo::unless([](int result, int id) { return result == 0 && id > 0; }),
                            memo::only_if([](int id) { return id != 5; }),
                            memo::ttl([](int result) { return std::chrono::seconds{result}; }));
    auto put = memo::cache_put([](int, int result) { return result; }, memo::entry(get, memo::by<0>));
    put(1, 0), put(5, 3), put(2, -1), put(3, 4);
    CHECK(get.size() == 1);
    CHECK(get.contains(3));
}

TEST_CASE("cache_put and set: a result that may not be stored outdates what is stored, and runs that began before") {
    std::function<void()> during = [] {};
    auto get = memo::cached([&during](int id) { return during(), id; }, memo::unless([](int result) { return result == 0; }));
    auto put = memo::cache_put([](int) { return 0; }, memo::entry(get));
    get(5), get(6);
    put(5), get.set(0, 6);
    CHECK(get.size() == 0);
    during = [&] { put(7); };
    CHECK(get(7) == 7);
    CHECK(!get.contains(7));
}

TEST_CASE("cache_put: results go into a wrapper that shares them, and into several wrappers at once") {
    auto shared = memo::cached([](int id) { return std::to_string(id); }, memo::shared);
    auto plain = memo::cached([](int id) { return std::to_string(id); });
    auto put = memo::cache_put([](int) { return std::string{"put"}; }, memo::entry(shared), memo::entry(plain));
    put(1);
    CHECK(*shared.peek(1) == "put");
    CHECK(plain.peek(1) == "put");
}
