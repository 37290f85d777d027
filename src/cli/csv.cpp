#include "csv.hpp"

#include "wording.hpp"

#include <cstddef>
#include <string_view>

namespace memo::sim {
namespace {

constexpr int digits = 6;

std::string field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == text.npos)
        return std::string{text};
    std::string quoted = "\"";
    for (char const letter : text)
        quoted += letter == '"' ? "\"\"" : std::string{letter};
    return quoted + '"';
}

std::string line(study const& of, curve const& one, std::size_t size) {
    auto const& result = one.outcomes[size];
    return field(of.name) + ',' + field(one.by->name) + ',' + std::to_string(of.sizes[size]) + ',' + std::to_string(of.requests) + ',' +
           std::to_string(result.hits) + ',' + fixed(of.hit_ratio(result), digits) + ',' +
           (of.has_costs() ? fixed(of.saved_ratio(result), digits) : "") + '\n';
}

}  // namespace

std::string csv(std::span<study const> studies) {
    std::string text = "trace,policy,size,requests,hits,hit_ratio,cost_saved_ratio\n";
    for (auto const& of : studies)
        for (auto const& one : of.curves)
            for (std::size_t size = 0; size != of.sizes.size(); ++size)
                text += line(of, one, size);
    return text;
}

}  // namespace memo::sim
