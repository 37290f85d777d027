#include <memo/store/record_store.hpp>

#include "last_check.hpp"

#include <memo/base/error.hpp>
#include <memo/base/glob.hpp>
#include <memo/base/hash.hpp>
#include <memo/store/graveyard.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>
#include <numeric>
#include <utility>
#include <vector>

namespace memo::detail {
namespace {

bool is_damage(flaw why) noexcept {
    return why == flaw::foreign || why == flaw::truncated || why == flaw::corrupt || why == flaw::undecodable;
}

}  // namespace

std::string hex_of(std::uint64_t number) {
    constexpr std::size_t half = 16;
    return hex({number, 0}).substr(0, half);
}

vintage stands(record_times const& times) noexcept {
    vintage made{times.created, times.ttl, later(times.touched, times.ttl), {}, times.cost, times.failures, times.retry_at};
    made.gone_at = std::min(later(made.fresh_until, times.grace), later(times.read, times.idle));
    return made;
}

terms terms_of(record const& read, vintage const& made) {
    terms kept;
    kept.created = read.times.touched;
    kept.ttl = made.ttl;
    kept.grace = read.times.grace;
    kept.idle = read.times.idle;
    kept.cost = made.cost;
    kept.tags.assign(read.tags.begin(), read.tags.end());
    return kept;
}

record_store::record_store(store_plan const& plan, std::uint64_t type, store_watcher* watcher)
    : bytes_{plan.bytes}, scope_{"f:" + plan.function + ":"}, family_{scope_ + hex_of(type) + (plan.readable ? "" : "#")},
      owner_{std::string{bytes_->prefix()} + family_}, type_{type}, readable_{plan.readable}, rethrows_{plan.rethrows},
      injected_clock_{plan.injected_clock}, clock_{plan.clock}, watcher_{watcher} {}

record_store::record_store(store_plan const& plan, store_watcher* watcher)
    : bytes_{plan.bytes}, scope_{"c"}, family_{scope_}, owner_{std::string{bytes_->prefix()} + family_}, type_{0}, readable_{true},
      rethrows_{plan.rethrows}, injected_clock_{plan.injected_clock}, clock_{plan.clock}, watcher_{watcher} {}

record_store::~record_store() { check_at_end(*this); }

std::optional<found_record> record_store::find(key_view const& key, duration now, std::uint64_t type) {
    unreachable_ = nullptr;
    if (auto const fault = bytes_->known_fault()) {
        if (rethrows_)
            std::rethrow_exception(fault);
        return fall_out(key, fault), std::nullopt;
    }
    digits room;
    try {
        auto bytes = bytes_->get(name_of(key, room));
        return bytes ? check(key, std::move(*bytes), time(now), type) : std::nullopt;
    } catch (...) {
        if (rethrows_)
            throw;
        return fall_out(key, std::current_exception()), std::nullopt;
    }
}

void record_store::fall_out(key_view const& key, std::exception_ptr const& fault) noexcept {
    unreachable_ = this;
    watcher_->faulted(key, fault);
}

std::optional<found_record> record_store::check(key_view const& key, std::string&& bytes, duration now, std::uint64_t type) {
    auto const wanted = type_ == 0 ? type : type_;
    found_record found{std::move(bytes), {}, {}};
    auto why = read_record(found.bytes, found.read);
    if (why == flaw::none) {
        found.made = stands(found.read.times);
        why = found.read.family != owner_ || found.read.identity != key.identity ? flaw::key
              : wanted != 0 && found.read.type != wanted                         ? flaw::type
              : !injected_clock_ && found.made.created > later(now, clock_tolerance) ? flaw::future
                                                                                : flaw::none;
    }
    if (why != flaw::none) {
        drop(key, found.bytes, why);
        return std::nullopt;
    }
    if (now >= found.made.gone_at) {
        digits room;
        if (bytes_->discard(name_of(key, room), seal_of(found.bytes))) {
            gone_[static_cast<std::size_t>(evict_cause::expired)].fetch_add(1, std::memory_order_relaxed);
            watcher_->removed(key, evict_cause::expired);
        }
        return std::nullopt;
    }
    return found;
}

void record_store::drop(key_view const& key, std::string_view bytes, flaw why) {
    flaws_[static_cast<std::size_t>(why)].fetch_add(1, std::memory_order_relaxed);
    if (!is_damage(why))
        return;
    digits room;
    bytes_->discard(name_of(key, room), seal_of(bytes));
    watcher_->faulted(key, std::make_exception_ptr(error{
                               error_code::corrupt, "memo(" + std::string{bytes_->kind()} + "): a stored record is no use (" +
                                                        std::string{to_string(why)} + "); it was removed, and the call runs"}));
}

void record_store::read(key_view const& key, found_record const& at, duration asked) {
    auto const now = time(asked);
    if (at.made.fresh(now))
        hits_.fetch_add(1, std::memory_order_relaxed);
    if (at.read.times.idle == duration::max())
        return;
    auto times = at.read.times;
    times.read = now;
    guarded(key, [&] { return amend(key, at, times, now); });
}

void record_store::spoiled(key_view const& key, found_record const& at) {
    guarded(key, [&] { return drop(key, at.bytes, flaw::undecodable), true; });
}

store_outcome record_store::set(key_view const& key, terms const& kept, std::string_view payload) {
    auto const bytes = write(key, kept, payload);
    auto const left = lifetime(stands({kept.created, kept.ttl, kept.grace, kept.idle, kept.created, kept.created}), clock_.now());
    digits room;
    bool const stored = bytes_->set(name_of(key, room), {bytes, kept.tags, left});
    revoke_if([&](lease const& flying) { return flying.key() == key; });
    return stored ? store_outcome::stored : store_outcome::too_heavy;
}

bool record_store::amend(key_view const& key, found_record const& at, record_times const& times, duration now) {
    auto fresh = at.read;
    fresh.times = times;
    auto const left = lifetime(stands(times), now);
    auto const bytes = write_record(fresh);
    std::vector<std::string> const tags(fresh.tags.begin(), fresh.tags.end());
    digits room;
    return bytes_->amend(name_of(key, room), {bytes, tags, left}, seal_of(at.bytes));
}

evicted record_store::erase(std::span<key_view const> keys) {
    std::vector<digits> rooms(keys.size());
    std::vector<entry_name> names;
    names.reserve(keys.size());
    for (auto const& key : keys)
        names.push_back(name_of(key, rooms[names.size()]));
    auto const erase_all = [&] { return bytes_->erase(names); };
    auto const gone = names.size() == 1 ? erase_all() : bytes_->fence().raised_for(erase_all);
    revoke(keys);
    if (gone.count() == keys.size())
        for (auto const& key : keys)
            watcher_->removed(key, evict_cause::explicit_);
    return count_gone(gone, evict_cause::explicit_);
}

void record_store::revoke(std::span<key_view const> keys) noexcept {
    graveyard dead;
    std::lock_guard const lock{mutex_};
    for (auto const& key : keys)
        leases_.revoke_at(key.place, [&](lease const& flying) { return flying.key() == key; }, dead);
}

evicted record_store::erase_text(std::uint64_t, std::string_view text, reach far) {
    entry_name const at{family_, text};
    auto const gone = far == reach::here || !readable_ ? evicted{} : bytes_->erase({&at, 1});
    revoke_if([&](lease const& flying) { return flying.key().text == text; });
    return count_gone(gone, evict_cause::explicit_);
}

evicted record_store::erase_tag(std::string_view tag, reach far) {
    auto const gone = far == reach::here ? evicted{} : bytes_->fence().raised_for([&] { return bytes_->erase_tag(tag); });
    revoke_if([&](lease const& flying) { return std::ranges::find(flying.tags(), tag) != flying.tags().end(); });
    return count_gone(gone, evict_cause::tag);
}

evicted record_store::erase_pattern(std::string_view glob, reach far) {
    auto const gone = far == reach::here ? evicted{} : bytes_->fence().raised_for([&] { return bytes_->erase_pattern(scope_, glob); });
    revoke_if([&](lease const& flying) { return glob_match(glob, flying.key().text); });
    return count_gone(gone, evict_cause::pattern);
}

evicted record_store::erase_all(reach far) {
    auto const gone = far == reach::here ? evicted{} : bytes_->fence().raised_for([&] { return bytes_->erase_all(scope_); });
    revoke_if([](lease const&) { return true; });
    return count_gone(gone, evict_cause::cleared);
}

evicted record_store::count_gone(evicted gone, evict_cause cause) {
    gone_[static_cast<std::size_t>(cause)].fetch_add(gone.count(), std::memory_order_relaxed);
    if (!gone.confirmed())
        watcher_->faulted({}, std::make_exception_ptr(connection_error{
                                  "memo(" + std::string{bytes_->kind()} + "): an eviction was not confirmed, it " +
                                  (gone.failed() ? "failed" : "may or may not have been carried out") +
                                  "; evict again when the store answers"}));
    return gone;
}

template <class Pred>
void record_store::revoke_if(Pred chosen) noexcept {
    graveyard dead;
    std::lock_guard const lock{mutex_};
    leases_.revoke_if(chosen, dead);
}

bool record_store::touch(key_view const& key, std::optional<duration> ttl, duration now) {
    return guarded(key, [&] {
        for (unsigned tries = 0; tries != most_tries; ++tries) {
            auto const at = find(key, now);
            if (!at || !at->made.fresh(now))
                return false;
            if (ttl && *ttl <= duration::zero())
                return erase(key), true;
            auto times = at->read.times;
            times.ttl = ttl.value_or(times.ttl);
            times.touched = times.read = now;
            if (amend(key, *at, times, now))
                return true;
        }
        return false;
    });
}

std::size_t record_store::size() const {
    return guarded({}, [&] { return bytes_->count(scope_); });
}

void record_store::count_into(stats& sum) const {
    sum.hits += hits_.load(std::memory_order_relaxed);
    for (std::size_t cause = 0; cause != evict_causes; ++cause)
        sum.evictions_by_cause[cause] += gone_[cause].load(std::memory_order_relaxed);
    sum.expirations = sum.evictions_by_cause[static_cast<std::size_t>(evict_cause::expired)];
    sum.evictions = std::accumulate(sum.evictions_by_cause.begin(), sum.evictions_by_cause.end(), std::uint64_t{}) - sum.expirations;
    if (!bytes_->abilities().counts)
        return;
    try {
        sum.items += bytes_->count(scope_);
    } catch (error const&) {  // then nobody knows
    }
}

bool record_store::validate() const {
    std::lock_guard const lock{mutex_};
    return leases_.validate([](std::uint64_t) { return true; }, [](key_view const&) { return false; });
}

entry_name record_store::name_of(key_view const& key, digits& room) const {
    if (readable_)
        return {family_, key.text};
    auto const text = hex(digest_of(key.identity));
    std::ranges::copy(text, room.begin());
    return {family_, {room.data(), room.size()}};
}

std::string record_store::write(key_view const& key, terms const& kept, std::string_view payload, record_label const& label) const {
    record fresh;
    fresh.type = type_ == 0 ? label.type : type_;
    fresh.family = owner_;
    fresh.identity = key.identity;
    fresh.times = {kept.created, kept.ttl, kept.grace, kept.idle, kept.created, kept.created, kept.cost};
    fresh.tags.assign(kept.tags.begin(), kept.tags.end());
    fresh.metadata = label.metadata;
    fresh.payload = payload;
    return write_record(fresh);
}

duration record_store::lifetime(vintage const& made, duration now) const noexcept {
    constexpr duration least = std::chrono::milliseconds{1};
    return injected_clock_ || made.gone_at == duration::max() ? duration::max() : std::max(between(now, made.gone_at), least);
}

void record_store::after_fork(fork_side side) noexcept {
    graveyard dead;
    leases_.revoke_if([&](lease& flying) { return side == fork_side::child && !flying.survive_fork(); }, dead);
    mutex_.unlock();
}

}  // namespace memo::detail
