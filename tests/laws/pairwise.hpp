#pragma once

#include <array>
#include <cstddef>

namespace laws {

/// Some of all ways to choose one value from each axis.
template <std::size_t Axes>
struct choices {
    std::array<std::array<int, Axes>, 200> all{};
    std::size_t count = 0;
};

template <class Choice, class Visit>
constexpr void each_pair(Choice const& at, Visit visit) {
    for (std::size_t one = 0; one != at.size(); ++one)
        for (std::size_t other = one + 1; other != at.size(); ++other)
            visit(one, at[one], other, at[other]);
}

/// The next choice in order, but for the axes `one` and `other`, which stand. Returns: whether there was one.
template <class Choice>
constexpr bool advance(Choice& at, Choice const& lengths, std::size_t one, std::size_t other) {
    for (std::size_t axis = 0; axis != at.size(); ++axis) {
        if (axis == one || axis == other)
            continue;
        if (++at[axis] != lengths[axis])
            return true;
        at[axis] = 0;
    }
    return false;
}

/// Few choices in which each value of an axis meets each value of every other axis that it can meet in a choice which is
/// `possible`. Greedy: each is the one in which most pairs meet for the first time.
///
/// Source: D. M. Cohen, S. R. Dalal, M. L. Fredman, G. C. Patton, The AETG System, IEEE TSE 23(7), 1997.
template <auto Lengths, class Pred>
constexpr auto pairwise(Pred possible) {
    constexpr std::size_t axes = Lengths.size();
    constexpr int most_values = 8;
    bool met[axes][most_values][axes][most_values] = {};
    choices<axes> few;
    each_pair(Lengths, [&](std::size_t one, int values, std::size_t other, int partners) {
        for (int value = 0; value != values; ++value)
            for (int partner = 0; partner != partners; ++partner) {
                if (met[one][value][other][partner])
                    continue;
                int most = 0;
                std::array<int, axes> at{};
                at[one] = value;
                at[other] = partner;
                auto best = at;
                do {
                    if (!possible(at))
                        continue;
                    int fresh = 0;
                    each_pair(at, [&](std::size_t i, int a, std::size_t j, int b) { fresh += !met[i][a][j][b]; });
                    if (fresh > most)
                        most = fresh, best = at;
                } while (advance(at, Lengths, one, other));
                if (most == 0)
                    continue;
                each_pair(best, [&](std::size_t i, int a, std::size_t j, int b) { met[i][a][j][b] = true; });
                few.all[few.count++] = best;
            }
    });
    return few;
}

}  // namespace laws
