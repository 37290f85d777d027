#pragma once

#include <memo/policy/concept.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

/// Requests of a reference trace, as keys from 1.
using trace = std::vector<std::size_t>;

/// The reference traces that may stand beside the checkout; empty when they do not.
inline std::filesystem::path traces_beside() {
    for (auto at = std::filesystem::current_path(); at.has_relative_path(); at = at.parent_path()) {
        auto const traces = at / "shared" / "traces";
        if (exists(traces / "expected.csv")) return traces;
    }
    return {};
}

/// Whether all traces are replayed, not the short ones alone: MEMO_TRACES=all in the environment.
inline bool const all_traces_wanted = [] {
    auto const* const wanted = std::getenv("MEMO_TRACES");
    return wanted != nullptr && std::string{wanted} == "all";
}();

/// Whether a trace is a synthetic one, which does not stand with the others: tests/policy/all_traces makes it.
inline bool is_made(std::string const& name) { return name.starts_with("syn_"); }

/// Where a trace is, or would be: in that folder; a made one in MEMO_MADE_TRACES.
inline std::filesystem::path file_of(std::filesystem::path const& traces, std::string const& name) {
    auto const* const made = std::getenv("MEMO_MADE_TRACES");
    return (is_made(name) && made != nullptr ? std::filesystem::path{made} : traces) / (name + ".txt.zst");
}

inline trace read_trace(std::filesystem::path const& compressed) {
    auto const close = [](std::FILE* pipe) { pclose(pipe); };
    std::unique_ptr<std::FILE, decltype(close)> const pipe{
        popen(("zstd -dc '" + compressed.string() + "'").c_str(), "r")};
    trace requests;
    std::size_t key = 0;
    while (pipe && std::fscanf(pipe.get(), "%zu", &key) == 1) requests.push_back(key);
    return requests;
}

/// Which hash gives keys their places: MEMO_DRAW in the environment, else 0.
inline std::uint64_t const place_draw = [] {
    auto const* const wanted = std::getenv("MEMO_DRAW");
    return wanted == nullptr ? 0 : std::strtoull(wanted, nullptr, 10);
}();

/// A place that is the same in every process of one draw, unlike those of the library, whose hash each process draws.
inline std::uint64_t fixed_place(std::uint64_t key) {
    key += place_draw * 0x9e37'79b9'7f4a'7c15;
    key = (key ^ key >> 31) * 0x7fb5'd329'728e'a185;
    key = (key ^ key >> 27) * 0x81da'def4'bc2d'd44d;
    return key ^ key >> 33;
}

/// The share of hits, in percent, of a cache of `capacity` entries that begins empty.
template <class Order>
double hit_ratio(trace const& requests, std::size_t capacity) {
    auto const keys = *std::max_element(requests.begin(), requests.end());
    std::vector<typename Order::hook> hooks(keys + 1);
    std::vector<bool> resident(keys + 1);
    Order order;
    std::size_t size = 0;
    std::size_t hits = 0;
    for (auto const key : requests) {
        if (resident[key]) {
            order.touch(hooks[key]);
            if constexpr (memo::detail::watchful<Order>)
                if (order.watches(fixed_place(key))) order.watch(fixed_place(key));
            ++hits;
            continue;
        }
        if (size == capacity) {
            auto* const victim = order.victim();
            order.forget(*victim);
            resident[static_cast<std::size_t>(victim - hooks.data())] = false;
            --size;
        }
        memo::detail::introduce(hooks[key], fixed_place(key), 1, 1);
        order.admit(hooks[key]);
        resident[key] = true;
        ++size;
    }
    CHECK(order.validate());
    return 100 * static_cast<double>(hits) / static_cast<double>(requests.size());
}

using cell = std::pair<std::string, std::size_t>;  // trace and capacity

/// What counts as off: any other ratio of hits than those expected, or only one below the lowest of them.
enum class judged { from_both_sides, from_below };

/// Percentages in `expected.csv` of the policies of some names, by trace and capacity.
inline std::map<cell, std::vector<double>> expected_ratios(std::filesystem::path const& table,
                                                           std::set<std::string> const& policies) {
    std::map<cell, std::vector<double>> cells;
    std::ifstream lines{table};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream fields{line};
        std::string name, capacity, policy, ratio;
        std::getline(fields, name, ',');
        std::getline(fields, capacity, ',');
        std::getline(fields, policy, ',');
        std::getline(fields, ratio, ',');
        if (policies.count(policy) > 0) cells[{name, std::stoul(capacity)}].push_back(100 * std::stod(ratio));
    }
    return cells;
}

/// Whether to replay a trace: a short one, or any that is there when all are wanted.
inline bool is_replayed(std::filesystem::path const& traces, std::string const& name) {
    static std::set<std::string> const brief{"addr_gcc",    "lirs_2pools", "lirs_glimpse", "lirs_multi1",
                                             "lirs_sprite", "memo_gitcaf", "web_nasa"};
    return all_traces_wanted ? exists(file_of(traces, name)) : brief.count(name) > 0;
}

/// Calls `replay` with each cell whose trace is replayed, and the requests.
template <class Replay>
void replay_cells(Replay const& replay) {
    auto const traces = traces_beside();
    std::string loaded;
    trace requests;
    for (auto const& row : expected_ratios(traces / "expected.csv", {"BELADY"})) {
        auto const& name = row.first.first;
        if (!is_replayed(traces, name)) continue;
        if (name != loaded) requests = read_trace(file_of(traces, name));
        loaded = name;
        replay(row.first, requests);
    }
}

/// What an order hits over all the cells that it was replayed in, beside what `expected.csv` has of others.
class figures {
public:
    explicit figures(std::filesystem::path const& table)
        : best_{expected_ratios(table, {"BELADY"})}, first_in_{expected_ratios(table, {"FIFO"})},
          others_{expected_ratios(table, {"LRU", "S3FIFO"})} {}

    void add(cell const& where, double hits) {
        auto const& others = others_.at(where);
        auto const ahead = hits - *std::max_element(others.begin(), others.end());
        of_belady_ += hits / best_.at(where).front();
        removed_.insert(100 * (1 - (100 - hits) / (100 - first_in_.at(where).front())));
        if (ahead >= -1) return;
        std::ostringstream told;
        told << ", " << where.first << " at " << where.second << ": " << ahead;
        below_.push_back(told.str());
    }

    std::size_t cells() const { return removed_.size(); }
    /// The mean of hits relative to Belady's.
    double of_belady() const { return of_belady_ / static_cast<double>(cells()); }
    /// The mean, in percent of FIFO's misses.
    double misses_removed() const {
        return std::accumulate(removed_.begin(), removed_.end(), 0.0) / static_cast<double>(cells());
    }
    /// Of the misses removed.
    double worst_tenth() const { return *std::next(removed_.begin(), static_cast<std::ptrdiff_t>(cells() / 10)); }
    /// Cells more than a point below the better of LRU and S3-FIFO.
    std::size_t below() const { return below_.size(); }

    std::string told() const {
        std::ostringstream text;
        text << cells() << " cells: hits relative to Belady " << of_belady() << ", misses removed against FIFO " << misses_removed()
             << " %, worst tenth " << worst_tenth() << " %, below LRU or S3-FIFO " << below();
        for (auto const& one : below_) text << one;
        return text.str();
    }

private:
    std::map<cell, std::vector<double>> best_;
    std::map<cell, std::vector<double>> first_in_;
    std::map<cell, std::vector<double>> others_;
    double of_belady_ = 0;
    std::multiset<double> removed_;
    std::vector<std::string> below_;
};

/// Holds an order to `expected.csv`: its ratio of hits is that of a policy of these names, but for so many points, or for
/// others in the cells named.
template <class Order>
void check_against_traces(std::set<std::string> const& policies, double points = 0.000051,
                          std::map<cell, double> const& exceptions = {}, judged side = judged::from_both_sides) {
    auto const traces = traces_beside();
    if (traces.empty() || std::system("zstd --version > /dev/null 2>&1") != 0) {
        MESSAGE("skipped: needs shared/traces beside the checkout, and zstd");
        return;
    }
    std::string loaded;
    trace requests;
    figures found{traces / "expected.csv"};
    auto found_in_made = found;
    double furthest = 0;
    double furthest_in_made = 0;
    for (auto const& row : expected_ratios(traces / "expected.csv", policies)) {
        auto const& name = row.first.first;
        auto const capacity = row.first.second;
        auto const& expected = row.second;
        if (!is_replayed(traces, name)) continue;
        if (name != loaded) requests = read_trace(file_of(traces, name));
        loaded = name;
        REQUIRE(!requests.empty());
        auto const ratio = hit_ratio<Order>(requests, capacity);
        auto off = 100.0;
        for (auto const other : expected)
            off = std::min(off, side == judged::from_below ? std::max(0.0, other - ratio) : std::abs(ratio - other));
        INFO(name << " at " << capacity << ": " << ratio << " % instead of " << expected.front() << " %");
        auto const exception = exceptions.find(row.first);
        CHECK(off <= (exception == exceptions.end() ? points : exception->second));
        auto& so_far = is_made(name) ? furthest_in_made : furthest;
        so_far = std::max(so_far, off);
        (is_made(name) ? found_in_made : found).add(row.first, ratio);
    }
    REQUIRE(found.cells() > 0);
    if (std::getenv("MEMO_TRACES") != nullptr)
        MESSAGE("at most " << furthest << " points off " << *policies.begin() << "; " << found.told());
    if (std::getenv("MEMO_MADE_TRACES") == nullptr) return;
    REQUIRE(found_in_made.cells() > 0);
    MESSAGE("synthetic: at most " << furthest_in_made << " points off " << *policies.begin() << "; " << found_in_made.told());
}
