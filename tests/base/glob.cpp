#include <memo/base/glob.hpp>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

using memo::detail::glob_fault;
using memo::detail::glob_match;

namespace {

/// Redis's `stringmatchlen`, word for word but for recursion at every star: right, and exponential.
bool model_match(std::string_view pattern, std::string_view text) {
    if (pattern.empty()) {
        return text.empty();
    }
    if (pattern[0] == '*') {
        return model_match(pattern.substr(1), text) || (!text.empty() && model_match(pattern, text.substr(1)));
    }
    if (text.empty()) {
        return false;
    }
    if (pattern[0] == '?') {
        return model_match(pattern.substr(1), text.substr(1));
    }
    if (pattern[0] == '[') {
        pattern.remove_prefix(1);
        bool const negated = pattern.starts_with('^');
        pattern.remove_prefix(negated ? 1 : 0);
        bool found = false;
        for (;; pattern.remove_prefix(1)) {
            if (pattern.empty()) {
                break;
            }
            if (pattern[0] == '\\' && pattern.size() >= 2) {
                pattern.remove_prefix(1);
                found = found || pattern[0] == text[0];
            } else if (pattern[0] == ']') {
                pattern.remove_prefix(1);
                break;
            } else if (pattern.size() >= 3 && pattern[1] == '-') {
                auto const [low, high] = std::minmax(pattern[0], pattern[2], [](char a, char b) {
                    return static_cast<unsigned char>(a) < static_cast<unsigned char>(b);
                });
                auto const byte = static_cast<unsigned char>(text[0]);
                found = found || (static_cast<unsigned char>(low) <= byte && byte <= static_cast<unsigned char>(high));
                pattern.remove_prefix(2);
            } else {
                found = found || pattern[0] == text[0];
            }
        }
        return found != negated && model_match(pattern, text.substr(1));
    }
    if (pattern[0] == '\\' && pattern.size() >= 2) {
        pattern.remove_prefix(1);
    }
    return pattern[0] == text[0] && model_match(pattern.substr(1), text.substr(1));
}

rc::Gen<std::string> word_of(std::string letters, std::size_t longest) {
    return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, longest + 1), [letters](std::size_t length) {
        return rc::gen::container<std::string>(length, rc::gen::elementOf(letters));
    });
}

}  // namespace

TEST_CASE("glob: each sign of Redis's grammar means what it means there") {
    struct row {
        std::string_view pattern, text;
        bool fits;
    };
    std::vector<row> const rows{
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "anything", true},
        {"user:*", "user:", true},
        {"user:*", "users:1", false},
        {"h?llo", "hello", true},
        {"h?llo", "hllo", false},
        {"?", "", false},
        {"h[ae]llo", "hallo", true},
        {"h[ae]llo", "hillo", false},
        {"[a-c]", "b", true},
        {"[c-a]", "b", true},
        {"[a-c]", "d", false},
        {"[^a-c]", "d", true},
        {"[^e]", "e", false},
        {"[]", "]", false},
        {"[^]", "x", true},
        {"[\\]]", "]", true},
        {"[a\\-c]", "-", true},
        {"[a\\-c]", "b", false},
        {"\\*", "*", true},
        {"\\*", "a", false},
        {"\\[x]", "[x]", true},
        {"user:[1]:x", "user:1:x", true},
        {"user:[1]:x", "user:[1]:x", false},
        {"*a*b*", "xxaxxbxx", true},
        {"*a*b*", "xxbxxaxx", false},
        {"a*", "a\nb", true},
        {"[\x80-\xff]", "\xc3", true},
        {"**", "a", true},
        {"[\\", "\\", true},
        {"a\\", "a\\", true},
        {"[ab", "b", true},
    };
    for (auto const& expected : rows) {
        CAPTURE(expected.pattern);
        CAPTURE(expected.text);
        CHECK(glob_match(expected.pattern, expected.text) == expected.fits);
    }
}

TEST_CASE("glob: F07 it agrees with a naive matcher on every pattern, also on malformed ones") {
    CHECK(rc::check([] {
        auto const texts = *rc::gen::container<std::vector<std::string>>(20, word_of("ab[]^-\\", 8));
        for (auto const& text : texts) {
            auto const pattern = *word_of("ab*?[]^-\\", 10);
            RC_ASSERT(glob_match(pattern, text) == model_match(pattern, text));
        }
    }));
}

TEST_CASE("glob: F07 a text with every sign before it escaped matches itself and nothing else") {
    CHECK(rc::check([] {
        auto const text = *word_of("ab*?[]^-\\", 6);
        auto const other = *word_of("ab*?[]^-\\", 6);
        std::string escaped;
        for (char const letter : text) {
            escaped += '\\';
            escaped += letter;
        }
        RC_ASSERT(glob_fault(escaped) == nullptr);
        RC_ASSERT(glob_match(escaped, text));
        RC_ASSERT(glob_match(escaped, other) == (other == text));
    }));
}

TEST_CASE("glob: F07 fourteen stars and a mismatch are found out within a millisecond") {
    std::string stars;
    for (int i = 0; i != 14; ++i) {
        stars += "a*";
    }
    std::string const text(1000, 'a');
    auto best = std::chrono::steady_clock::duration::max();
    for (int i = 0; i != 10; ++i) {
        auto const begin = std::chrono::steady_clock::now();
        CHECK_FALSE(glob_match(stars + "b", text));
        best = std::min(best, std::chrono::steady_clock::now() - begin);
    }
    CHECK(best < std::chrono::milliseconds{1});
}

TEST_CASE("glob: a malformed pattern is told from a well-formed one, also when compiled") {
    static_assert(glob_fault("user:{0}:*") == nullptr && glob_fault("[^a-z]\\[") == nullptr &&
                  glob_fault("") == nullptr);
    static_assert(glob_fault("[]") == nullptr && glob_fault("]") == nullptr && glob_fault("[\\]]") == nullptr);
    static_assert(glob_fault("[abc") != nullptr && glob_fault("[") != nullptr && glob_fault("[^") != nullptr);
    static_assert(glob_fault("[a\\]") != nullptr && glob_fault("[a-]") != nullptr);
    static_assert(glob_fault("a\\") != nullptr && glob_fault("\\\\\\") != nullptr && glob_fault("\\\\") == nullptr);
    CHECK(std::string_view{glob_fault("[a")} == "a `[` is not closed");
    CHECK(std::string_view{glob_fault("a\\")} == "a backslash at the end escapes nothing");
}
