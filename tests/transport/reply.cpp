#include <memo/transport/reply.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

using memo::detail::reply_kind;
using memo::detail::reply_reader;
using verdict = reply_reader::verdict;

TEST_SUITE("reply") {
    TEST_CASE("reply: says what it is, and holds its parts after the bytes are gone") {
        reply_reader reader{{}};
        std::string bytes = std::string{"*6\r\n$3\r\na"} + '\0' + "b\r\n+OK\r\n-ERR no\r\n:-7\r\n$-1\r\n*0\r\n";
        std::string_view view = bytes;
        REQUIRE(reader.read(view) == verdict::whole);
        CHECK(view.empty());
        auto const whole = reader.take();
        bytes.assign(bytes.size(), 'x');
        auto const list = whole.view();
        REQUIRE(list.is_list());
        REQUIRE(list.size() == 6);
        CHECK(list[0].text() == std::string_view{"a\0b", 3});
        CHECK(list[0].is_text());
        CHECK(list[1].kind() == reply_kind::status);
        CHECK(list[1].text() == "OK");
        CHECK(list[2].kind() == reply_kind::refusal);
        CHECK(list[2].text() == "ERR no");
        CHECK(list[3].number() == -7);
        CHECK(list[4].kind() == reply_kind::nothing);
        CHECK(list[4].text().empty());
        CHECK(list[5].size() == 0);
        CHECK(list[3].size() == 0);
        CHECK(list[0].number() == 0);
    }

    TEST_CASE("reply_reader: replies that come together are taken one by one") {
        reply_reader reader{{}};
        std::string_view bytes = "+one\r\n$3\r\ntwo\r\n:3";
        REQUIRE(reader.read(bytes) == verdict::whole);
        CHECK(reader.take().view().text() == "one");
        REQUIRE(reader.read(bytes) == verdict::whole);
        CHECK(reader.take().view().text() == "two");
        CHECK(reader.read(bytes) == verdict::more);
        bytes = "\r\n";
        REQUIRE(reader.read(bytes) == verdict::whole);
        CHECK(reader.take().view().number() == 3);
    }

    TEST_CASE("F54 reply_reader: any bytes at all are replies, or refused, and never more than the limits") {
        std::mt19937 chance{11};
        std::string const letters = "+-:$*\r\n0123456789a";
        std::size_t refused = 0;
        for (int round = 0; round != 20'000; ++round) {
            reply_reader reader{{.bytes = 200, .elements = 10}};
            std::string bytes;
            for (auto left = chance() % 40; left != 0; --left)
                bytes += letters[chance() % letters.size()];
            for (std::string_view view = bytes; !view.empty();) {
                auto const what = reader.read(view);
                if (what == verdict::whole)
                    CHECK(reader.take().view().size() <= 10);
                if (what == verdict::refused || what == verdict::too_large) {
                    ++refused;
                    break;
                }
            }
        }
        CHECK(refused > 1000);
    }
}
