#include <memo/cache_entries.hpp>

#include <memo/base/clock.hpp>
#include <memo/call/disabled.hpp>
#include <memo/call/flight.hpp>
#include <memo/codec/record.hpp>
#include <memo/store/record_store.hpp>

#include "cache_names.hpp"
#include "cache_terms.hpp"

#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace memo::detail {

/// What a run came to.
struct cache_entries::computed {
    std::uint64_t type;
    bool something = false;
    std::string bytes{};
};

class cache_entries::run final : public flight_base {
public:
    using flight_base::flight_base;

    void succeed(std::shared_ptr<computed const> result) noexcept {
        land([&] { result_ = std::move(result); });
    }
    /// Requires: it has landed. Null when it failed or gave up.
    std::shared_ptr<computed const> const& result() const noexcept { return result_; }

private:
    std::shared_ptr<computed const> result_;
};

/// Whatever fails, nobody waits for the run in vain: others may have joined it.
template <class Fn>
auto cache_entries::entering(run& mine, Fn const& fn) {
    try {
        return fn();
    } catch (...) {
        records_->abandon(mine);
        mine.give_up();
        throw;
    }
}

bool cache_entries::compute(std::string_view key, std::uint64_t type, entry_options const& on, payload_reader const& read,
                            value_maker const& make) {
    check_key(key);
    check_options(on);
    auto const alone = [&] {
        std::string unused;
        return make(unused);
    };
    if (disabled())
        return alone();
    exits.used();
    constexpr unsigned most_waits = 2;
    auto const at = key_of(key);
    for (unsigned waits = 0;;) {
        auto const now = settings_.clock.now();
        auto const answers = [&](found_record const& found) {
            if (!found.made.fresh(now))
                return false;
            if (!read(found.read.payload)) {
                records_->spoiled(at, found);
                return false;
            }
            records_->read(at, found, now);
            tell(event_kind::hit, at);
            return true;
        };
        if (auto const found = records_->find(at, now, type); found && answers(*found))
            return true;
        auto const mine = std::make_shared<run>(departure::at_once, &ledger_, at, stored_tags(on));
        auto start = entering(*mine, [&] { return records_->begin(mine, now, waits < most_waits, answers, type); });
        if (start.hit)
            return true;
        if (start.joined != nullptr && fence_.outdates(*start.joined)) {
            records_->relieve(*start.joined);
            continue;
        }
        ledger_.count(counter::misses);
        if (start.joined == nullptr) {
            fence_.stop(*mine);
            tell(event_kind::miss, at);
            return entering(*mine, [&] { return lead(*mine, type, on, make); });
        }
        ledger_.count(counter::joins);
        tell(event_kind::join, at);
        auto& other = static_cast<run&>(*start.joined);
        if (other.wait(settings_.wait) == arrival::timed_out) {
            records_->relieve(other);
            ++waits;
        } else if (other.error() != nullptr) {
            std::rethrow_exception(other.error());
        } else if (auto const& landed = other.result(); landed != nullptr && landed->type == type) {
            if (!landed->something)
                return false;
            return read(landed->bytes) || alone();
        }
    }
}

bool cache_entries::lead(run& mine, std::uint64_t type, entry_options const& on, value_maker const& make) {
    auto const out = std::make_shared<computed>(computed{type});
    auto const created = settings_.clock.now();
    auto const begun = real_time();
    try {
        out->something = make(out->bytes);
    } catch (...) {
        auto const error = std::current_exception();
        auto const took = real_time() - begun;
        ledger_.count_run(took);
        records_->abandon(mine);
        mine.fail(error);
        ledger_.fail(mine.key(), error, took);
        throw;
    }
    auto const took = real_time() - begun;
    ledger_.count_run(took);
    bool is_stored = false;
    std::exception_ptr failure;
    try {
        auto kept = terms_for(mine.key(), on, settings_, created);
        kept.cost = took;
        if (out->something && kept.ttl > duration::zero())
            is_stored = records_->commit(mine, kept, [&](std::string& bytes) { bytes = out->bytes; }, label_for(type, on)) ==
                        store_outcome::stored;
    } catch (...) {
        failure = std::current_exception();
    }
    if (mine.standing())
        records_->abandon(mine);
    mine.succeed(out);
    if (failure != nullptr)
        ledger_.fail(mine.key(), failure, took);
    else if (out->something)
        stored(mine.key(), is_stored, took);
    return out->something;
}

}  // namespace memo::detail
