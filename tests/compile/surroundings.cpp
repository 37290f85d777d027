// What a wrapper is known by, and what it speaks to.
#include <memo/memo.hpp>

#include <chrono>
#include <functional>
#include <string>

using namespace std::chrono_literals;

std::string describe(int id);
void change(int id);

struct tick_counter {
    int now() const;
};

struct poster {
    void post(std::function<void()> work);
};

struct pool {
    void execute(std::function<void()> work);
};

struct fixed_pool : pool {
    fixed_pool() = default;
    fixed_pool(fixed_pool const&) = delete;
};

struct stopped_clock {
    std::chrono::steady_clock::time_point now() const { return {}; }
};

struct fixed_clock : stopped_clock {
    fixed_clock() = default;
    fixed_clock(fixed_clock const&) = delete;
};

int main() {
#if MEMO_WRONG == 1
    // error: memo::name: the name is no text
    auto wrong = memo::cached(describe, memo::name(7));
#elif MEMO_WRONG == 2
    // error: memo::version: the version is no integer
    auto wrong = memo::cached(describe, memo::version("3"));
#elif MEMO_WRONG == 3
    // error: memo::on_event: the listener cannot be called with an event
    auto wrong = memo::cached(describe, memo::on_event([](std::string const&) {}));
    std::string text = wrong(7);
#elif MEMO_WRONG == 4
    // error: memo::clock: this tells no time
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::clock(tick_counter{}));
#elif MEMO_WRONG == 5
    // error: memo::in: this is no memo::manager
    std::string space = "main";
    auto wrong = memo::cached(describe, memo::in(space));
    std::string text = wrong(7);
#elif MEMO_WRONG == 6
    // error: memo::executor: this takes no work
    auto wrong = memo::cached(describe, memo::executor(poster{}), memo::ttl(5min), memo::refresh_ahead(0.8));
    std::string text = wrong(7);
#elif MEMO_WRONG == 7
    // error: memo::executor: this takes no work
    auto wrong = memo::cached(describe, memo::executor(4));
#elif MEMO_WRONG == 8
    // error: memo::executor: it is given twice
    auto wrong = memo::cached(describe, memo::executor(pool{}), memo::executor(pool{}));
#elif MEMO_WRONG == 9
    // error: memo::in: this is no memo::manager
    auto wrong = memo::cached(describe, memo::in(3));
    std::string text = wrong(7);
#elif MEMO_WRONG == 10
    // error: memo::in: this is no memo::manager
    memo::manager space;
    auto wrong = memo::cached(describe, memo::in(&space));
#elif MEMO_WRONG == 11
    // error: memo::in: a temporary manager is gone before the first call
    auto wrong = memo::cached(describe, memo::in(memo::manager{}));
    std::string text = wrong(7);
#elif MEMO_WRONG == 12
    // error: memo::executor: a temporary is kept by value and this one cannot be copied
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::refresh_ahead(0.8), memo::executor(fixed_pool{}));
    std::string text = wrong(7);
#elif MEMO_WRONG == 13
    // error: memo::clock: a temporary is kept by value and this one cannot be copied
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::clock(fixed_clock{}));
#elif MEMO_WRONG == 14
    // error: memo::in: this is no memo::manager
    auto wrong = memo::cache_evict(change, memo::key<"text:{0}">, memo::in(3));
    wrong(7);
#else
    memo::manager space;
    stopped_clock own;
    pool shared;
    fixed_pool own_pool;
    fixed_clock own_clock;
    auto right = memo::cached(describe, memo::name("describe"), memo::version(3), memo::in(space), memo::ttl(5min),
                              memo::on_event([](memo::event const&) {}), memo::clock(own), memo::executor(shared));
    auto behind = memo::cached(describe, memo::ttl(5min), memo::refresh_ahead(0.8), memo::executor(pool{}));
    auto named = memo::cached(describe, memo::ttl(5min), memo::clock(own_clock), memo::executor(own_pool),
                              memo::in(std::ref(space)));
    return static_cast<int>((right(7) + behind(7) + named(7)).size());
#endif
}
