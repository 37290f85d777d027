#include "schedules/program.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace schedules {
namespace {

constexpr std::array<std::string_view, verbs> verb_words{"call",      "refresh", "set",  "evict", "evict_key",
                                                         "evict_tag", "clear",   "peek", "touch"};
constexpr std::array<std::string_view, subjects> subject_words{"plain",    "apart", "text",     "breaking", "remembering",
                                                               "refusing", "hasty", "property", "chain",    "cycle"};

template <class Enum, std::size_t Size>
Enum meant_by(std::string_view word, std::array<std::string_view, Size> const& words) {
    auto const at = std::ranges::find(words, word);
    if (at == words.end())
        throw std::invalid_argument{"there is no `" + std::string{word} + "` in programs"};
    return static_cast<Enum>(at - words.begin());
}

/// The words of a text, where `, : |` are words of their own.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words{""};
    for (char const letter : text) {
        bool const mark = letter == ',' || letter == ':' || letter == '|';
        if ((mark || letter == ' ') && !words.back().empty())
            words.emplace_back();
        if (mark) {
            words.back() = letter;
            words.emplace_back();
        } else if (letter != ' ') {
            words.back() += letter;
        }
    }
    if (words.back().empty())
        words.pop_back();
    return words;
}

program program_over(std::mt19937_64& chance) {
    program drawn;
    drawn.over = static_cast<subject>(chance() % subjects);
    return drawn;
}

std::vector<request> requests_of(std::size_t count, std::mt19937_64& chance) {
    std::vector<request> all;
    while (all.size() != count) {
        bool const calls = chance() % 2 == 0;
        all.push_back({calls ? verb::call : static_cast<verb>(chance() % verbs), chance() % 4 == 0 ? 2 : 1});
    }
    return all;
}

}  // namespace

program::program(std::string_view text) {
    auto const words = words_of(text);
    if (words.size() < 2 || words[1] != ":")
        throw std::invalid_argument{"a program is `subject: verb key, verb key | verb key`"};
    over = meant_by<subject>(words[0], subject_words);
    threads.emplace_back();
    for (std::size_t at = 2; at < words.size(); ++at) {
        if (words[at] == "|")
            threads.emplace_back();
        else if (words[at] != ",") {
            auto const what = meant_by<verb>(words[at], verb_words);
            bool const has_key = at + 1 != words.size() && (words[at + 1] == "1" || words[at + 1] == "2");
            threads.back().push_back({what, has_key && words[++at] == "2" ? 2 : 1});
        }
    }
    if (threads.size() > most_actors)
        throw std::invalid_argument{"a program has at most " + std::to_string(most_actors) + " threads"};
}

std::string program::text() const {
    std::string all{subject_words[static_cast<std::size_t>(over)]};
    for (char mark = ':'; auto const& one : threads) {
        all += mark == ':' ? ":" : " |";
        for (mark = ' '; auto const& asked : one) {
            all += mark == ',' ? ", " : " ";
            all.append(verb_words[static_cast<std::size_t>(asked.what)]).append(" ").append(std::to_string(asked.key));
            mark = ',';
        }
        mark = '|';
    }
    return all;
}

std::size_t program::requests() const noexcept {
    return std::accumulate(threads.begin(), threads.end(), std::size_t{0},
                           [](std::size_t sum, auto const& one) { return sum + one.size(); });
}

program any_program(std::uint64_t seed) {
    std::mt19937_64 chance{seed};
    auto drawn = program_over(chance);
    auto const count = 2 + chance() % 5;
    for (std::size_t number = 0; number != count; ++number)
        drawn.threads.push_back(requests_of(1 + chance() % (12 / count), chance));
    return drawn;
}

program three_by_four(std::uint64_t seed) {
    std::mt19937_64 chance{seed};
    auto drawn = program_over(chance);
    for (int number = 0; number != 3; ++number)
        drawn.threads.push_back(requests_of(4, chance));
    return drawn;
}

}  // namespace schedules
