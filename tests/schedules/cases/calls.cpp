#include "schedules/explore.hpp"
#include "schedules/program.hpp"
#include "schedules/reduced.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

using schedules::program;
using schedules::subject;
using schedules::verb;

namespace {

constexpr std::uint64_t no_limit = ~std::uint64_t{0};
/// Two evictions that raise the same fences beside a third request can be told apart in many more ways.
constexpr std::uint64_t affordable = 20'000;

/// Every schedule of every program must be well; counts them.
class everything {
public:
    explicit everything(std::string called) : called_{std::move(called)} {}
    ~everything() {
        MESSAGE(called_ << ": " << schedules_ << " schedules of " << programs_.size() << " programs, " << whole_ << " of them wholly");
    }
    everything(everything const&) = delete;
    everything& operator=(everything const&) = delete;

    /// All that can be told apart; where that is more than `most`, so many of them and all with two preemptions.
    void of(program const& one, std::uint64_t most = no_limit) {
        schedules::reduced order;
        auto const told = perform(one, order, most);
        if (told.complete)
            ++whole_;
        else if (told.failure.empty())
            with_preemptions(one, 2);
    }
    void with_preemptions(program const& one, unsigned most) {
        schedules::bounded order{most};
        CHECK(perform(one, order, no_limit).complete);
    }
    /// The one of each seed.
    void at_random(std::uint64_t first, std::uint64_t count, program (*drawn)(std::uint64_t)) {
        for (auto seed = first; seed != first + count; ++seed) {
            auto const one = drawn(seed);
            judge(one, schedules::perform_at_random(staging_of(one), seed, one.steps()), seed);
        }
    }

private:
    schedules::report perform(program const& one, schedules::explorer& order, std::uint64_t most) {
        auto told = explore(staging_of(one), order, most);
        judge(one, told, 0);
        return told;
    }
    void judge(program const& one, schedules::report const& told, std::uint64_t seed) {
        programs_.insert(one.text());
        schedules_ += told.schedules;
        CAPTURE(one.text());
        CAPTURE(seed);
        CHECK(told.failure == "");
    }

    std::string called_;
    std::uint64_t schedules_ = 0;
    std::set<std::string> programs_;
    std::uint64_t whole_ = 0;
};

/// Programs of so many threads with one request each, of one key; `most_runs` of them may run the function.
std::vector<program> single_requests(subject over, std::size_t threads, std::size_t most_runs) {
    std::vector<program> all;
    auto const add = [&](auto const& self, program so_far, std::size_t from, std::size_t runs) -> void {
        if (so_far.threads.size() == threads)
            return all.push_back(so_far);
        for (auto next = from; next != schedules::verbs; ++next) {
            auto const what = static_cast<verb>(next);
            auto const more = runs + (what == verb::call || what == verb::refresh ? 1U : 0U);
            if (more > most_runs)
                continue;
            auto longer = so_far;
            longer.threads.push_back({{what, 1}});
            self(self, longer, next, more);
        }
    };
    program none;
    none.over = over;
    add(add, none, 0, 0);
    return all;
}

}  // namespace

TEST_CASE("F18 F20 schedules: whatever three threads ask for at once, one thread can explain it") {
    everything all{"three threads, a request each, at most one run"};
    for (auto const over : {subject::plain, subject::apart, subject::refusing})
        for (auto const& one : single_requests(over, 3, 1))
            all.of(one, affordable);
}

TEST_CASE("F18 F20 F22 schedules: two runs and a third thread, with every end that a run can have") {
    everything all{"three threads, a request each, two runs"};
    for (auto const* const over : {"plain", "breaking", "remembering", "refusing", "apart", "text"})
        for (auto const* const third : {"evict 1", "set 1", "clear 1"})
            for (auto const* const second : {"call", "refresh"})
                all.of(program{std::string{over} + ": call 1 | " + second + " 1 | " + third});
}

TEST_CASE("F24 schedules: what would wait for itself throws, what waits for others does not") {
    everything all{"two threads, chains and circles"};
    for (auto const* const over : {"chain", "cycle"})
        for (auto const* const others : {"call 1", "call 2", "call 1 | evict 2", "refresh 2", "evict 1", "set 2"})
            all.with_preemptions(program{std::string{over} + ": call 1 | " + others}, 2);
}

TEST_CASE("F18 F20 F24 schedules: three threads with four requests each, and one preemption") {
    everything all{"three threads, four requests each, at most one preemption"};
    all.with_preemptions(program{"plain: call 1, evict 1, call 1, set 1 | call 1, refresh 1, peek 1, call 1"
                                 " | set 1, call 1, evict_tag 1, call 1"},
                         1);
    all.with_preemptions(program{"breaking: call 1, evict 1, call 1, call 1 | call 1, refresh 1, peek 1, call 1"
                                 " | clear 1, call 1, set 1, call 1"},
                         1);
}

TEST_CASE("F18 F20 F22 F24 schedules: programs and schedules by chance") {
    everything all{"by chance"};
    all.at_random(1, 15'000, schedules::any_program);
}
