#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/base/evicted.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/testing/byte_decoration.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace memo {

/// Whether an operation that fails was carried out all the same, as when only the answer is lost.
enum class fault { before_effect, after_effect };

/// Does what another byte store does, but for what is planned: operations that fail, take their time, or change a byte of a
/// record.
///
///     memo::faulty_store store{memo::memory_bytes_store{}};
///     auto get_user = memo::cached(fetch_user, memo::name("users.get"), memo::store(store));
///     store.fail_all();
///     get_user(42);                      // just runs
///     store.heal();
///
/// What fails throws connection_error; an eviction returns `failed`, and `indeterminate` when it was carried out; `abandon` and
/// `sweep` never fail. Failing, delaying and corrupting are planned apart, and last until planned anew or healed.
///
/// Threads: as the store inside; any may plan at any time.
class faulty_store : public shared_store {
public:
    /// `wait` is how time passes in a delay.
    explicit faulty_store(
        shared_store inside, std::function<void(duration)> wait = [](duration span) { std::this_thread::sleep_for(span); })
        : faulty_store{std::make_shared<saboteur>(std::move(inside), std::move(wait))} {}

    /// The `nth` operation from now on fails, 1 is the next; no other does.
    void fail_nth(std::uint64_t nth, fault when = fault::before_effect) { plan_failures({nth, 0, when}); }
    /// Every operation of this kind fails.
    void fail_each(byte_operation what, fault when = fault::before_effect) { plan_failures({0, bit(what), when}); }
    void fail_all(fault when = fault::before_effect) { plan_failures({0, ~std::uint64_t{0}, when}); }

    /// Every operation takes so much longer, or every one of this kind.
    void delay(duration span) { plan_delays(~std::uint64_t{0}, span); }
    void delay(byte_operation what, duration span) { plan_delays(bit(what), span); }

    /// A bit is another in every record that an operation of this kind reads or writes: in its byte number `place`, counted
    /// round.
    void corrupt(byte_operation what, std::size_t place = 0) {
        std::lock_guard const lock{saboteur_->mutex};
        saboteur_->corrupted = bit(what);
        saboteur_->place = place;
    }

    void heal() {
        std::lock_guard const lock{saboteur_->mutex};
        saboteur_->failing = {};
        saboteur_->delayed = saboteur_->corrupted = 0;
    }

    /// Operations that failed so far.
    std::uint64_t failed() const noexcept { return saboteur_->failed.load(); }

private:
    static constexpr std::uint64_t bit(byte_operation what) noexcept { return std::uint64_t{1} << static_cast<unsigned>(what); }

    struct failures {
        std::uint64_t left = 0;
        std::uint64_t kinds = 0;
        fault when = fault::before_effect;
    };

    struct saboteur final : detail::byte_decoration {
        saboteur(shared_store inside, std::function<void(duration)> waiting)
            : byte_decoration{std::move(inside)}, wait{std::move(waiting)} {}

        std::optional<std::string> get(entry_name at) override { return read(byte_operation::get, byte_decoration::get(at)); }
        std::vector<std::optional<std::string>> get_many(std::span<entry_name const> all) override {
            auto found = byte_decoration::get_many(all);
            for (auto& one : found) one = read(byte_operation::get_many, std::move(one));
            return found;
        }
        opened open(entry_name at, std::span<std::string const> tags, std::string_view seen, run_ticket joining) override {
            auto start = byte_decoration::open(at, tags, seen, joining);
            start.record = read(byte_operation::open, std::move(start.record));
            return start;
        }
        bool set(entry_name at, stored_bytes const& fresh) override {
            return byte_decoration::set(at, written{*this, byte_operation::set, fresh}.bytes);
        }
        bool add(entry_name at, stored_bytes const& fresh, std::string_view seen) override {
            return byte_decoration::add(at, written{*this, byte_operation::add, fresh}.bytes, seen);
        }
        bool amend(entry_name at, stored_bytes const& fresh, std::string_view seen) override {
            return byte_decoration::amend(at, written{*this, byte_operation::amend, fresh}.bytes, seen);
        }
        committed commit(entry_name at, run_ticket mine, stored_bytes const& fresh) override {
            return byte_decoration::commit(at, mine, written{*this, byte_operation::commit, fresh}.bytes);
        }
        void set_many(std::span<std::pair<entry_name, stored_bytes> const> all) override {
            std::vector<std::unique_ptr<written>> kept;
            std::vector<std::pair<entry_name, stored_bytes>> changed;
            for (auto const& [at, fresh] : all)
                changed.emplace_back(at,
                                     kept.emplace_back(std::make_unique<written>(*this, byte_operation::set_many, fresh))->bytes);
            byte_decoration::set_many(changed);
        }
        void transact(std::span<change const> all) override {
            std::vector<std::unique_ptr<written>> kept;
            std::vector<change> changed{all.begin(), all.end()};
            for (auto& step : changed)
                if (step.fresh)
                    step.fresh =
                        kept.emplace_back(std::make_unique<written>(*this, byte_operation::transact, *step.fresh))->bytes;
            byte_decoration::transact(changed);
        }

        void around(byte_operation what, action const& act) override {
            auto const strikes = begin(what);
            if (strikes != fault::before_effect) act();
            if (strikes)
                throw connection_error{"faulty_store(" + std::string{inside_->kind()} +
                                       "): it failed, as planned; nothing to do"};
        }
        evicted around_evict(byte_operation what, eviction const& act) noexcept override {
            auto const strikes = begin(what);
            if (strikes == fault::before_effect) return evicted{0, evicted::outcome::failed};
            auto const gone = act();
            return strikes ? evicted{0, evicted::outcome::indeterminate} : gone;
        }
        void around_quietly(byte_operation, action const& act) noexcept override { act(); }

        /// Takes its time. Returns: how it fails, if it does.
        std::optional<fault> begin(byte_operation what) {
            std::unique_lock lock{mutex};
            auto const due = (failing.kinds & bit(what)) != 0 || (failing.left != 0 && --failing.left == 0);
            auto const strikes = due ? std::optional{failing.when} : std::nullopt;
            auto const late = (delayed & bit(what)) != 0 ? span : duration::zero();
            lock.unlock();
            failed += due ? 1U : 0U;
            if (late > duration::zero()) wait(late);
            return strikes;
        }

        /// The record with a bit changed where that is planned.
        std::optional<std::string> changed(byte_operation what, std::string_view record) {
            std::lock_guard const lock{mutex};
            if ((corrupted & bit(what)) == 0 || record.empty()) return std::nullopt;
            std::string other{record};
            other[place % other.size()] ^= 1;
            return other;
        }
        std::optional<std::string> read(byte_operation what, std::optional<std::string> found) {
            auto other = found ? changed(what, *found) : std::nullopt;
            return other ? other : found;
        }

        /// What is to be stored, maybe changed.
        struct written {
            written(saboteur& by, byte_operation what, stored_bytes const& fresh)
                : other{by.changed(what, fresh.record)}, bytes{fresh} {
                if (other) bytes.record = *other;
            }
            written(written const&) = delete;
            written& operator=(written const&) = delete;

            std::optional<std::string> other;
            stored_bytes bytes;
        };

        std::function<void(duration)> wait;
        std::mutex mutex;
        failures failing;
        std::uint64_t delayed = 0;
        duration span{};
        std::uint64_t corrupted = 0;
        std::size_t place = 0;
        std::atomic<std::uint64_t> failed{0};
    };

    explicit faulty_store(std::shared_ptr<saboteur> inside) : shared_store{inside}, saboteur_{std::move(inside)} {}

    void plan_failures(failures planned) {
        std::lock_guard const lock{saboteur_->mutex};
        saboteur_->failing = planned;
    }
    void plan_delays(std::uint64_t kinds, duration span) {
        std::lock_guard const lock{saboteur_->mutex};
        saboteur_->delayed = kinds;
        saboteur_->span = span;
    }

    std::shared_ptr<saboteur> saboteur_;
};

}  // namespace memo
