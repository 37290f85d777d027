#pragma once

#include <memo/base/error.hpp>
#include <memo/testing/decorated.hpp>
#include <memo/testing/faulty_store.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace memo::testing {

using memo::fault;

/// When the operations of the `faulty` stores fail that are made on this thread while it lives. A failing operation throws
/// `connection_error`; `abandon`, `relieve` and `postpone` never fail, as they must not.
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
class faulty : public decorated<Store, faulty<Store>> {
    using base = decorated<Store, faulty<Store>>;
    friend base;

public:
    template <class... A>
    explicit faulty(A&&... store) : base{std::forward<A>(store)...}, faults_{fault_plan::in_scope()} {}

private:
    template <class Fn>
    auto around(store_operation what, Fn const& fn) {
        auto const strikes = faults_->strikes(what);
        if (strikes && faults_->when == fault::before_effect)
            fail();
        auto done = fn();
        if (strikes)
            fail();
        return done;
    }
    template <class Fn>
    void around_safely(store_operation, Fn const& fn) noexcept {
        fn();
    }
    [[noreturn]] static void fail() {
        throw connection_error{"memo::testing::faulty: the store failed, as planned; nothing to do"};
    }

    std::shared_ptr<fault_plan::faults> faults_;
};

}  // namespace memo::testing
