#include "arguments.hpp"
#include "crew.hpp"
#include "csv.hpp"
#include "output_file.hpp"
#include "plot.hpp"
#include "progress.hpp"
#include "study.hpp"
#include "table.hpp"
#include "trace.hpp"
#include "wording.hpp"

#include <memo/base/error.hpp>

#include <cstddef>
#include <cstdio>
#include <exception>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memo::sim {
namespace {

void print(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        throw error{error_code::refused, "the standard output: cannot be written to its end; give it room"};
}

/// Traces of one name go by their paths.
void tell_apart(std::vector<trace>& traces, std::vector<std::string> const& paths) {
    std::map<std::string, int> bearers;
    for (auto const& one : traces)
        ++bearers[one.name];
    for (std::size_t at = 0; at != traces.size(); ++at)
        if (bearers[traces[at].name] > 1)
            traces[at].name = printable(paths[at]);
}

std::vector<trace> read_all(arguments const& asked) {
    std::vector<trace> traces(asked.traces.size());
    progress how_far{traces.size()};
    work_off("reading", traces.size(), how_far, [&](std::size_t at) {
        traces[at] = read_trace(asked.traces[at]);
        if (!asked.costs.empty())
            traces[at].costs = read_costs(asked.costs[at], traces[at]);
        how_far.advance(1);
    });
    tell_apart(traces, asked.traces);
    return traces;
}

void replay(arguments const& asked) {
    std::optional<output_file> csv_file;
    std::optional<output_file> svg_file;
    if (!asked.csv.empty())
        csv_file.emplace("--csv", asked.csv);
    if (!asked.svg.empty())
        svg_file.emplace("--svg", asked.svg);
    auto const studies = replay_all(read_all(asked), asked.policies, asked.sizes);
    std::string text;
    for (auto const& one : studies) {
        if (!text.empty())
            text += '\n';
        text += table(one);
    }
    print(text);
    if (csv_file)
        csv_file->write(csv(studies));
    if (svg_file)
        svg_file->write(plot(studies));
}

void serve(arguments const& asked) {
    switch (asked.what) {
        case wish::help:
            return print(help());
        case wish::version:
            return print("memo-sim " MEMO_VERSION "\n");
        case wish::replay:
            return replay(asked);
    }
}

}  // namespace
}  // namespace memo::sim

int main(int count, char** words) {
    constexpr int wrong = 2;
    try {
        memo::sim::serve(memo::sim::read_arguments({words + 1, words + count}));
        return 0;
    } catch (std::bad_alloc const&) {
        std::fputs("memo-sim: there is not enough memory; give it fewer traces at once\n", stderr);
    } catch (std::exception const& fault) {
        std::fprintf(stderr, "memo-sim: %s\n", fault.what());
    }
    return wrong;
}
