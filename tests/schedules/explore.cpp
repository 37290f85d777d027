#include "schedules/explore.hpp"

#include "schedules/stage.hpp"
#include "schedules/turn.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace schedules {
namespace {

std::size_t first_of(crowd all) noexcept {
    return static_cast<std::size_t>(std::countr_zero(all));
}

/// Who goes on when there is no reason for anybody else.
std::size_t by_default(crossing const& at) noexcept {
    return at.goes_on() ? at.current : first_of(at.ready);
}

}  // namespace

std::size_t bounded::choose(crossing const& at) {
    if (std::has_single_bit(at.ready) || (!tries_ && at.goes_on() && at.next[at.current].what == deed::unlock))
        return by_default(at);
    if (at_ == path_.size()) {
        auto const used = path_.empty() ? 0 : path_.back().preemptions;
        auto const chosen = by_default(at);
        bool const costs = at.goes_on();
        path_.push_back({chosen, at.ready, costs && used == bound_ ? 0 : at.ready & ~only(chosen), used, costs});
    }
    strays_ = strays_ || path_[at_].ready != at.ready;
    return strays_ ? by_default(at) : path_[at_++].chosen;
}

bool bounded::advance(std::span<step const> performed) {
    at_ = 0;
    bool const tries = std::ranges::any_of(performed, [](step const& one) { return one.made.what == deed::try_lock; });
    if (std::exchange(strays_, false) || (tries && !tries_)) {
        tries_ = tries_ || tries;
        path_.clear();
        return true;
    }
    while (!path_.empty() && path_.back().untried == 0)
        path_.pop_back();
    if (path_.empty())
        return false;
    auto& last = path_.back();
    last.chosen = first_of(last.untried);
    last.untried &= ~only(last.chosen);
    last.preemptions += std::exchange(last.costs, false) ? 1U : 0U;
    return true;
}

std::size_t dice::choose(crossing const& at) {
    auto among = at.ready;
    for (auto left = chance_() % static_cast<unsigned>(std::popcount(at.ready)); left != 0; --left)
        among &= among - 1;
    return first_of(among);
}

prioritized::prioritized(std::uint64_t seed, unsigned depth, std::size_t steps) {
    std::mt19937_64 chance{seed};
    std::iota(priorities_.begin(), priorities_.end(), static_cast<int>(depth));
    std::ranges::shuffle(priorities_, chance);
    for (unsigned change = 1; change < depth; ++change)
        changes_.push_back(chance() % std::max<std::size_t>(steps, 1));
}

std::size_t prioritized::choose(crossing const& at) {
    for (std::size_t change = 0; change != changes_.size(); ++change)
        if (changes_[change] == at_ && at.current != most_actors)
            priorities_[at.current] = static_cast<int>(change) + 1;
    ++at_;
    if (at.current != most_actors && at.next[at.current].what == deed::give_way)
        priorities_[at.current] = --lowest_;
    auto best = first_of(at.ready);
    for (auto rest = at.ready; rest != 0; rest &= rest - 1)
        if (priorities_[first_of(rest)] > priorities_[best])
            best = first_of(rest);
    return best;
}

again::again(std::string_view schedule) {
    std::istringstream words{std::string{schedule}};
    for (std::string word; words >> word;) {
        auto const star = word.find('*');
        threads_.insert(threads_.end(), star == std::string::npos ? 1 : std::stoul(word.substr(star + 1)), std::stoul(word));
    }
}

std::size_t again::choose(crossing const& at) {
    auto const who = at_ < threads_.size() ? threads_[at_++] : most_actors;
    return who < most_actors && holds(at.ready, who) ? who : by_default(at);
}

std::string written(std::span<step const> performed) {
    std::string text;
    for (std::size_t at = 0; at != performed.size();) {
        auto const who = performed[at].who;
        std::size_t times = 0;
        for (; at != performed.size() && performed[at].who == who; ++at)
            times += performed[at].made.what == deed::respond ? 0U : 1U;
        text += (text.empty() ? "" : " ") + std::to_string(who) + "*" + std::to_string(times);
    }
    return text;
}

report explore(staging const& scenario, explorer& schedules, std::uint64_t most) {
    report sum;
    performance played;
    while (sum.schedules != most) {
        auto const wrong = scenario(schedules, played);
        ++sum.schedules;
        if (!wrong.empty()) {
            sum.failure = wrong + "\n  schedule: " + written(played.steps);
            return sum;
        }
        if (!schedules.advance(played.steps)) {
            sum.complete = true;
            return sum;
        }
    }
    return sum;
}

report perform_at_random(staging const& scenario, std::uint64_t seed, std::size_t steps) {
    performance played;
    dice by_dice{seed};
    prioritized by_priority{seed, 2 + static_cast<unsigned>(seed / 5 % 4), steps};
    auto const wrong = scenario(seed % 5 == 0 ? static_cast<chooser&>(by_dice) : by_priority, played);
    return {1, false, wrong.empty() ? "" : wrong + "\n  schedule: " + written(played.steps)};
}

}  // namespace schedules
