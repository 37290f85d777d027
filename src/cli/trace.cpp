#include "trace.hpp"

#include "interner.hpp"
#include "lines.hpp"
#include "wording.hpp"

#include <memo/base/error.hpp>
#include <memo/base/quantity.hpp>

#include <array>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <string_view>

namespace memo::sim {
namespace {

constexpr std::size_t most_requests = std::numeric_limits<std::uint32_t>::max() - 1;

}  // namespace

trace read_trace(std::string const& path) {
    trace read;
    read.name = trace_name(path);
    interner keys;
    each_line(path, [&](std::string_view line) {
        if (line.empty())
            throw line_fault{"this line is empty; write one key per line"};
        if (read.requests.size() == most_requests)
            throw line_fault{"a trace has at most " + grouped(most_requests) + " requests; split the file here"};
        read.requests.push_back(keys.number(line));
    });
    if (read.requests.empty())
        throw error{error_code::bad_value, printable(path) + ": holds no request; write one key per line"};
    read.places = keys.places();
    return read;
}

std::vector<std::uint64_t> read_costs(std::string const& path, trace const& of) {
    std::vector<std::uint64_t> costs;
    costs.reserve(of.keys());
    each_line(path, [&](std::string_view line) {
        auto const cost = detail::read_number(line);
        if (!cost)
            throw line_fault{"this is no cost; write a whole number, such as nanoseconds: 1500"};
        if (costs.size() == of.keys())
            throw line_fault{"a cost too many: " + of.name + " has " + grouped(of.keys()) +
                             " distinct keys; write one line for each, in the order in which they first appear"};
        costs.push_back(*cost);
    });
    if (costs.size() < of.keys())
        throw error{error_code::bad_value, printable(path) + ":" + std::to_string(costs.size() + 1) + ": the costs end here, but " +
                                               of.name + " has " + grouped(of.keys()) +
                                               " distinct keys; write one line for each, in the order in which they first appear"};
    return costs;
}

std::string trace_name(std::string const& path) {
    if (path == "-")
        return "stdin";
    std::filesystem::path name = std::filesystem::path{path}.filename();
    for (std::string_view const packed : {".gz", ".zst"})
        if (name.extension() == packed)
            name = name.stem();
    for (std::string_view const kind : {".txt", ".log", ".csv"})
        if (name.extension() == kind)
            name = name.stem();
    return printable(name.string());
}

}  // namespace memo::sim
