#include <memo/base/stats.hpp>

#include <ostream>

namespace memo {

double stats::hit_ratio() const noexcept {
    auto const asked = hits + misses;
    return asked == 0 ? 0.0 : static_cast<double>(hits) / static_cast<double>(asked);
}

stats& stats::operator+=(stats const& other) noexcept {
    auto const sampled = gets_sampled + other.gets_sampled;
    if (sampled != 0) {
        auto const share = static_cast<double>(other.gets_sampled) / static_cast<double>(sampled);
        auto const mean = static_cast<double>(get_latency.count()) * (1 - share) +
                          static_cast<double>(other.get_latency.count()) * share;
        get_latency = duration{static_cast<duration::rep>(mean)};
    }
    gets_sampled = sampled;
    hits += other.hits;
    misses += other.misses;
    stores += other.stores;
    skips += other.skips;
    evictions += other.evictions;
    expirations += other.expirations;
    joins += other.joins;
    stale += other.stale;
    refreshes += other.refreshes;
    errors += other.errors;
    runs += other.runs;
    items += other.items;
    bytes += other.bytes;
    run_time += other.run_time;
    time_saved += other.time_saved;
    for (std::size_t cause = 0; cause != evict_causes; ++cause)
        evictions_by_cause[cause] += other.evictions_by_cause[cause];
    return *this;
}

std::ostream& operator<<(std::ostream& out, stats const& snapshot) {
    auto const milliseconds = [](duration span) { return static_cast<double>(span.count()) / 1e6; };
    return out << snapshot.hits << " hits, " << snapshot.misses << " misses (hit ratio " << snapshot.hit_ratio() << "), "
               << snapshot.runs << " runs in " << milliseconds(snapshot.run_time) << " ms, "
               << milliseconds(snapshot.time_saved) << " ms saved; " << snapshot.stores << " stores, " << snapshot.skips
               << " skips, " << snapshot.evictions << " evictions, " << snapshot.expirations << " expirations, "
               << snapshot.joins << " joins, " << snapshot.stale << " stale, " << snapshot.refreshes << " refreshes, "
               << snapshot.errors << " errors; " << snapshot.items << " items, " << snapshot.bytes << " bytes";
}

}  // namespace memo
