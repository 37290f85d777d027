#include <memo/codec/json_text.hpp>

#include <memo/codec/traits.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace memo::detail {
namespace {

/// What a text of one byte may become in the parser's tree.
constexpr std::size_t tree_growth = 16;

constexpr bool is_space(char letter) noexcept {
    return letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r';
}

/// Behind the text in quotes that begins at `at`.
std::size_t behind_quotes(std::string_view text, std::size_t at) noexcept {
    for (++at; at < text.size() && text[at] != '"'; ++at)
        at += text[at] == '\\' ? 1U : 0U;
    return std::min(at + 1, text.size());
}

/// Calls `visit(word)` for each bracket, comma, colon, text in quotes and other scalar.
template <class Visit>
void each_word(std::string_view text, Visit visit) {
    constexpr std::string_view signs = "{}[],:";
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + 1;
        if (is_space(text[at])) {
            at = end;
            continue;
        }
        if (text[at] == '"')
            end = behind_quotes(text, at);
        else if (signs.find(text[at]) == signs.npos)
            while (end < text.size() && !is_space(text[end]) && text[end] != '"' && signs.find(text[end]) == signs.npos)
                ++end;
        visit(text.substr(at, end - at));
        at = end;
    }
}

std::vector<std::string_view> sorted_words(std::string_view text) {
    std::vector<std::string_view> words;
    each_word(text, [&words](std::string_view word) { words.push_back(word); });
    std::sort(words.begin(), words.end());
    return words;
}

}  // namespace

void bound_json(std::string_view text, decode_limits const& most) {
    if (text.size() > most.bytes / tree_growth)
        malformed("it takes more memory than may be decoded");
    std::size_t depth = 0;
    std::size_t elements = 0;
    each_word(text, [&](std::string_view word) {
        depth += word == "[" || word == "{";
        depth -= (word == "]" || word == "}") && depth != 0;
        elements += word == ",";
        if (depth > most.depth)
            malformed("it is nested too deep");
        if (elements > most.elements)
            malformed("it has more elements than may be decoded");
    });
}

bool same_json(std::string_view left, std::string_view right) {
    return left == right || sorted_words(left) == sorted_words(right);
}

}  // namespace memo::detail
