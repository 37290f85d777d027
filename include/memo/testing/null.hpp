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
#include <optional>
#include <string_view>

namespace memo::testing {

/// Takes the place of `Store` and keeps nothing: every call is a miss, none joins another, every eviction is confirmed.
///
/// Threads: any.
template <class Store>
class null {
public:
    using value_type = typename Store::value_type;

    template <class... A>
    explicit null(A const&...) noexcept {}

    std::optional<value_type> get(detail::key_view const&, duration) { return std::nullopt; }
    std::optional<value_type> peek(detail::key_view const&, duration) { return std::nullopt; }
    std::optional<detail::recalled<value_type>> recall(detail::key_view const&, duration) { return std::nullopt; }
    std::optional<detail::entry_facts> facts(detail::key_view const&, duration) { return std::nullopt; }

    void open(std::shared_ptr<detail::lease> const&, bool) {}
    bool renew(std::shared_ptr<detail::lease> const&, bool) { return true; }
    detail::started<value_type> begin(std::shared_ptr<detail::lease> const&, duration, bool) { return {}; }
    detail::store_outcome commit(detail::lease&, value_type const&, detail::terms const&, std::size_t) { return refusal; }
    void abandon(detail::lease&) noexcept {}
    void relieve(detail::lease&) noexcept {}
    void postpone(detail::lease const&, duration) noexcept {}
    detail::store_outcome set(detail::key_view const&, value_type const&, detail::terms const&, std::size_t) { return refusal; }

    evicted erase(detail::key_view const&) { return {}; }
    evicted erase_text(std::uint64_t, std::string_view, detail::reach = {}) { return {}; }
    evicted erase_tag(std::string_view, detail::reach = {}) { return {}; }
    evicted erase_pattern(std::string_view, detail::reach = {}) { return {}; }
    evicted erase_all(detail::reach = {}) { return {}; }
    evicted erase_group(std::string_view) { return {}; }

    bool touch(detail::key_view const&, duration, duration) { return false; }
    void sweep(duration) {}
    bool timed() const noexcept { return false; }
    std::size_t size() const noexcept { return 0; }
    void count_into(stats&) const noexcept {}
    bool validate() const noexcept { return true; }
    static std::size_t footprint(detail::key_view const&, detail::terms const&, std::size_t) noexcept { return 0; }

private:
    static constexpr auto refusal = detail::store_outcome::too_heavy;
};

}  // namespace memo::testing
