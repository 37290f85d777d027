#include <memo/cached_property.hpp>

#include <memo/base/stats.hpp>
#include <memo/cache_evict.hpp>
#include <memo/cached.hpp>
#include <memo/key/function.hpp>
#include <memo/manager.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

struct user {
    int id = 0;
    std::string name;
};

// the class of the contract, with what its methods do
class user_service {
    std::string tenant;
    user load(int id) const;                                                        // the real work
    double total() const;
    void save(int id, std::string const& name);
    inline static auto load_ = memo::cached_method(&user_service::load, memo::instance_key(&user_service::tenant),
                                                   memo::ttl(300s), memo::key<"user:{0}">);
    inline static auto save_ = memo::cache_evict(&user_service::save, memo::entry(load_, memo::by<0>));
public:
    MEMO_METHOD(get_user, load_)                                                    // user get_user(int) const
    MEMO_METHOD(rename, save_)                                                      // saves, then forgets this tenant's user id
    memo::cached_property<&user_service::total> total_revenue{this, {.ttl = 60s}};  // s.total_revenue()

    explicit user_service(std::string of) : tenant{std::move(of)} {}
    static auto& wrapper() { return load_; }
    mutable int loads = 0;
    mutable int totals = 0;
    std::vector<std::string> saved;
};

user user_service::load(int id) const {
    ++loads;
    return {id, tenant + std::to_string(id)};
}
double user_service::total() const { return ++totals; }
void user_service::save(int id, std::string const& name) { saved.push_back(std::to_string(id) + name); }

class shelf {
public:
    explicit shelf(int of) : number{of} {}
    int place() const { return number % 10; }

    int number;
    mutable int runs = 0;
    int changes = 0;

private:
    std::size_t length(std::string const& text, std::vector<int> const& more) const { return ++runs, text.size() + more.size(); }
    int count(int n) { return ++runs, ++changes, n; }
    int add(int n) { return number += n; }
    std::string label(int n) const { return ++runs, std::to_string(number) + ":" + std::to_string(n); }
    bool quiet(int n) const noexcept { return n > 0; }

    inline static auto length_ = memo::cached_method(&shelf::length, memo::any_instance, memo::max_size(5));
    inline static auto count_ = memo::cached_method(&shelf::count, memo::any_instance);
    inline static auto label_ =
        memo::cached_method(&shelf::label, memo::key<"shelf:{0}">, memo::instance_key(&shelf::number, &shelf::place),
                            memo::tags<"labels", "label:{0}">);
    inline static auto add_ = memo::cache_evict(&shelf::add, memo::instance_key(&shelf::number, &shelf::place),
                                                memo::pattern<"shelf:*">, memo::before);
    inline static auto drop_ = memo::cache_evict(&shelf::quiet, memo::instance_key(&shelf::number, &shelf::place),
                                                 memo::key<"shelf:{0}">);
    inline static auto untag_ = memo::cache_evict(&shelf::quiet, memo::instance_key(&shelf::number, &shelf::place),
                                                  memo::tags<"label:{0}">);
    inline static auto untag_all_ = memo::cache_evict(&shelf::quiet, memo::tags<"labels">);
    inline static auto put_ = memo::cache_put(&shelf::label, memo::entry(label_));
    inline static auto quiet_ = memo::cached_method(&shelf::quiet, memo::any_instance, memo::name("quiet"));

public:
    MEMO_METHOD(get_length, length_)
    MEMO_METHOD(get_count, count_)
    MEMO_METHOD(get_label, label_)
    MEMO_METHOD(increase, add_)
    MEMO_METHOD(drop, drop_)
    MEMO_METHOD(untag, untag_)
    MEMO_METHOD(untag_all, untag_all_)
    MEMO_METHOD(relabel, put_)
    MEMO_METHOD(is_quiet, quiet_)

    static auto& labels() { return label_; }
};

struct bare_shelf {
    int number;
    mutable int runs;
    int changes;
};

template <class T>
class box {
public:
    T value{};

private:
    T load(int n) const { return value + static_cast<T>(n); }
    void put(T to) { value = to; }
    inline static auto load_ = memo::cached_method(&box::load, memo::instance_key(&box::value));
    inline static auto put_ = memo::cache_evict(&box::put, memo::all(load_));

public:
    MEMO_METHOD(get, load_)
    MEMO_METHOD(set, put_)
};

/// Its getter fails.
class nameless {
    int next_of(int n) const { return n + 1; }
    int id() const { throw std::runtime_error{"no id"}; }
    inline static auto next_ = memo::cached_method(&nameless::next_of, memo::instance_key(&nameless::id));

public:
    MEMO_METHOD(next, next_)
    static memo::stats stats() { return next_.stats(); }
};

class stateless {
    int same_(int n) const noexcept { return n; }
    int next_(int n) const& { return n + 1; }
    int both_(int n) const { return same(n) + next(n); }
    inline static auto cached_same = memo::cached_method(&stateless::same_, memo::any_instance);
    inline static auto cached_next = memo::cached_method(memo::function<&stateless::next_>, memo::any_instance);
    inline static auto cached_both = memo::cached_method(&stateless::both_, memo::any_instance);

public:
    MEMO_METHOD(same, cached_same)
    MEMO_METHOD(next, cached_next)
    MEMO_METHOD(both, cached_both)
};

struct foundation {
    long pad[3] = {};
    virtual ~foundation() = default;
};

struct house : foundation, box<int>, stateless {};

struct without_identity {
    int value = 1;
    mutable int runs = 0;
    int work() const { return ++runs, value; }
};

}  // namespace

TEST_CASE("cached_method: the class of the contract shares results by tenant and forgets on rename") {
    user_service::wrapper().clear();
    user_service acme{"acme"};
    user_service twin{"acme"};
    user_service other{"other"};
    CHECK(acme.get_user(42).name == "acme42");
    CHECK(twin.get_user(42).name == "acme42");
    CHECK(other.get_user(42).name == "other42");
    CHECK(acme.loads + twin.loads == 1);
    CHECK(acme.get_user.key(42).text() == "acme:user:42");
    other.get_user(42);
    acme.rename(42, "new");
    CHECK(acme.saved == std::vector<std::string>{"42new"});
    CHECK(!twin.get_user.contains(42));
    CHECK(other.get_user.contains(42));
    acme.rename(42, std::string_view{"view"});
    CHECK(acme.total_revenue() == 1.0);
    CHECK(acme.total_revenue() == 1.0);
    CHECK(other.total_revenue() == 1.0);
}

TEST_CASE("cached_method: the bound member carries the verbs without the object, the wrapper takes it first") {
    user_service::wrapper().clear();
    user_service const s{"verbs"};
    auto& wrapper = user_service::wrapper();
    static_assert(std::is_same_v<decltype(s.get_user(1)), user>);
    CHECK(!s.get_user.peek(1).has_value());
    s.get_user.set({1, "set"}, 1);
    CHECK(s.get_user(1).name == "set");
    CHECK(wrapper(s, 1).name == "set");
    CHECK(wrapper.peek(s, 1)->name == "set");
    CHECK(s.get_user.refresh(1).name == "verbs1");
    CHECK(s.get_user.uncached(2).id == 2);
    CHECK(s.get_user.ttl(1).has_value());
    CHECK(s.get_user.touch(1s, 1));
    CHECK(s.get_user.explain(1).hit);
    CHECK(s.get_user.evict(1).count() == 1);
    s.get_user.warm(std::vector<int>{3, 4});
    CHECK(s.get_user.size() == 2);
    CHECK(wrapper.evict(s, 3).count() == 1);
    CHECK(s.get_user.clear().count() == 1);
    CHECK(s.get_user.memory_usage() == wrapper.memory_usage());
}

TEST_CASE("cached_method: with any_instance nothing of the object enters the key") {
    shelf one{1};
    shelf two{2};
    one.get_length.clear();
    CHECK(one.get_length("abc", {1, 2}) == 5);
    CHECK(two.get_length(std::string_view{"abc"}, {1, 2}) == 5);
    CHECK(two.runs == 0);
    CHECK(one.get_length({}, {}) == 0);
    CHECK(one.get_length({'a'}, {}) == 1);
    CHECK(one.is_quiet(1));
    CHECK(one.is_quiet.key(1).text().starts_with("quiet:"));
}

TEST_CASE("cached_method: methods that are not const serve objects that are not const") {
    shelf one{1};
    one.get_count.clear();
    CHECK(one.get_count(3) == 3);
    CHECK(one.get_count(3) == 3);
    CHECK(one.changes == 1);
    static_assert(std::is_invocable_v<decltype(one.get_count)&, int>);
    static_assert(!std::is_invocable_v<decltype(one.get_count) const&, int>);
    static_assert(std::is_invocable_v<decltype(one.get_label) const&, int>);
    static_assert(!std::is_invocable_v<decltype(one.increase) const&, int>);
    static_assert(std::is_invocable_v<decltype(one.drop) const&, int>);
}

TEST_CASE("cached_method: a method that is called through MEMO_METHOD takes no bytes of the object") {
    static_assert(sizeof(shelf) == sizeof(bare_shelf));
    static_assert(sizeof(user_service) >= sizeof(std::string));
}

TEST_CASE("cached_method: class templates, classes without data and bases have methods that are bound to their own object") {
    static_assert(sizeof(stateless) == 1);
    box<int> whole;
    box<double> half;
    whole.value = 4;
    half.value = 0.5;
    CHECK(whole.get(3) == 7);
    CHECK(half.get(3) == 3.5);
    whole.set(5);
    CHECK(whole.get.size() == 0);
    CHECK(whole.get(3) == 8);
    CHECK(half.get.size() == 1);
    house both;
    both.value = 10;
    CHECK(both.get(1) == 11);
    CHECK(both.same(5) == 5);
    CHECK(both.both(5) == 11);
    CHECK(both.next.contains(5));
}

TEST_CASE("cached_method: members and getters stand in front of a readable key, in their order, and enter the key") {
    shelf one{71};
    shelf other{81};
    CHECK(one.get_label(5) == "71:5");
    CHECK(one.get_label.key(5).text() == "71:1:shelf:5");
    CHECK(other.get_label(5) == "81:5");
    CHECK(other.get_label.key(5).text() == "81:1:shelf:5");
    CHECK(memo::default_manager().evict_key("71:1:shelf:5").count() == 1);
    CHECK(other.get_label.contains(5));
    shelf::labels().clear();
}

TEST_CASE("cached_method: string forms of an eviction get the object's part in front, places count the parameters") {
    shelf one{71};
    shelf other{81};
    auto const fill = [&] {
        for (int const n : {5, 6})
            one.get_label(n), other.get_label(n);
    };
    fill();
    CHECK(one.drop(5));
    CHECK(!one.get_label.contains(5));
    CHECK(shelf::labels().size() == 3);
    fill();
    one.untag(6);
    CHECK(!one.get_label.contains(6));
    CHECK(shelf::labels().size() == 3);
    fill();
    one.untag_all(0);
    CHECK(shelf::labels().size() == 0);
    fill();
    CHECK(one.increase(1) == 72);
    CHECK(shelf::labels().size() == 2);
    CHECK(other.get_label.contains(5));
    shelf::labels().clear();
}

TEST_CASE("cached_method: the object's part in front of a pattern is its text and no pattern") {
    struct folder {
        std::string owner;
        std::string read(int n) const { return owner + std::to_string(n); }
        void wipe() {}
    };
    auto read = memo::cached_method(&folder::read, memo::instance_key(&folder::owner), memo::key<"f:{0}">);
    auto wipe = memo::cache_evict(&folder::wipe, memo::instance_key(&folder::owner), memo::pattern<"f:*">);
    std::vector<folder> all;
    for (auto const* const owner : {"*", "?", "[a-z]", "a", "ab", "\\", "a:b", ""})
        all.push_back({owner});
    for (auto const& one : all)
        read(one, 1), read(one, 2);
    auto left = read.size();
    for (auto& one : all) {
        wipe(one);
        left -= 2;
        CHECK(read.size() == left);
        CHECK(!read.contains(one, 1));
    }
}

TEST_CASE("cached_method: cache_put on a member fills the entry of this object's instance_key") {
    shelf one{71};
    shelf other{81};
    CHECK(one.relabel(4) == "71:4");
    CHECK(one.get_label.peek(4) == "71:4");
    CHECK(!other.get_label.contains(4));
    shelf::labels().clear();
}

TEST_CASE("cached_method: a getter that throws costs the cache, and not the call") {
    nameless const one;
    CHECK(one.next(7) == 8);
    CHECK(one.next(7) == 8);
    CHECK(nameless::stats().errors == 2);
}

TEST_CASE("cached_method: options hold for methods as they do for functions") {
    memo::manager space;
    auto work = memo::cached_method(&without_identity::work, memo::instance_key(&without_identity::value), memo::shared,
                                    memo::in(space), memo::unless([](int result) { return result == 2; }), memo::name("work"));
    without_identity one;
    CHECK(*work(one) == 1);
    CHECK(work(one) == work.peek(one));
    one.value = 2;
    CHECK(*work(one) == 2);
    CHECK(work.peek(one) == nullptr);
    CHECK(space.wrappers().front().name == "work");
    CHECK(space.stats().skips == 1);
}
