#include "arguments.hpp"

#include "byte_source.hpp"
#include "wording.hpp"

#include <memo/base/error.hpp>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

namespace memo::sim {
namespace {

constexpr std::string_view shares[] = {"0.1%", "0.2%", "0.5%", "1%", "2%", "5%", "10%"};

std::string names_of_policies() {
    std::string names;
    for (auto const& one : policies())
        names += (names.empty() ? "" : ", ") + std::string{one.name};
    return names;
}

std::string quoted(std::string_view word) { return "`" + printable(word) + "`"; }

/// Gives the parts between commas.
template <class Take>
void each_part(std::string_view list, Take take) {
    for (;;) {
        auto const comma = list.find(',');
        take(list.substr(0, comma));
        if (comma == list.npos)
            return;
        list.remove_prefix(comma + 1);
    }
}

template <class Item>
void add_once(std::vector<Item>& to, Item item) {
    if (std::find(to.begin(), to.end(), item) == to.end())
        to.push_back(std::move(item));
}

void add_policies(arguments& to, std::string_view list) {
    each_part(list, [&](std::string_view name) {
        auto const* const named = find_policy(name);
        if (named == nullptr)
            throw config_error{"--policy: " + quoted(name) + " is no policy; write some of " + names_of_policies()};
        add_once(to.policies, named);
    });
}

void add_sizes(arguments& to, std::string_view list) {
    each_part(list, [&](std::string_view size) {
        auto const read = read_extent(size);
        if (!read)
            throw config_error{"--size: " + quoted(size) + " is no size; write entries, such as 1000, or a share of the distinct keys up to "
                               "100%, such as 0.5%"};
        add_once(to.sizes, *read);
    });
}

void name_output(std::string& to, std::string_view option, std::string_view path) {
    if (!to.empty())
        throw config_error{std::string{option} + ": was given twice; write it once"};
    if (path == "-")
        throw config_error{std::string{option} + ": - is no file; write /dev/stdout for the standard output"};
    to = path;
}

struct option {
    std::string_view name;
    void (*take)(arguments&, std::string_view value);
};

constexpr option options[] = {
    {"--policy", add_policies},
    {"--size", add_sizes},
    {"--cost", [](arguments& to, std::string_view path) { to.costs.emplace_back(path); }},
    {"--csv", [](arguments& to, std::string_view path) { name_output(to.csv, "--csv", path); }},
    {"--svg", [](arguments& to, std::string_view path) { name_output(to.svg, "--svg", path); }},
};

option const& find_option(std::string_view name) {
    auto const* const found = std::find_if(std::begin(options), std::end(options), [name](option const& one) { return one.name == name; });
    if (found == std::end(options))
        throw config_error{printable(name) + ": is no option; memo-sim --help lists them"};
    return *found;
}

/// Where a path leads, links aside; nowhere when it is empty.
std::filesystem::path place_of(std::string const& path) {
    std::error_code without_folder;
    auto const whole = std::filesystem::absolute(path, without_folder);
    return (path.empty() || without_folder ? std::filesystem::path{path} : whole).lexically_normal();
}

/// No output may take the place of what is read, or of another one.
void check_outputs(arguments const& read) {
    std::vector<std::filesystem::path> taken;
    for (auto const* const list : {&read.traces, &read.costs})
        for (auto const& path : *list)
            if (path != "-")
                taken.push_back(place_of(path));
    for (auto const& [option, path] : {std::pair{"--csv", place_of(read.csv)}, std::pair{"--svg", place_of(read.svg)}})
        if (!path.empty() && std::find(taken.begin(), taken.end(), path) != taken.end())
            throw config_error{std::string{option} + ": is a file that is read; name another one"};
    if (!read.csv.empty() && place_of(read.csv) == place_of(read.svg))
        throw config_error{"--svg: is the file of --csv; name another one"};
}

void complete(arguments& read) {
    if (read.traces.empty())
        throw config_error{"no trace was named; write memo-sim TRACE..., or memo-sim --help"};
    if (!read.costs.empty() && read.costs.size() != read.traces.size())
        throw config_error{"--cost: " + std::to_string(read.costs.size()) + " given for " + std::to_string(read.traces.size()) +
                           " traces; write one for each trace, in the order of the traces"};
    if (std::count(read.traces.begin(), read.traces.end(), "-") + std::count(read.costs.begin(), read.costs.end(), "-") > 1)
        throw config_error{"-: the standard input can be read once only; name files beside it"};
    check_outputs(read);
    if (read.policies.empty())
        for (auto const& one : policies())
            read.policies.push_back(&one);
    if (read.sizes.empty())
        for (auto const share : shares)
            read.sizes.push_back(*read_extent(share));
}

}  // namespace

arguments read_arguments(std::vector<std::string> const& words) {
    arguments read;
    bool only_traces = false;
    for (auto word = words.begin(); word != words.end(); ++word) {
        if (*word == "--" && !only_traces) {
            only_traces = true;
            continue;
        }
        if (only_traces || *word == "-" || !word->starts_with('-')) {
            if (word->empty())
                throw config_error{"the name of a trace is empty; name a file, or - for the standard input"};
            read.traces.push_back(*word);
            continue;
        }
        if (*word == "--help" || *word == "-h" || *word == "--version") {
            read.what = *word == "--version" ? wish::version : wish::help;
            return read;
        }
        auto const sign = word->find('=');
        auto const& named = find_option(word->substr(0, sign));
        if (sign == word->npos && ++word == words.end())
            throw config_error{std::string{named.name} + ": has no value; memo-sim --help shows some"};
        auto const value = sign == word->npos ? *word : word->substr(sign + 1);
        if (value.empty())
            throw config_error{std::string{named.name} + ": its value is empty; memo-sim --help shows some"};
        named.take(read, value);
    }
    complete(read);
    return read;
}

std::string help() {
    std::string text = R"(memo-sim: what hit ratio would a cache of that size and policy have had?

usage: memo-sim [--policy NAME,...] [--size SIZE,...] [--cost FILE] [--csv FILE] [--svg FILE] TRACE...

Replays traces through caches of every policy and size, on memo's own policies, and prints the hit ratios. Each
cache begins empty and counts entries, not bytes.

  TRACE          a file with one request per line: the key that was asked for, any text without NUL bytes, at most
                 65,536 bytes long; - is the standard input. Traces and costs are
                 )" + std::string{forms_of_text()} + R"(
  --policy NAME,...
                 which policies; all where this is left out:
)";
    std::size_t widest = 0;
    for (auto const& one : policies())
        widest = std::max(widest, one.name.size());
    for (auto const& one : policies())
        text += std::string(19, ' ') + std::string{one.name} + std::string(widest + 2 - one.name.size(), ' ') + std::string{one.says} + '\n';
    text += R"(  --size SIZE,...
                 numbers of entries, such as 100,1000, or shares of the trace's distinct keys, such as 0.1%,1%,10%;
                 0.1%,0.2%,0.5%,1%,2%,5%,10% where this is left out
  --cost FILE    what a run costs: line i is the cost of the i-th distinct key, in the order in which the keys first
                 appear, as a whole number (of nanoseconds, say). Adds the share of the costs that hits would have
                 saved. With several traces, one --cost for each, in their order
  --csv FILE     writes trace,policy,size,requests,hits,hit_ratio,cost_saved_ratio, a line for each replay; the last
                 field is empty without --cost
  --svg FILE     draws the curves, one panel per trace, and one more with --cost
  --help, --version

Files appear when they are complete. Equal inputs give equal results: nothing is left to chance.

status: 0, or 2 when something is wrong: the message names the place, and what to write there.

examples:
  memo-sim requests.log
  awk '{print $7}' access.log | memo-sim --size 1000,10000,100000 --svg curves.svg -
  memo-sim --policy lru,belady --size 1% --cost calls.cost.zst --csv calls.csv calls.zst
)";
    return text;
}

}  // namespace memo::sim
