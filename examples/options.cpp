#include <memo/memo.hpp>
#include <memo/testing.hpp>

#include <chrono>
#include <iostream>
#include <string>

namespace {

using namespace std::chrono_literals;

int asked = 0;

double ask_the_bank(std::string const& currency) {
    ++asked;
    return currency == "EUR" ? 1.08 : currency == "GBP" ? 1.27 : 0.0;
}

}  // namespace

int main() {
    memo::manual_clock clock;
    auto unknown = [](double found) { return found == 0.0; };

    auto rate = memo::cached(ask_the_bank,
                             memo::ttl(5min),          // fresh for five minutes,
                             memo::jitter(0.1),        // give or take a tenth, so that not all expire at once
                             memo::max_size(100),      // a hundred currencies at most;
                             memo::policy(memo::lru),  // the one that was read longest ago leaves
                             memo::unless(unknown),    // such a result is not stored
                             memo::clock(clock));      // here, time passes when we say so

    rate("EUR");  // asks
    rate("EUR");  // is remembered
    rate("???");  // asks
    rate("???");  // asks again
    clock.advance(6min);
    rate("EUR");  // asks: five minutes and a tenth are over

    std::cout << "5 calls asked the bank " << asked << " times\n";
    return asked == 4 && rate.contains("EUR") && !rate.contains("???") ? 0 : 1;
}
