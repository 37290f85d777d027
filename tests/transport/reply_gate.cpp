#include <memo/transport/reply_gate.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using memo::detail::reply_gate;
using verdict = reply_gate::verdict;

namespace {

verdict judged(std::string_view bytes, memo::detail::reply_limits most = {}) {
    reply_gate gate{most};
    return gate.look(bytes).what;
}

verdict judged_byte_by_byte(std::string_view bytes) {
    reply_gate gate;
    auto last = verdict::more;
    for (std::size_t i = 0; i != bytes.size() && last == verdict::more; ++i)
        last = gate.look(bytes.substr(i, 1)).what;
    return last;
}

std::string nested(std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i != depth; ++i)
        text += "*1\r\n";
    return text + ":1\r\n";
}

std::string any_reply(std::mt19937& chance, int depth) {
    switch (chance() % (depth == 0 ? 5U : 6U)) {
        case 0: return "+OK\r\n";
        case 1: return "-ERR no\r\n";
        case 2: return ":-" + std::to_string(1 + chance() % 1000) + "\r\n";
        case 3: return "$-1\r\n";
        case 4: {
            std::string text(chance() % 40, '\n');
            return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n";
        }
        default: {
            auto const size = chance() % 4;
            std::string text = "*" + std::to_string(size) + "\r\n";
            for (unsigned i = 0; i != size; ++i)
                text += any_reply(chance, depth - 1);
            return text;
        }
    }
}

}  // namespace

TEST_SUITE("reply_gate") {
    TEST_CASE("reply_gate: every kind of reply passes whole, at once and byte by byte, and is not over before its last byte") {
        for (std::string const& text :
             {std::string{"+OK\r\n"}, std::string{"-ERR it\r\n"}, std::string{":12\r\n"}, std::string{":-9\r\n"},
              std::string{"$0\r\n\r\n"}, std::string{"$5\r\na\r\nb\n\r\n"}, std::string{"$-1\r\n"}, std::string{"*0\r\n"},
              std::string{"*-1\r\n"}, std::string{"*2\r\n*1\r\n:1\r\n$1\r\na\r\n"}, nested(6)}) {
            CAPTURE(text);
            CHECK(judged(text) == verdict::whole);
            CHECK(judged_byte_by_byte(text) == verdict::whole);
            CHECK(judged(std::string_view{text}.substr(0, text.size() - 1)) == verdict::more);
        }
    }

    TEST_CASE("reply_gate: it stops behind a reply, so that the next one is another's") {
        reply_gate gate;
        std::string_view bytes = "+OK\r\n:1\r\n$";
        CHECK(gate.look(bytes).passed == 5);
        bytes.remove_prefix(5);
        CHECK(gate.look(bytes).passed == 4);
        bytes.remove_prefix(4);
        CHECK(gate.look(bytes).what == verdict::more);
    }

    TEST_CASE("F54 reply_gate: lengths that nobody could mean are refused by their header alone") {
        CHECK(judged("*4294967295\r\n") == verdict::too_large);
        CHECK(judged("*9223372036854775807\r\n") == verdict::too_large);
        CHECK(judged("$9223372036854775807\r\n") == verdict::too_large);
        CHECK(judged("$67108865\r\n") == verdict::too_large);
        CHECK(judged("*2\r\n*600000\r\n") == verdict::more);
        CHECK(judged("*600000\r\n*600000\r\n") == verdict::too_large);
        for (auto const* text : {"*18446744073709551616\r\n", "$-2\r\n", "*-2\r\n", "$ 1\r\n", "$+1\r\n", "$1a\r\n", "$\r\n",
                                 "*\r\n", ":\r\n", ":1.5\r\n", "$00000000000000000000000001\r\n"}) {
            CAPTURE(text);
            CHECK(judged(text) == verdict::refused);
        }
    }

    TEST_CASE("F54 reply_gate: one reply is bounded in bytes, elements and depth, all its parts together") {
        memo::detail::reply_limits const most{.bytes = 100, .elements = 4};
        CHECK(judged("$80\r\n" + std::string(80, 'x') + "\r\n", most) == verdict::whole);
        CHECK(judged("*2\r\n$60\r\n" + std::string(60, 'x') + "\r\n$60\r\n", most) == verdict::too_large);
        CHECK(judged("*4\r\n:1\r\n:2\r\n:3\r\n:4\r\n", most) == verdict::whole);
        CHECK(judged("*3\r\n*2\r\n", most) == verdict::too_large);
        CHECK(judged(nested(reply_gate::deepest + 1)) == verdict::too_large);
        CHECK(judged("+" + std::string(reply_gate::longest_line + 1, 'x')) == verdict::refused);
        reply_gate gate{most};
        for (int i = 0; i != 10; ++i)
            CHECK(gate.look("*4\r\n:1\r\n:2\r\n:3\r\n:4\r\n").what == verdict::whole);
    }

    TEST_CASE("F54 reply_gate: what is no RESP2 is refused, and nothing helps afterwards") {
        for (std::string_view const text : {"HTTP/1.1 400 Bad Request\r\n", "\x15\x03\x01", "VALUE key 0 5\r\n", "\r\n", "%1\r\n",
                                            "_\r\n", "+OK\n", "+OK\rX", "$1\r\nab\r\n", "$1\r\na\rX", "$0\r\nx"}) {
            CAPTURE(text);
            reply_gate gate;
            CHECK(gate.look(text).what == verdict::refused);
            CHECK(gate.look("+OK\r\n").what == verdict::refused);
            CHECK(judged_byte_by_byte(text) == verdict::refused);
        }
    }

    TEST_CASE("reply_gate: replies that come in any pieces are counted right") {
        std::mt19937 chance{7};
        for (int round = 0; round != 2000; ++round) {
            std::string bytes;
            std::size_t const count = 1 + chance() % 5;
            for (std::size_t i = 0; i != count; ++i)
                bytes += any_reply(chance, 4);
            reply_gate gate;
            std::size_t whole = 0;
            for (std::string_view left = bytes; !left.empty();) {
                auto const part = left.substr(0, 1 + chance() % left.size());
                auto const [what, passed] = gate.look(part);
                REQUIRE((what == verdict::more || what == verdict::whole));
                whole += what == verdict::whole ? 1U : 0U;
                left.remove_prefix(passed);
            }
            CHECK(whole == count);
        }
    }
}
