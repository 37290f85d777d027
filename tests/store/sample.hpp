#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/key_view.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/lease.hpp>
#include <memo/store/memory.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the tests of this room put into stores.
namespace sample {

using memo::duration;
using memo::detail::key_view;
using memo::detail::lease;
using memo::detail::memory_limits;
using memo::detail::terms;
using text_ptr = std::shared_ptr<std::string const>;

inline constexpr auto many = std::numeric_limits<std::size_t>::max();
inline constexpr auto unbounded = memory_limits{many, many, true, std::chrono::seconds{60}};

/// A key that owns its bytes. The number is its identity; the text is readable.
struct key {
    std::string identity;
    std::string text;
    std::uint64_t place;

    explicit key(std::uint64_t number, std::uint64_t at)
        : identity{std::to_string(number)}, text{"k:" + identity}, place{at} {}
    explicit key(std::uint64_t number) : key{number, number * 0x9E3779B97F4A7C15} {}

    key_view view() const { return {place, identity, text}; }
    operator key_view() const { return view(); }
};

inline std::shared_ptr<lease> lease_for(key_view const& of, std::vector<std::string> tags = {}) {
    return std::make_shared<lease>(of, std::move(tags));
}

inline terms tagged(std::vector<std::string> tags) {
    terms kept;
    kept.tags = std::move(tags);
    return kept;
}

inline terms weighing(std::size_t weight) {
    terms kept;
    kept.weight = weight;
    return kept;
}

inline terms living(duration created, duration ttl, duration idle = duration::max()) {
    terms kept;
    kept.created = created;
    kept.ttl = ttl;
    kept.idle = idle;
    return kept;
}

template <class Held>
Held result(std::int64_t number) {
    if constexpr (std::is_same_v<Held, text_ptr>)
        return std::make_shared<std::string const>("a text that needs memory of its own: " + std::to_string(number));
    else
        return number;
}

/// Remembers who went, and why.
class witness final : public memo::detail::store_watcher {
public:
    using removal = std::pair<std::string, memo::evict_cause>;

    void removed(memo::detail::key_view const& gone, memo::evict_cause cause) noexcept override {
        seen.emplace_back(gone.identity, cause);
    }

    std::vector<removal> seen;
};

}  // namespace sample
