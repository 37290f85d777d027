#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
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

inline trace read_trace(std::filesystem::path const& compressed) {
    auto const close = [](std::FILE* pipe) { pclose(pipe); };
    std::unique_ptr<std::FILE, decltype(close)> const pipe{
        popen(("zstd -dc '" + compressed.string() + "'").c_str(), "r")};
    trace requests;
    std::size_t key = 0;
    while (pipe && std::fscanf(pipe.get(), "%zu", &key) == 1) requests.push_back(key);
    return requests;
}

/// The share of hits, six digits behind the point, of a cache of `capacity` entries that begins empty.
template <class Order>
std::string hit_ratio(trace const& requests, std::size_t capacity) {
    std::size_t keys = 0;
    for (auto const key : requests) keys = key > keys ? key : keys;
    std::vector<typename Order::hook> hooks(keys + 1);
    std::vector<bool> resident(keys + 1);
    Order order;
    std::size_t size = 0;
    std::size_t hits = 0;
    for (auto const key : requests) {
        if (resident[key]) {
            order.touch(hooks[key]);
            ++hits;
            continue;
        }
        if (size == capacity) {
            auto* const victim = order.victim();
            order.forget(*victim);
            resident[static_cast<std::size_t>(victim - hooks.data())] = false;
            --size;
        }
        order.admit(hooks[key]);
        resident[key] = true;
        ++size;
    }
    CHECK(order.validate());
    char text[16];
    std::snprintf(text, sizeof text, "%.6f", static_cast<double>(hits) / static_cast<double>(requests.size()));
    return text;
}

/// Checks an order against every row of `expected.csv` that tells of `policy` over one of a few short traces.
template <class Order>
void check_against_traces(std::string const& policy) {
    auto const traces = traces_beside();
    if (traces.empty() || std::system("zstd --version > /dev/null 2>&1") != 0) {
        MESSAGE("skipped: needs shared/traces beside the checkout, and zstd");
        return;
    }
    std::ifstream expected{traces / "expected.csv"};
    std::string loaded;
    trace requests;
    std::size_t rows = 0;
    for (std::string line; std::getline(expected, line);) {
        std::istringstream fields{line};
        std::string name, capacity, row_policy, ratio;
        std::getline(fields, name, ',');
        std::getline(fields, capacity, ',');
        std::getline(fields, row_policy, ',');
        std::getline(fields, ratio, ',');
        bool const is_short = name == "lirs_2pools" || name == "lirs_glimpse" || name == "lirs_multi1" ||
                              name == "lirs_sprite" || name == "addr_gcc" || name == "web_nasa" ||
                              name == "memo_gitcaf";
        if (row_policy != policy || !is_short) continue;
        if (name != loaded) requests = read_trace(traces / (name + ".txt.zst"));
        loaded = name;
        CAPTURE(name);
        CAPTURE(capacity);
        REQUIRE(!requests.empty());
        CHECK(hit_ratio<Order>(requests, std::stoul(capacity)) == ratio);
        ++rows;
    }
    CHECK(rows > 0);
}
