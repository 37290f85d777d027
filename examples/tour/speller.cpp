#include "speller.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

namespace tour {
namespace {

constexpr unsigned farthest = 2;

/// Edits that lead from `a` to `b` (optimal string alignment), or `limit + 1` as soon as it must be more than `limit`.
/// Source: Damerau, "A technique for computer detection and correction of spelling errors", CACM 7(3), 1964.
unsigned distance(std::string_view a, std::string_view b, unsigned limit) {
    std::array<std::array<unsigned, speller::longest + 1>, 3> rows;
    for (unsigned j = 0; j <= b.size(); ++j) rows[0][j] = j;
    for (unsigned i = 1; i <= a.size(); ++i) {
        auto& row = rows[i % 3];
        auto const& above = rows[(i - 1) % 3];
        auto const& second_above = rows[(i + 1) % 3];
        unsigned least = row[0] = i;
        for (unsigned j = 1; j <= b.size(); ++j) {
            bool const same = a[i - 1] == b[j - 1];
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
            bool const swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], second_above[j - 2] + 1);
            least = std::min(least, row[j]);
        }
        if (least > limit) return limit + 1;
    }
    return std::min(rows[a.size() % 3][b.size()], limit + 1);
}

}  // namespace

speller::speller(words const& list, words const& sample) {
    std::unordered_map<std::string, std::size_t> counts;
    for (auto const& word : sample) ++counts[word];
    for (auto const& word : std::set<std::string>{list.begin(), list.end()}) {
        if (word.size() > longest) continue;
        auto const counted = counts.find(word);
        shelves_[word.size()].push_back({word, counted == counts.end() ? 0 : counted->second});
    }
}

bool speller::knows(std::string const& word) const {
    if (word.size() > longest) return false;
    auto const& shelf = shelves_[word.size()];
    auto const place = std::ranges::lower_bound(shelf, word, {}, &listed::text);
    return place != shelf.end() && place->text == word;
}

std::string speller::correct(std::string const& word) const {
    if (word.size() > longest) return word;
    listed const* best = nullptr;
    unsigned nearest = farthest;
    auto const last = std::min(word.size() + farthest, longest);
    for (auto length = word.size() - std::min<std::size_t>(word.size(), farthest); length <= last; ++length) {
        for (auto const& candidate : shelves_[length]) {
            auto const edits = distance(word, candidate.text, nearest);
            if (edits > nearest) continue;
            bool const better = !best || edits < nearest || candidate.count > best->count ||
                                (candidate.count == best->count && candidate.text < best->text);
            if (better) best = &candidate;
            nearest = edits;
        }
    }
    return best ? best->text : word;
}

void speller::add(std::string const& word) {
    if (word.size() > longest || knows(word)) return;
    auto& shelf = shelves_[word.size()];
    shelf.insert(std::ranges::lower_bound(shelf, word, {}, &listed::text), {word, 1});
}

std::size_t speller::size() const {
    std::size_t sum = 0;
    for (auto const& shelf : shelves_) sum += shelf.size();
    return sum;
}

}  // namespace tour
