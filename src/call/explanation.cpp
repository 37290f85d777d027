#include <memo/call/explanation.hpp>

#include <chrono>
#include <ostream>

namespace memo {

std::ostream& operator<<(std::ostream& out, explanation const& told) {
    auto const seconds = [](duration span) { return std::chrono::duration<double>{span}.count(); };
    if (told.tier.empty())
        return out << told.key << ": a miss, " << told.why;
    out << told.key << ": " << (told.error ? "a remembered exception in " : "in ") << told.tier << ", " << seconds(told.age) << " s old, ";
    if (told.remaining == duration::max())
        out << "fresh forever";
    else if (told.hit)
        out << "fresh for another " << seconds(told.remaining) << " s";
    else
        out << "stale for " << -seconds(told.remaining) << " s";
    out << ", made by a run of " << seconds(told.cost) * 1e3 << " ms";
    if (told.failures != 0)
        out << ", " << told.failures << (told.failures == 1 ? " run has" : " runs have") << " failed to renew it";
    for (auto const& tag : told.tags)
        out << (&tag == told.tags.data() ? ", tags " : ", ") << tag;
    return out;
}

}  // namespace memo
