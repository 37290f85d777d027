#include "text.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <istream>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace tour {
namespace {

constexpr std::size_t shortest_misspelt = 4;
constexpr std::uint64_t one_word_in = 3;
constexpr std::uint64_t one_slip_in = 12;

constexpr bool is_letter(char c) { return 'a' <= c && c <= 'z'; }

constexpr char lower(char c) { return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// FNV-1a with the finish of SplitMix64: chance that is the same everywhere.
std::uint64_t chance(std::string_view text, std::uint64_t salt) {
    std::uint64_t x = 14695981039346656037U ^ salt;
    for (char const c : text) x = (x ^ static_cast<unsigned char>(c)) * 1099511628211U;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

/// One typing error: two neighbours swapped, a letter left out, doubled, or replaced by a vowel.
std::string slipped(std::string word, std::uint64_t luck) {
    auto const place = 1 + luck / 4 % (word.size() - 2);
    switch (luck % 4) {
        case 0:
            std::swap(word[place], word[place + 1]);
            break;
        case 1:
            word.erase(place, 1);
            break;
        case 2:
            word.insert(place, 1, word[place]);
            break;
        default:
            word[place] = "aeiou"[luck / 1024 % 5];
    }
    return word;
}

void append_words(words& all, std::istream& in) {
    std::string word;
    auto const close = [&] {
        while (!word.empty() && word.back() == '\'') word.pop_back();
        if (!word.empty()) all.push_back(std::exchange(word, {}));
    };
    for (char byte; in.get(byte);) {
        auto const c = lower(byte);
        if (is_letter(c) || (c == '\'' && !word.empty())) {
            word += c;
        } else {
            close();
        }
    }
    close();
}

}  // namespace

words word_list(std::filesystem::path const& file) {
    std::ifstream in{file};
    words list;
    for (std::string line; std::getline(in, line);) {
        std::ranges::transform(line, line.begin(), lower);
        if (std::ranges::all_of(line, [](char c) { return is_letter(c) || c == '\''; })) list.push_back(line);
    }
    if (list.empty()) {
        throw std::runtime_error{"tour(" + file.string() + "): no word list there; install Debian's package wamerican"};
    }
    return list;
}

words text_of(std::filesystem::path const& folder) {
    std::set<std::filesystem::path> files;
    if (std::filesystem::is_directory(folder)) {
        for (auto const& entry : std::filesystem::directory_iterator{folder}) files.insert(canonical(entry.path()));
    }
    words all;
    for (auto const& file : files) {
        std::ifstream in{file, std::ios::binary};
        append_words(all, in);
    }
    if (all.empty()) {
        throw std::runtime_error{"tour(" + folder.string() + "): no text there; install Debian's package base-files"};
    }
    return all;
}

words misspelt(words const& text) {
    words result = text;
    for (std::size_t i = 0; i < result.size(); ++i) {
        auto& word = result[i];
        if (word.size() < shortest_misspelt) continue;
        auto const habit = chance(word, 0);
        auto const accident = chance(word, i + 1);
        if (habit % one_word_in == 0) {
            word = slipped(word, habit / one_word_in);
            if (word.size() > shortest_misspelt) word = slipped(word, chance(word, 0));
        } else if (accident % one_slip_in == 0) {
            word = slipped(word, accident / one_slip_in);
        }
    }
    return result;
}

}  // namespace tour
