#include <memo/call/explanation.hpp>

#include <chrono>
#include <ostream>

namespace memo {

std::ostream& operator<<(std::ostream& out, explanation const& told) {
    auto const seconds = [](duration span) { return std::chrono::duration<double>{span}.count(); };
    if (!told.hit)
        return out << told.key << ": a miss, " << told.why;
    out << told.key << ": in " << told.tier << ", " << seconds(told.age) << " s old, ";
    if (told.remaining == duration::max())
        out << "fresh forever";
    else
        out << "fresh for another " << seconds(told.remaining) << " s";
    out << ", made by a run of " << seconds(told.cost) * 1e3 << " ms";
    for (auto const& tag : told.tags)
        out << (&tag == told.tags.data() ? ", tags " : ", ") << tag;
    return out;
}

}  // namespace memo
