#include <memo/base/secret.hpp>

#include <doctest/doctest.h>

#include <array>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

using memo::secret;

TEST_SUITE("secret") {
    TEST_CASE("F57 secret: prints as stars, whatever it is") {
        for (secret const& hidden : {secret{}, secret{"canary"}, secret{std::string(100, 'c')}}) {
            std::ostringstream out;
            out << hidden;
            CHECK(out.str() == "***");
        }
    }

    TEST_CASE("secret: reveals every byte of any text, and copies and moves it") {
        std::string_view const text{"pass\0word", 9};
        secret const first{text};
        secret second = first;
        secret third = std::move(second);
        secret fourth;
        fourth = third;
        CHECK(first.reveal() == text);
        CHECK(third == first);
        CHECK(fourth == first);
        fourth = secret{"other"};
        CHECK_FALSE(fourth == first);
        CHECK(fourth.reveal() == "other");
        CHECK(secret{}.empty());
        CHECK(secret{""} == secret{});
    }

    TEST_CASE("F57 secret: bytes are zeroed where they lay") {
        std::array<char, 4> bytes{'a', 'b', 'c', 'd'};
        memo::detail::wipe(bytes.data(), 3);
        CHECK(bytes == std::array{'\0', '\0', '\0', 'd'});
    }
}
