#include <memo/memo.hpp>
#include <memo/testing.hpp>

#include <chrono>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

int main() {
    memo::manual_clock clock;
    int fetched = 0;
    auto fetch = [&](std::string const& paper) { return paper + " no. " + std::to_string(++fetched); };
    auto headline = memo::cached(fetch, memo::ttl(1h), memo::clock(clock));

    headline("Times");
    clock.advance(59min);
    bool const fresh = headline("Times") == "Times no. 1";

    clock.advance(1min);  // the hour is over, and nobody waited
    bool const expired = headline("Times") == "Times no. 2";

    {
        auto const off = memo::testing::disable();  // until the end of the scope, calls just run
        headline("Times");
    }
    bool const again = headline("Times") == "Times no. 2";  // what was stored before is still there

    std::cout << "fetched " << fetched << " times\n";
    return fresh && expired && again && fetched == 3 ? 0 : 1;
}
