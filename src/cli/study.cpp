#include "study.hpp"

#include "crew.hpp"
#include "progress.hpp"

#include <algorithm>
#include <string>

namespace memo::sim {
namespace {

struct task {
    trace const* what;
    policy const* by;
    std::size_t capacity;
    outcome* result;
};

study begin_study(trace const& what, std::span<policy const* const> policies, std::span<extent const> sizes) {
    study begun{what.name, what.requests.size(), what.keys(), 0, {}, {}};
    if (!what.costs.empty())
        for (auto const key : what.requests)
            begun.cost += static_cast<double>(what.cost(key));
    for (auto const& size : sizes)
        begun.sizes.push_back(size.of(what.keys()));
    std::sort(begun.sizes.begin(), begun.sizes.end());
    begun.sizes.erase(std::unique(begun.sizes.begin(), begun.sizes.end()), begun.sizes.end());
    for (auto const* const by : policies)
        begun.curves.push_back({by, std::vector<outcome>(begun.sizes.size())});
    return begun;
}

}  // namespace

double study::hit_ratio(outcome const& what) const noexcept { return static_cast<double>(what.hits) / static_cast<double>(requests); }

bool shows_future(study const& what) noexcept {
    return std::any_of(what.curves.begin(), what.curves.end(), [](curve const& one) { return one.by->sees_the_future; });
}

std::vector<study> replay_all(std::span<trace const> traces, std::span<policy const* const> policies, std::span<extent const> sizes) {
    std::vector<study> studies;
    for (auto const& what : traces)
        studies.push_back(begin_study(what, policies, sizes));

    std::vector<task> tasks;
    std::uint64_t requests = 0;
    for (std::size_t at = 0; at != traces.size(); ++at) {
        for (auto& one : studies[at].curves) {
            for (std::size_t size = 0; size != studies[at].sizes.size(); ++size) {
                tasks.push_back({&traces[at], one.by, studies[at].sizes[size], &one.outcomes[size]});
                requests += traces[at].requests.size();
            }
        }
    }
    std::stable_sort(tasks.begin(), tasks.end(), [](task const& left, task const& right) {
        return left.what->requests.size() > right.what->requests.size();
    });
    progress how_far{requests};
    work_off("replaying", tasks.size(), how_far, [&](std::size_t at) {
        auto const& mine = tasks[at];
        *mine.result = mine.by->replay(*mine.what, mine.capacity, how_far);
    });
    return studies;
}

}  // namespace memo::sim
