#include <memo/transport/resolver.hpp>

#include <doctest/doctest.h>

#include <sys/socket.h>

#include <chrono>
#include <string>

using memo::detail::resolve;
using memo::detail::unix_address;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

TEST_SUITE("resolver") {
    TEST_CASE("resolver: numeric addresses of both kinds need nobody, not even time") {
        auto const four = resolve("127.0.0.1", 6379, steady_clock::now() - 1s);
        REQUIRE(four.size() == 1);
        CHECK(four.front().family == AF_INET);
        auto const six = resolve("::1", 6379, steady_clock::now() - 1s);
        REQUIRE(six.size() == 1);
        CHECK(six.front().family == AF_INET6);
    }

    TEST_CASE("resolver: the own host has an address, and what is no name has none") {
        CHECK_FALSE(resolve("localhost", 6379, steady_clock::now() + 10s).empty());
        CHECK(resolve("no such host", 6379, steady_clock::now() + 10s).empty());
    }

    TEST_CASE("F51 resolver: nobody waits for a name when there is no time") {
        auto const begun = steady_clock::now();
        CHECK(resolve("name.invalid", 6379, begun).empty());
        CHECK(steady_clock::now() - begun < 1s);
    }

    TEST_CASE("resolver: the path of a unix socket has its length") {
        CHECK(unix_address(std::string(107, 'x')).size() == 1);
        CHECK(unix_address(std::string(108, 'x')).empty());
        CHECK(unix_address("").empty());
    }
}
