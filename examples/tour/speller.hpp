#pragma once

#include "text.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace tour {

/// Knows how words are spelt, and which of them are usual.
///
/// Threads: `knows` and `correct` from any; `add` from one, while nobody else reads.
class speller {
public:
    static constexpr std::size_t longest = 40;  ///< longer words are neither listed nor corrected

    /// `sample` says how usual a word is.
    speller(words const& list, words const& sample);

    bool knows(std::string const& word) const;

    /// The word that was probably meant.
    ///
    /// Returns: of the listed words at the least edit distance, at most two, the most usual one, then the first in the
    ///          alphabet; `word` itself when there is none. Swapping two neighbours is one edit.
    /// Cost:    a comparison with every listed word whose length is at most two away: milliseconds.
    std::string correct(std::string const& word) const;

    void add(std::string const& word);

    std::size_t size() const;

private:
    struct listed {
        std::string text;
        std::size_t count;
    };

    std::array<std::vector<listed>, longest + 1> shelves_;  ///< by length, each in the order of the alphabet
};

}  // namespace tour
