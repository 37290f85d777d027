#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace tour {

using words = std::vector<std::string>;

/// A word list, one word per line, in lower case; lines with other signs than letters and apostrophes are left out.
/// Throws: std::runtime_error when there is no such file.
words word_list(std::filesystem::path const& file);

/// The words of all files in a folder, in lower case, by the files' names; a file with several names counts once.
/// Throws: std::runtime_error when there is nothing to read.
words text_of(std::filesystem::path const& folder);

/// The text as a hasty writer leaves it: some words always wrong, and in the same way, others now and then by chance.
/// The same text gets the same errors on every machine.
words misspelt(words const& text);

}  // namespace tour
