#include <memo/call/ledger.hpp>

#include <memo/base/hash.hpp>

#include <utility>

namespace memo::detail {

ledger::ledger(std::shared_ptr<space> in, identity who, event_listener own, bool counts)
    : in_{std::move(in)}, who_{std::move(who)}, own_{std::move(own)}, counts_{counts} {}

ledger::~ledger() = default;

void ledger::count_run(duration took) noexcept {
    if (counts_)
        counters_.add_with(counter::runs, counter::run_nanoseconds, static_cast<std::uint64_t>(took.count()));
}

void ledger::count_sample(duration took) noexcept {
    if (counts_)
        counters_.add_with(counter::samples, counter::sample_nanoseconds, static_cast<std::uint64_t>(took.count()));
}

void ledger::tell(event_kind kind, key_view const& key, duration took, evict_cause cause,
                  std::exception_ptr const& error) noexcept {
    try {
        event const happening{kind, who_.shown, name_of(key), cause, error, took};
        if (in_->heard())
            in_->tell(happening);
        if (own_ != nullptr)
            own_(happening);
    } catch (...) {
        count(counter::errors);
    }
}

void ledger::fail(key_view const& key, std::exception_ptr const& error, duration took) noexcept {
    count(counter::errors);
    if (heard())
        tell(event_kind::error, key, took, evict_cause::none, error);
}

cache_key ledger::name_of(key_view const& key) const {
    auto text = in_->defaults().prefix;
    if (!key.text.empty())
        return cache_key{text.append(key.text)};
    text.append(who_.shown).append(":").append(std::to_string(who_.version)).append(":").append(hex(digest_of(key.identity)));
    return cache_key{std::move(text)};
}

void ledger::count_into(memo::stats& sum) const noexcept {
    auto const time = [&](counter what) { return duration{static_cast<duration::rep>(counters_.sum(what))}; };
    sum.misses = counters_.sum(counter::misses);
    sum.joins = counters_.sum(counter::joins);
    sum.stores = counters_.sum(counter::stores);
    sum.skips = counters_.sum(counter::skips);
    sum.refreshes = counters_.sum(counter::refreshes);
    sum.stale = counters_.sum(counter::stale);
    sum.errors = counters_.sum(counter::errors);
    sum.runs = counters_.sum(counter::runs);
    sum.run_time = time(counter::run_nanoseconds);
    sum.gets_sampled = counters_.sum(counter::samples);
    if (sum.gets_sampled != 0)
        sum.get_latency = time(counter::sample_nanoseconds) / static_cast<duration::rep>(sum.gets_sampled);
    if (sum.runs != 0)
        sum.time_saved = duration{static_cast<duration::rep>(
            static_cast<double>(sum.hits) * static_cast<double>(sum.run_time.count()) / static_cast<double>(sum.runs))};
}

}  // namespace memo::detail
