#include <memo/cache_evict.hpp>
#include <memo/cached_property.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace {

class guest {
public:
    explicit guest(int of) : value{of} {}
    int value;
    mutable int runs = 0;

private:
    int work(int n) const { return ++runs, value + n; }
    void forget(int) {}
    inline static auto work_ = memo::cached_method(&guest::work, memo::each_instance);
    inline static auto forget_ = memo::cache_evict(&guest::forget, memo::entry(work_));

public:
    MEMO_METHOD(get, work_)
    MEMO_METHOD(drop, forget_)
    static auto& wrapper() { return work_; }
};

/// Names one method twice.
class twice {
public:
    int runs = 0;

private:
    int work(int) { return ++runs; }
    void forget(int) {}
    inline static auto work_ = memo::cached_method(&twice::work, memo::each_instance);
    inline static auto forget_ = memo::cache_evict(&twice::forget, memo::entry(work_));

public:
    MEMO_METHOD(get, work_)
    MEMO_METHOD(fetch, work_)
    MEMO_METHOD(drop, forget_)
};

struct without_identity {
    int value = 1;
    mutable int runs = 0;
    int work() const { return ++runs, value; }
};

}  // namespace

TEST_CASE("each_instance: objects never share, and a dead object's entries are gone") {
    CHECK(guest::wrapper().size() == 0);
    {
        guest const one{10};
        guest const two{20};
        CHECK(one.get(1) == 11);
        CHECK(one.get(1) == 11);
        CHECK(two.get(1) == 21);
        CHECK(guest::wrapper()(one, 1) == 11);
        CHECK(one.runs == 1);
        CHECK(guest::wrapper().size() == 2);
        CHECK(one.get.evict(1).count() == 1);
        CHECK(two.get.contains(1));
    }
    CHECK(guest::wrapper().size() == 0);
}

TEST_CASE("each_instance: a copy or a move is a new object, assignment forgets what was assigned to") {
    guest one{10};
    one.get(1);
    guest copy{one};
    CHECK(!copy.get.contains(1));
    CHECK(one.get.contains(1));
    guest moved{std::move(one)};
    CHECK(!moved.get.contains(1));
    moved.value = 70;
    CHECK(moved.get(1) == 71);
    CHECK(copy.get(1) == 11);
    copy = moved;
    CHECK(!copy.get.contains(1));
    CHECK(copy.get(1) == 71);
    CHECK(moved.get.contains(1));
    guest fresh{5};
    fresh.get(1);
    fresh = std::move(copy);
    CHECK(!fresh.get.contains(1));
    CHECK(fresh.get(1) == 71);
    std::swap(fresh, moved);
    CHECK(fresh.get(1) == 71);
    std::vector<guest> many;
    for (int n = 0; n != 20; ++n) {
        many.emplace_back(n);
        for (auto const& all : many)
            CHECK(all.get(1) == all.value + 1);
    }
}

TEST_CASE("each_instance: a later object at the same address never sees the entries of an earlier one") {
    alignas(guest) std::byte place[sizeof(guest)];
    for (int n = 0; n != 1000; ++n) {
        auto* const here = new (place) guest{n};
        CHECK(here->get(1) == n + 1);
        std::destroy_at(here);
    }
    CHECK(guest::wrapper().size() == 0);
}

TEST_CASE("each_instance: an eviction on a member means the entry of this very object") {
    guest one{1};
    guest two{2};
    one.get(5), two.get(5);
    one.drop(5);
    CHECK(!one.get.contains(5));
    CHECK(two.get.contains(5));
}

TEST_CASE("each_instance: two names of one method share the object's entries, and an eviction reaches both") {
    twice one;
    CHECK(one.get(5) == 1);
    CHECK(one.fetch(5) == 1);
    one.drop(5);
    CHECK(one.get(5) == 2);
    CHECK(one.fetch(5) == 2);
    twice const copy{one};
    CHECK(!copy.get.contains(5));
}

TEST_CASE("each_instance: an object without MEMO_METHOD has no identity and its calls just run") {
    auto work = memo::cached_method(&without_identity::work, memo::each_instance);
    without_identity const one;
    CHECK(work(one) == 1);
    CHECK(work(one) == 1);
    CHECK(one.runs == 2);
    CHECK(work.size() == 0);
    work.set(7, one);
    CHECK(!work.contains(one));
}
