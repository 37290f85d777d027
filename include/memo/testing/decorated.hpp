#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/lease.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace memo::testing {

/// What a store can be asked to do.
enum class store_operation {
    get, peek, recall, facts, open, begin, renew, commit, abandon, relieve, postpone, set, erase, erase_text, erase_tag, erase_pattern,
    erase_all, erase_group, touch, sweep,
};
inline constexpr std::size_t store_operations = 20;

/// A store whose operations go through `around(what, fn)`, which carries them out by `fn()`, and through `around_safely(what, fn)`
/// where they must not throw. `Decoration` derives from it and has these two.
///
/// Threads: as `Store` and the decoration.
template <class Store, class Decoration>
class decorated {
    using reach = detail::reach;

public:
    using value_type = typename Store::value_type;

    auto get(detail::key_view const& key, duration now) {
        return around(store_operation::get, [&] { return store_.get(key, now); });
    }
    auto peek(detail::key_view const& key, duration now) {
        return around(store_operation::peek, [&] { return store_.peek(key, now); });
    }
    auto recall(detail::key_view const& key, duration now) {
        return around(store_operation::recall, [&] { return store_.recall(key, now); });
    }
    auto facts(detail::key_view const& key, duration now) {
        return around(store_operation::facts, [&] { return store_.facts(key, now); });
    }

    void open(std::shared_ptr<detail::lease> const& mine, bool shares) {
        around(store_operation::open, [&] { return store_.open(mine, shares), true; });
    }
    auto begin(std::shared_ptr<detail::lease> const& mine, duration now, bool shares) {
        return around(store_operation::begin, [&] { return store_.begin(mine, now, shares); });
    }
    bool renew(std::shared_ptr<detail::lease> const& mine, bool shares) {
        return around(store_operation::renew, [&] { return store_.renew(mine, shares); });
    }
    auto commit(detail::lease& mine, value_type result, detail::terms kept, std::size_t owned) {
        return around(store_operation::commit,
                      [&] { return store_.commit(mine, std::move(result), std::move(kept), owned); });
    }
    void abandon(detail::lease& mine) noexcept {
        around_safely(store_operation::abandon, [&] { store_.abandon(mine); });
    }
    void relieve(detail::lease& slow) noexcept {
        around_safely(store_operation::relieve, [&] { store_.relieve(slow); });
    }
    void postpone(detail::lease const& mine, duration until) noexcept {
        around_safely(store_operation::postpone, [&] { store_.postpone(mine, until); });
    }

    auto set(detail::key_view const& key, value_type result, detail::terms kept, std::size_t owned) {
        return around(store_operation::set, [&] { return store_.set(key, std::move(result), std::move(kept), owned); });
    }

    evicted erase(detail::key_view const& key) {
        return around(store_operation::erase, [&] { return store_.erase(key); });
    }
    evicted erase_text(std::uint64_t place, std::string_view text, reach far = reach::everywhere) {
        return around(store_operation::erase_text, [&] { return store_.erase_text(place, text, far); });
    }
    evicted erase_tag(std::string_view tag, reach far = reach::everywhere) {
        return around(store_operation::erase_tag, [&] { return store_.erase_tag(tag, far); });
    }
    evicted erase_pattern(std::string_view glob, reach far = reach::everywhere) {
        return around(store_operation::erase_pattern, [&] { return store_.erase_pattern(glob, far); });
    }
    evicted erase_all(reach far = reach::everywhere) {
        return around(store_operation::erase_all, [&] { return store_.erase_all(far); });
    }
    evicted erase_group(std::string_view group) {
        return around(store_operation::erase_group, [&] { return store_.erase_group(group); });
    }

    bool touch(detail::key_view const& key, duration ttl, duration now) {
        return around(store_operation::touch, [&] { return store_.touch(key, ttl, now); });
    }
    void sweep(duration now) {
        around(store_operation::sweep, [&] { return store_.sweep(now), true; });
    }

    bool timed() const noexcept { return store_.timed(); }
    std::size_t size() const noexcept { return store_.size(); }
    void count_into(stats& sum) const { store_.count_into(sum); }
    bool validate() const { return store_.validate(); }
    static std::size_t footprint(detail::key_view const& key, detail::terms const& kept, std::size_t owned) noexcept {
        return Store::footprint(key, kept, owned);
    }

protected:
    template <class... A>
    explicit decorated(A&&... store) : store_{std::forward<A>(store)...} {}

private:
    template <class Fn>
    auto around(store_operation what, Fn const& fn) {
        return static_cast<Decoration&>(*this).around(what, fn);
    }
    template <class Fn>
    void around_safely(store_operation what, Fn const& fn) noexcept {
        static_cast<Decoration&>(*this).around_safely(what, fn);
    }

    Store store_;
};

}  // namespace memo::testing
