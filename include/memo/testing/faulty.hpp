#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/lease.hpp>
#include <memo/testing/recording.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace memo::testing {

/// Whether an operation that fails was carried out all the same, as when only the answer is lost.
enum class fault { before_effect, after_effect };

/// When the operations of the `faulty` stores fail that are made on this thread while it lives. A failing operation throws
/// `connection_error`; `abandon` never fails, as it must not.
///
/// Threads: any may change it at any time; it is made and ends on one.
class fault_plan {
public:
    fault_plan() noexcept : outer_{std::exchange(current, this)} {}
    ~fault_plan() { current = outer_; }
    fault_plan(fault_plan const&) = delete;
    fault_plan& operator=(fault_plan const&) = delete;

    /// The `nth` operation from now on fails, 1 is the next; no other does.
    void fail_nth(std::uint64_t nth, fault when = fault::before_effect) noexcept { begin(nth, 0, when); }
    /// Every operation of this kind fails.
    void fail_each(store_operation what, fault when = fault::before_effect) noexcept { begin(0, bit(what), when); }
    void fail_all(fault when = fault::before_effect) noexcept { begin(0, ~std::uint64_t{0}, when); }
    void heal() noexcept { begin(0, 0, fault::before_effect); }

    /// Operations that failed since the plan was last changed.
    std::uint64_t failed() const noexcept { return faults_->failed.load(); }

private:
    template <class Store>
    friend class faulty;

    struct faults {
        std::atomic<std::uint64_t> left{0};
        std::atomic<std::uint64_t> kinds{0};
        std::atomic<fault> when{fault::before_effect};
        std::atomic<std::uint64_t> failed{0};

        bool strikes(store_operation what) noexcept {
            auto const due = (kinds.load() & bit(what)) != 0 || (left.load() != 0 && left.fetch_sub(1) == 1);
            failed.fetch_add(due ? 1 : 0);
            return due;
        }
    };

    static constexpr std::uint64_t bit(store_operation what) noexcept { return std::uint64_t{1} << static_cast<unsigned>(what); }
    static std::shared_ptr<faults> in_scope() { return current == nullptr ? std::make_shared<faults>() : current->faults_; }

    void begin(std::uint64_t nth, std::uint64_t kinds, fault when) noexcept {
        faults_->when = when;
        faults_->kinds = kinds;
        faults_->left = nth;
        faults_->failed = 0;
    }

    static inline thread_local fault_plan* current = nullptr;
    std::shared_ptr<faults> faults_ = std::make_shared<faults>();
    fault_plan* outer_;
};

/// Does what `Store` does, but for what the `fault_plan` says that was in scope when it was made.
///
/// Threads: as `Store`.
template <class Store>
class faulty {
public:
    using value_type = typename Store::value_type;

    template <class... A>
    explicit faulty(A&&... store) : faults_{fault_plan::in_scope()}, store_{std::forward<A>(store)...} {}

    auto get(detail::key_view const& key, duration now) {
        return perhaps(store_operation::get, [&] { return store_.get(key, now); });
    }
    auto peek(detail::key_view const& key, duration now) {
        return perhaps(store_operation::peek, [&] { return store_.peek(key, now); });
    }
    auto facts(detail::key_view const& key, duration now) {
        return perhaps(store_operation::facts, [&] { return store_.facts(key, now); });
    }

    void open(std::shared_ptr<detail::lease> const& mine, bool shares) {
        perhaps(store_operation::open, [&] { return store_.open(mine, shares), true; });
    }
    auto begin(std::shared_ptr<detail::lease> const& mine, duration now, bool shares) {
        return perhaps(store_operation::begin, [&] { return store_.begin(mine, now, shares); });
    }
    auto commit(detail::lease& mine, value_type result, detail::terms kept, std::size_t owned) {
        return perhaps(store_operation::commit,
                       [&] { return store_.commit(mine, std::move(result), std::move(kept), owned); });
    }
    void abandon(detail::lease& mine) noexcept { store_.abandon(mine); }

    auto set(detail::key_view const& key, value_type result, detail::terms kept, std::size_t owned) {
        return perhaps(store_operation::set, [&] { return store_.set(key, std::move(result), std::move(kept), owned); });
    }

    evicted erase(detail::key_view const& key) {
        return perhaps(store_operation::erase, [&] { return store_.erase(key); });
    }
    evicted erase_text(std::uint64_t place, std::string_view text) {
        return perhaps(store_operation::erase_text, [&] { return store_.erase_text(place, text); });
    }
    evicted erase_tag(std::string_view tag, evict_cause cause = evict_cause::tag) {
        return perhaps(store_operation::erase_tag, [&] { return store_.erase_tag(tag, cause); });
    }
    evicted erase_if(evict_cause cause, std::function<bool(detail::key_view const&)> const& chosen) {
        return perhaps(store_operation::erase_if, [&] { return store_.erase_if(cause, chosen); });
    }

    bool touch(detail::key_view const& key, duration ttl, duration now) {
        return perhaps(store_operation::touch, [&] { return store_.touch(key, ttl, now); });
    }
    void sweep(duration now) {
        perhaps(store_operation::sweep, [&] { return store_.sweep(now), true; });
    }

    bool timed() const noexcept { return store_.timed(); }
    std::size_t size() const noexcept { return store_.size(); }
    void count_into(stats& sum) const { store_.count_into(sum); }
    bool validate() const { return store_.validate(); }
    static std::size_t footprint(detail::key_view const& key, detail::terms const& kept, std::size_t owned) noexcept {
        return Store::footprint(key, kept, owned);
    }

private:
    template <class Fn>
    auto perhaps(store_operation what, Fn const& fn) {
        auto const strikes = faults_->strikes(what);
        if (strikes && faults_->when == fault::before_effect)
            fail();
        auto done = fn();
        if (strikes)
            fail();
        return done;
    }
    [[noreturn]] static void fail() {
        throw connection_error{"memo::testing::faulty: the store failed, as planned; nothing to do"};
    }

    std::shared_ptr<fault_plan::faults> faults_;
    Store store_;
};

}  // namespace memo::testing
