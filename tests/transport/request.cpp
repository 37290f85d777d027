#include <memo/transport/request.hpp>

#include <memo/base/error.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string_view>

using memo::detail::request;

TEST_SUITE("request") {
    TEST_CASE("request: words of any bytes are written with their lengths, one command behind the other") {
        request asked{"GET", std::string_view{"a\0\r\n", 4}};
        CHECK(asked.bytes() == std::string_view{"*2\r\n$3\r\nGET\r\n$4\r\na\0\r\n\r\n", 23});
        asked.add({"PING", ""});
        CHECK(asked.size() == 2);
        CHECK(asked.bytes().substr(23) == "*2\r\n$4\r\nPING\r\n$0\r\n\r\n");
    }

    TEST_CASE("request: goes back to what it was") {
        request asked{"PING"};
        auto const size = asked.bytes().size();
        asked.add({"ECHO", "1"});
        asked.rewind(size, 1);
        CHECK(asked.size() == 1);
        CHECK(asked.bytes() == "*1\r\n$4\r\nPING\r\n");
    }

    TEST_CASE("request: a command that hiredis could not count is refused before it is written") {
        char const byte = 'x';
        std::string_view const half{&byte, std::size_t{300} << 20};
        request asked;
        CHECK_THROWS_AS(asked.add({"SET", half, half}), memo::connection_error);
        CHECK(asked.size() == 0);
        CHECK(asked.bytes().empty());
    }
}
