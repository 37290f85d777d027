#include <memo/memo.hpp>
#include <memo/testing.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

using namespace std::chrono_literals;

int version = 0;
bool down = false;
std::string fetch(std::string const& page) {
    if (down) throw std::runtime_error{"no answer"};
    return page + ", version " + std::to_string(++version);
}

std::string name_of(int id) {
    throw std::out_of_range{"nobody has the number " + std::to_string(id)};
}

template <class Wrapper>
std::string told(Wrapper& g, auto const& argument) {
    try {
        return g(argument);
    } catch (std::exception const& thrown) {
        return thrown.what();
    }
}

}  // namespace

int main() {
    memo::manual_clock clock;
    memo::inline_executor at_once;

    auto page = memo::cached(fetch, memo::clock(clock),
                             memo::ttl(10s),                    // fresh for ten seconds;
                             memo::stale_while_revalidate(5s),  // then the old page at once, and a new one behind it;
                             memo::stale_if_error(1h),          // when there is none to be had, the old one for an hour
                             memo::executor(at_once));          // without this, a small pool of memo's runs what is behind

    auto name = memo::cached(name_of, memo::cache_errors<std::out_of_range>(1min));  // that nobody has it is an answer, too

    std::string const first = told(page, "home");
    clock.advance(12s);
    bool right = told(page, "home") == first;  // old, and refreshed behind the call
    right = right && told(page, "home") == "home, version 2";
    down = true;
    clock.advance(1min);
    right = right && told(page, "home") == "home, version 2";  // its run failed
    clock.advance(1h);
    right = right && told(page, "home") == "no answer";  // too old for anybody

    told(name, 7), told(name, 7);
    std::cout << page.stats().stale << " answers were old, " << name.stats().runs << " run looked for a name\n";
    return right && page.stats().stale == 2 && name.stats().runs == 1 ? 0 : 1;
}
