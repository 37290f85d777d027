#pragma once

#include "store/sample.hpp"

#include <memo/base/event.hpp>
#include <memo/policy/sieve.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/memory.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <vector>

/// Threads that use one store together.
namespace crowd {

using memo::duration;
using memo::detail::store_outcome;

/// Counts the entries that all stores hold at this instant, over all shards. Its touches take no lock.
struct counting_order : memo::sieve_order {
    void admit(hook& entry) noexcept {
        auto const now_held = held.fetch_add(1) + 1;
        for (auto before = most.load(); before < now_held && !most.compare_exchange_weak(before, now_held);) {
        }
        memo::sieve_order::admit(entry);
    }
    void forget(hook& entry) noexcept {
        memo::sieve_order::forget(entry);
        held.fetch_sub(1);
    }

    static inline std::atomic<std::size_t> held{0};
    static inline std::atomic<std::size_t> most{0};
};

class counting_watcher final : public memo::detail::store_watcher {
public:
    void removed(memo::detail::key_view const&, memo::evict_cause) noexcept override { seen.fetch_add(1); }
    std::atomic<std::size_t> seen{0};
};

using store = memo::detail::memory_store<sample::text_ptr, counting_order>;

/// One thread's part: every verb, at random, on few keys. Returns: how many results it stored.
inline std::size_t work(store& shared, unsigned seed, std::size_t weight) {
    std::minstd_rand chance{seed};
    std::size_t stored = 0;
    std::vector<std::shared_ptr<memo::detail::lease>> runs;
    for (int round = 0; round != 8'000; ++round) {
        sample::key const at{chance() % 60};
        duration const now{round};
        auto kept = sample::living(now, chance() % 3 == 0 ? duration{50} : duration::max());
        kept.grace = duration{chance() % 2 * 20};
        kept.weight = weight;
        kept.tags = {"t" + std::to_string(chance() % 4)};
        auto const result = sample::result<sample::text_ptr>(round);
        switch (chance() % 16) {
            case 0:
            case 1:
                stored += shared.set(at, result, kept, 0) == store_outcome::stored;
                break;
            case 2:
            case 3:
                runs.push_back(sample::lease_for(at, kept.tags));
                if (auto const start = shared.begin(runs.back(), now, true); start.hit || start.joined != nullptr)
                    runs.pop_back();
                break;
            case 4:
            case 5:
                if (!runs.empty()) {
                    kept.tags = runs.back()->tags();
                    stored += shared.commit(*runs.back(), result, kept, 0) == store_outcome::stored;
                    runs.pop_back();
                }
                break;
            case 6:
                shared.get(at, now);
                break;
            case 7:
                chance() % 8 == 0 ? shared.erase_tag(kept.tags[0]) : shared.erase(at);
                break;
            case 8:
                shared.touch(at, duration{chance() % 4 * 10}, now);
                break;
            case 9:
                chance() % 8 == 0 ? shared.erase_all()
                                  : shared.erase_if(memo::evict_cause::pattern, [](auto const& of) { return of.text == "k:7"; });
                break;
            case 10:
                shared.facts(at, now);
                break;
            case 11:
                shared.recall(at, now);
                break;
            case 12:
                runs.push_back(sample::lease_for(at, kept.tags));
                if (!shared.renew(runs.back(), true)) runs.pop_back();
                break;
            case 13:
                if (!runs.empty()) shared.relieve(*runs.front());
                break;
            case 14:
                if (!runs.empty()) shared.postpone(*runs.front(), now + duration{10});
                break;
            default:
                shared.sweep(now);
        }
    }
    for (auto const& mine : runs) shared.abandon(*mine);
    return stored;
}

}  // namespace crowd
