#include <memo/policy/reuse.hpp>

#include <algorithm>
#include <cstddef>

namespace memo::detail {

namespace {

constexpr float trust_in_guesses = 10;  // observations that a guess weighs
constexpr float kept_of_the_past = 0.95F;

/// The youngest age of a bucket, and how many it has.
constexpr float begin_of(std::size_t bucket) noexcept { return bucket == 0 ? 0 : static_cast<float>(1U << (bucket - 1)); }
constexpr float width_of(std::size_t bucket) noexcept { return bucket == 0 ? 1 : begin_of(bucket); }

/// What nothing is known of comes back ever more rarely, what was used often less so.
constexpr float guess(std::size_t class_of_uses, std::size_t bucket) noexcept {
    return (0.1F + 0.05F * static_cast<float>(class_of_uses)) / (2 * width_of(bucket));
}

}  // namespace

reuse::reuse() noexcept {
    for (std::size_t uses = 0; uses < classes; ++uses)
        for (row& at : rows_[uses])
            for (std::size_t age = 0; age < ages; ++age) at.worth[age] = guess(uses, age);
}

void reuse::learn(std::size_t class_of_uses) noexcept {
    by_age guesses{}, all_returned{}, all_waiting{};
    for (row& at : rows_[class_of_uses]) {
        at.waiting = at.counted;
        at.counted.fill(0);
        for (std::size_t age = 0; age < ages; ++age) {
            at.returned[age] *= kept_of_the_past;
            all_returned[age] += at.returned[age];
            all_waiting[age] += at.waiting[age];
            guesses[age] = guess(class_of_uses, age);
        }
    }
    auto const of_all_kinds = hazards(all_returned, all_waiting, guesses);
    for (row& at : rows_[class_of_uses]) at.worth = best_waits(hazards(at.returned, at.waiting, of_all_kinds));
}

/// How many of those that get so old come back in a tick. Who waits, or came back later, was of every younger age once.
reuse::by_age reuse::hazards(by_age const& returned, by_age const& waiting, by_age const& expected) noexcept {
    by_age hazard{};
    float older = 0;
    for (auto age = ages; age-- > 0;) {
        float const here = returned[age] + waiting[age];
        float const exposed = std::max(older + here / 2, returned[age] / 2);
        float const guessed = trust_in_guesses * expected[age] * width_of(age);
        hazard[age] = (returned[age] + guessed) / ((exposed + trust_in_guesses) * width_of(age));
        older += here;
    }
    return hazard;
}

/// From each age on, the most returns per tick that waiting until some later age brings.
reuse::by_age reuse::best_waits(by_age const& hazard) noexcept {
    constexpr float hardly_any = 1e-3F;
    by_age best{};
    for (std::size_t from = 0; from < ages; ++from) {
        float left = 1, returns = 0, ticks = 0;
        for (auto age = from; age < ages && left > hardly_any; ++age) {
            float const span = age == from ? width_of(age) / 2 : width_of(age);
            float const share = hazard[age] * span / (1 + hazard[age] * span);
            returns += left * share;
            ticks += left * span * (1 - share / 2);
            left *= 1 - share;
            best[from] = std::max(best[from], returns / ticks);
        }
    }
    return best;
}

}  // namespace memo::detail
