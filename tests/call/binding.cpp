#include <memo/call/binding.hpp>

#include <memo/cache_evict.hpp>
#include <memo/cached_property.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <new>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

class shop {
    std::string tenant_;
    int price_of(int item) const { return ++lookups, static_cast<int>(tenant_.size()) * 100 + item; }
    void change(int) {}

    inline static auto price_of_ = memo::cached_method(&shop::price_of, memo::instance_key(&shop::tenant_), memo::key<"price:{0}">);
    inline static auto change_ = memo::cache_evict(&shop::change, memo::entry(price_of_));

public:
    MEMO_METHOD(price, price_of_)
    MEMO_METHOD(update, change_)
    mutable int lookups = 0;

    explicit shop(std::string tenant) : tenant_{std::move(tenant)} {}
};

struct bare_shop {
    std::string tenant;
    int lookups = 0;
};

class house {
    int doubled(int n) const { return ++runs, 2 * n + number; }
    inline static auto doubled_ = memo::cached_method(&house::doubled, memo::each_instance, memo::unbounded);

public:
    int number;
    mutable int runs = 0;
    MEMO_METHOD(twice, doubled_)

    explicit house(int of) : number{of} {}
    static std::size_t held() { return doubled_.size(); }
    static bool sound() { return doubled_.inside()->validate(); }
};

struct two_fields {
    int first;
    double second;
};

}  // namespace

TEST_CASE("binding: the offset of a member is how far into the object it stands") {
    CHECK(memo::detail::offset_of(&two_fields::first) == 0);
    CHECK(memo::detail::offset_of(&two_fields::second) == offsetof(two_fields, second));
}

TEST_CASE("binding: a bound method takes no bytes, and finds the object that it stands in") {
    static_assert(sizeof(shop) == sizeof(bare_shop));
    shop const acme{"acme"};
    shop const other{"another"};
    CHECK(acme.price(1) == 401);
    CHECK(other.price(1) == 701);
    CHECK(acme.price(1) == 401);
    CHECK(acme.lookups == 1);
    CHECK(acme.price.key(1) == "acme:price:1");
    std::vector<shop> const many(3, shop{"abc"});
    CHECK(many[1].price(2) == 302);
    CHECK(many[2].price(2) == 302);
    CHECK(many[2].lookups == 0);
}

TEST_CASE("binding: the verbs are those of the object that it stands in") {
    shop mine{"mine"};
    shop yours{"yours!"};
    mine.price(1);
    yours.price(1);
    CHECK(mine.price.contains(1));
    CHECK(mine.price.evict(1).count() == 1);
    CHECK_FALSE(mine.price.contains(1));
    CHECK(yours.price.peek(1) == 601);
    mine.price.set(5, 1);
    CHECK(mine.price(1) == 5);
    mine.price.warm(std::vector{7, 8});
    CHECK(mine.price.contains(8));
    CHECK_FALSE(yours.price.contains(8));
    mine.update(1);
    CHECK_FALSE(mine.price.contains(1));
    CHECK(yours.price.contains(1));
}

TEST_CASE("binding: with each_instance a copy and a move are new objects, assignment forgets, and the end of an object takes its results") {
    {
        house first{1};
        CHECK(first.twice(5) == 11);
        house second{first};
        CHECK(second.twice(5) == 11);
        CHECK(second.runs == 2);
        house const third{std::move(second)};
        CHECK(third.twice(5) == 11);
        CHECK(house::held() == 3);
        first = house{2};
        CHECK(house::held() == 2);
        CHECK(first.twice(5) == 12);
        CHECK(third.twice(5) == 11);
        CHECK(house::held() == 3);
    }
    CHECK(house::held() == 0);
    CHECK(house::sound());
}

TEST_CASE("F33 binding: a hundred thousand objects at one address never see each other's results") {
    alignas(house) std::byte ground[sizeof(house)];
    int wrong = 0;
    for (int number = 0; number < 100'000; ++number) {
        auto* const built = new (ground) house{number};
        wrong += built->twice.contains(5) || built->twice(5) != 10 + number || built->twice(5) != 10 + number || built->runs != 1;
        built->~house();
    }
    CHECK(wrong == 0);
    CHECK(house::held() == 0);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("F33 binding: objects that come and go on many threads leave nothing behind") {
    std::atomic<int> wrong = 0;
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread)
            threads.emplace_back([&, thread] {
                for (int round = 0; round < 2'000; ++round) {
                    house one{thread * 10'000 + round};
                    wrong += one.twice(3) != 6 + one.number;
                    house const copy{one};
                    wrong += copy.twice(3) != 6 + one.number;
                    one = house{round};
                    wrong += one.twice(3) != 6 + round;
                }
            });
    }
    CHECK(wrong == 0);
    CHECK(house::held() == 0);
    CHECK(house::sound());
}

TEST_SUITE_END();
