#pragma once

#include <memo/testing/decorated.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace memo::testing {

/// Counts the operations of the `recording` stores that are made on this thread while it lives; one that lives inside another
/// takes over.
///
/// Threads: any may ask; it is made and ends on one.
class record {
public:
    record() noexcept : outer_{std::exchange(current, this)} {}
    ~record() { current = outer_; }
    record(record const&) = delete;
    record& operator=(record const&) = delete;

    std::uint64_t count(store_operation what) const noexcept { return (*counts_)[static_cast<std::size_t>(what)].load(); }
    std::uint64_t all() const noexcept {
        std::uint64_t sum = 0;
        for (auto const& one : *counts_)
            sum += one.load();
        return sum;
    }

private:
    template <class Store>
    friend class recording;
    using counts = std::array<std::atomic<std::uint64_t>, store_operations>;

    static std::shared_ptr<counts> in_scope() { return current == nullptr ? std::make_shared<counts>() : current->counts_; }

    static inline thread_local record* current = nullptr;
    std::shared_ptr<counts> counts_ = std::make_shared<counts>();
    record* outer_;
};

/// Does what `Store` does, and counts it in the `record` that was in scope when it was made.
///
/// Threads: as `Store`.
template <class Store>
class recording : public decorated<Store, recording<Store>> {
    using base = decorated<Store, recording<Store>>;
    friend base;

public:
    template <class... A>
    explicit recording(A&&... store) : base{std::forward<A>(store)...}, counts_{record::in_scope()} {}

private:
    template <class Fn>
    auto around(store_operation what, Fn const& fn) {
        (*counts_)[static_cast<std::size_t>(what)].fetch_add(1);
        return fn();
    }
    template <class Fn>
    void around_safely(store_operation what, Fn const& fn) noexcept {
        around(what, fn);
    }

    std::shared_ptr<record::counts> counts_;
};

}  // namespace memo::testing
