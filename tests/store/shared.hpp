#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/key_view.hpp>
#include <memo/call/holding.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/encoded.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/lease.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/testing/manual_clock.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Typed stores on a store of bytes, as several processes would have them.
namespace shared {

using namespace std::chrono_literals;
using results = memo::detail::holding<std::int64_t, false>;
using encoded = memo::detail::encoded_store<results>;

inline memo::manual_clock clock_at(memo::duration since_epoch) {
    memo::manual_clock made;
    made.set(memo::manual_clock::time_point{since_epoch});
    return made;
}

struct witness final : memo::detail::store_watcher {
    void removed(memo::detail::key_view const& gone, memo::evict_cause cause) noexcept override {
        seen.emplace_back(gone.text, cause);
    }
    void faulted(memo::detail::key_view const&, std::exception_ptr const& error) noexcept override {
        try {
            std::rethrow_exception(error);
        } catch (std::exception const& fault) {
            faults.emplace_back(fault.what());
        }
    }

    std::vector<std::pair<std::string, memo::evict_cause>> seen;
    std::vector<std::string> faults;
};

/// One store of bytes, and the plan of whoever shares it.
struct place {
    memo::shared_store bytes = memo::memory_bytes_store{};
    memo::manual_clock clock = clock_at(1us);
    witness watcher{};

    memo::detail::store_plan plan() {
        memo::detail::store_plan made;
        made.bytes = bytes.inside();
        made.function = "users.get:1";
        made.readable = true;
        made.injected_clock = true;
        made.clock = memo::detail::time_source{clock};
        return made;
    }
    memo::duration now() const { return clock.now().time_since_epoch(); }
};

inline constexpr memo::detail::key_view users{7, "users", "k:users"};
inline constexpr memo::detail::key_view orgs{8, "orgs", "k:orgs"};

inline std::shared_ptr<memo::detail::lease> lease_of(memo::detail::key_view const& key, std::vector<std::string> tags = {}) {
    return std::make_shared<memo::detail::lease>(key, std::move(tags));
}

inline memo::detail::terms living(memo::duration created, memo::duration ttl = memo::duration::max()) {
    memo::detail::terms kept;
    kept.created = created;
    kept.ttl = ttl;
    return kept;
}

/// Two processes at one store with a run each in flight, of which the one elsewhere began later.
struct two_runs : place {
    encoded here{plan(), &watcher};
    encoded elsewhere{plan(), &watcher};
    std::shared_ptr<memo::detail::lease> early = lease_of(users);
    std::shared_ptr<memo::detail::lease> late = lease_of(users);

    two_runs() {
        here.open(early, true);
        elsewhere.open(late, true);
    }
};

}  // namespace shared
