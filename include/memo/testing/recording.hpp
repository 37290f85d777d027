#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/lease.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace memo::testing {

/// What a store can be asked to do.
enum class store_operation {
    get, peek, facts, open, begin, commit, abandon, set, erase, erase_text, erase_tag, erase_if, touch, sweep,
};
inline constexpr std::size_t store_operations = 14;

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
class recording {
public:
    using value_type = typename Store::value_type;

    template <class... A>
    explicit recording(A&&... store) : counts_{record::in_scope()}, store_{std::forward<A>(store)...} {}

    auto get(detail::key_view const& key, duration now) { return counted(store_operation::get).get(key, now); }
    auto peek(detail::key_view const& key, duration now) { return counted(store_operation::peek).peek(key, now); }
    auto facts(detail::key_view const& key, duration now) { return counted(store_operation::facts).facts(key, now); }

    void open(std::shared_ptr<detail::lease> const& mine, bool shares) { counted(store_operation::open).open(mine, shares); }
    auto begin(std::shared_ptr<detail::lease> const& mine, duration now, bool shares) {
        return counted(store_operation::begin).begin(mine, now, shares);
    }
    auto commit(detail::lease& mine, value_type result, detail::terms kept, std::size_t owned) {
        return counted(store_operation::commit).commit(mine, std::move(result), std::move(kept), owned);
    }
    void abandon(detail::lease& mine) noexcept { counted(store_operation::abandon).abandon(mine); }

    auto set(detail::key_view const& key, value_type result, detail::terms kept, std::size_t owned) {
        return counted(store_operation::set).set(key, std::move(result), std::move(kept), owned);
    }

    evicted erase(detail::key_view const& key) { return counted(store_operation::erase).erase(key); }
    evicted erase_text(std::uint64_t place, std::string_view text) {
        return counted(store_operation::erase_text).erase_text(place, text);
    }
    evicted erase_tag(std::string_view tag, evict_cause cause = evict_cause::tag) {
        return counted(store_operation::erase_tag).erase_tag(tag, cause);
    }
    evicted erase_if(evict_cause cause, std::function<bool(detail::key_view const&)> const& chosen) {
        return counted(store_operation::erase_if).erase_if(cause, chosen);
    }

    bool touch(detail::key_view const& key, duration ttl, duration now) {
        return counted(store_operation::touch).touch(key, ttl, now);
    }
    void sweep(duration now) { counted(store_operation::sweep).sweep(now); }

    bool timed() const noexcept { return store_.timed(); }
    std::size_t size() const noexcept { return store_.size(); }
    void count_into(stats& sum) const { store_.count_into(sum); }
    bool validate() const { return store_.validate(); }
    static std::size_t footprint(detail::key_view const& key, detail::terms const& kept, std::size_t owned) noexcept {
        return Store::footprint(key, kept, owned);
    }

private:
    Store& counted(store_operation what) noexcept {
        (*counts_)[static_cast<std::size_t>(what)].fetch_add(1);
        return store_;
    }

    std::shared_ptr<record::counts> counts_;
    Store store_;
};

}  // namespace memo::testing
