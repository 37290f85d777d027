// Counts instructions by callgrind: each path is measured from its first call to its last, and dumped under its name. Run it with
// tests/bench/instructions.

#include "contenders.hpp"

#include <memo/memo.hpp>

#include <valgrind/callgrind.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Stands for the machine's randomness (the linker wraps it), so that keys meet in the same places in every run.
extern "C" unsigned __wrap__ZNSt13random_device9_M_getvalEv(void*) { return 20'260'607; }

namespace {

using namespace std::chrono_literals;

constexpr int calls = 1'000;
constexpr int resident = 500;
constexpr int often = 100;  // passes, after which no order has anything to learn

template <class T>
void keep(T const& value) {
    asm volatile("" : : "m"(value) : "memory");
}

std::int64_t square(std::int64_t number) { return number * number; }
double price(std::string const& customer, int day, double rate) { return static_cast<double>(customer.size()) * day * rate; }
std::string greeting(std::int64_t number) {
    return "a greeting that is longer than what fits in place, " + std::to_string(number);
}

struct shop {
    std::int64_t rate = 7;
    std::int64_t offer(std::int64_t item, int count) const { return rate * item * count; }
    inline static auto offers_ = memo::cached_method(&shop::offer, memo::instance_key(&shop::rate));
    MEMO_METHOD(cached_offer, offers_)
};

/// Dumps what `calls` calls take, with their loop; all that they find was made by passes before.
template <class Call>
[[gnu::noinline]] void count(char const* name, Call call, int passes = 1) {
    for (int at = 0; at != passes * calls; ++at) keep(call(at % resident));
    CALLGRIND_ZERO_STATS;
    for (int at = 0; at != calls; ++at) keep(call(at % resident));
    CALLGRIND_DUMP_STATS_AT(name);
}

void count_engine(char const* name, int passes) {
    contenders::engine<std::int64_t, std::int64_t> engine{65'536};
    for (int at = 0; at != resident; ++at) engine.put(at * 1'000'003, at);
    count(name, [&](int at) { return engine.find(at * 1'000'003); }, passes);
}

template <class... Options>
void count_squares(char const* name, int passes, Options... options) {
    auto cached = memo::cached(square, options...);
    count(name, [&](int at) { return cached(at * 1'000'003); }, passes);
}

void count_all() {
    count_engine("hit, int64, bare engine", 1);
    count_engine("hit, int64, bare engine, read often", often);
    count_squares("hit, int64", 1);
    count_squares("hit, int64, read often", often);
    count_squares("hit, int64, read often, no_stats", often, memo::no_stats);
    count_squares("hit, int64, read often, sieve", often, memo::policy(memo::sieve));
    count_squares("hit, int64, ttl", 1, memo::ttl(1h));
    count_squares("hit, int64, stale_while_revalidate", 1, memo::ttl(1h), memo::stale_while_revalidate(1h));
    count_squares("hit, int64, refresh_ahead and early_expiration", 1, memo::ttl(1h), memo::refresh_ahead(0.8), memo::early_expiration());
    {
        constexpr int many = 40'000;  // whose sizes are watched without a pause
        auto cached = memo::cached(square);
        for (int at = 0; at != many; ++at) cached(at);
        keep(cached.explain_size());
        count("hit, int64, read often, sizes watched", [&](int at) { return cached(at * (many / resident)); }, often);
    }
    {
        auto cached = memo::cached(price);
        std::vector<std::string> customers;
        for (int at = 0; at != resident; ++at) customers.push_back("customer/" + std::to_string(10'000'000 + at));
        count("hit, (string, int, double) -> double",
              [&](int at) { return cached(customers[static_cast<std::size_t>(at)], at % 31, 0.25 * (at % 7)); });
    }
    {
        auto cached = memo::cached(greeting);
        count("hit, int64 -> string", [&](int at) { return cached(at); });
    }
    {
        shop const one{};
        count("hit, method of two arguments", [&](int at) { return one.cached_offer(at, at % 31); });
    }
    {
        auto cached = memo::cached(square, memo::max_size(100));
        count("miss, int64, full", [&, number = std::int64_t{0}](int) mutable { return cached(++number); });
    }
}

}  // namespace

int main() { count_all(); }
