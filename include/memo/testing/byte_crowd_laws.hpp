#pragma once

#include <memo/base/clock.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/testing/byte_trial.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace memo::detail {

/// Of `byte_store_laws`: with many threads at work, and through several handles, a store is still one store.
class byte_crowd_laws : byte_trial {
public:
    using byte_trial::byte_trial;

    void run() {
        law("fence amid threads", [this](byte_store& store) { fences(store, store); });
        law("one of several adds", [this](byte_store& store) { one_adds(store); });
        law("records are whole", [this](byte_store& store) { records_are_whole(store); });
        if (!workshop_.again) return;
        law("two handles are one store", [this](byte_store&) { handles(); });
        law("fence between handles", [this](byte_store&) {
            auto const near = workshop_.make();
            auto const far = workshop_.again(near);
            fences(*near, *far);
        });
    }

private:
    /// Values tell when they were computed; whoever reads after an eviction finds none from before.
    void fences(byte_store& evicting, byte_store& running) {
        std::atomic<int> source{0};
        std::atomic<bool> stale{false};
        std::vector<std::string> const tags{"group"};
        auto const evicts = evictions(evicting, user);
        in_threads(4, [&](int thread, std::atomic<bool> const& over) {
            if (thread != 0) {
                run_ticket flying = 0;
                while (!over) {
                    auto const start = running.open(user, tags, {}, flying);
                    if (start.mine == 0) {
                        std::this_thread::yield();
                        flying = start.record ? 0 : flying;
                        continue;
                    }
                    flying = start.mine;
                    auto const read = source.load();
                    std::this_thread::yield();
                    commit(running, user, start.mine, read, tags);
                }
                return;
            }
            auto const until = real_time() + 100 * millisecond;
            for (int round = 1; round < 200 || real_time() < until; ++round) {
                source = round;
                evicts[static_cast<std::size_t>(round) % evicts.size()](evicting);
                for (int look = 0; look != 5; ++look) {
                    auto const seen = look % 2 == 0 ? evicting.get(user) : running.get(user);
                    stale = stale || (seen && !is(seen, round));
                }
            }
        });
        expect(!stale, "after an eviction a record was found that was computed before; void tickets with the entry, at once");
    }

    void one_adds(byte_store& store) {
        for (int round = 0; round != 20; ++round) {
            std::atomic<int> added{0};
            std::atomic<int> amended{0};
            std::atomic<int> discarded{0};
            erase(store, user);
            in_threads(3, [&](int thread, auto const&) { added += store.add(user, {record(thread)}, {}); });
            expect(added == 1, "several threads added one name; compare and store under one lock");
            put(store, user, 7);
            in_threads(3, [&](int thread, auto const&) { amended += store.amend(user, {record(10 + thread)}, seal(7)); });
            expect(amended == 1, "several threads amended one record; compare and store under one lock");
            put(store, user, 7);
            in_threads(3, [&](int, auto const&) { discarded += store.discard(user, seal(7)); });
            expect(discarded == 1, "several threads discarded one record; compare and remove under one lock");
        }
    }

    /// Records tell their name; threads use every verb at once, and nobody ever finds half of one or that of another.
    void records_are_whole(byte_store& store) {
        constexpr std::size_t names = 6;
        std::atomic<bool> foreign{false};
        auto const text_of = [](std::size_t number) { return "crowd:" + std::to_string(number); };
        auto const bytes_of = [&](std::size_t number, std::size_t size) {
            return text_of(number) + std::string(size, static_cast<char>('A' + number));
        };
        auto const looks_right = [&](std::size_t number, std::optional<std::string> const& got) {
            auto const text = text_of(number);
            return !got || (got->starts_with(text) &&
                            got->find_first_not_of(static_cast<char>('A' + number), text.size()) == std::string::npos);
        };
        in_threads(4, [&](int thread, auto const&) {
            std::mt19937 chance{static_cast<unsigned>(thread)};
            std::vector<std::string> const tags{"crowd"};
            for (int round = 0; round != 150; ++round) {
                auto const number = chance() % names;
                auto const text = text_of(number);
                entry_name const at{number % 2 == 0 ? "c" : "f:x:1:1#", text};
                auto const bytes = bytes_of(number, 1 + chance() % 3000);
                switch (chance() % 12) {
                    case 0:
                        store.set(at, {bytes, tags});
                        break;
                    case 1:
                        store.add(at, {bytes}, {});
                        break;
                    case 2:
                        erase(store, at);
                        break;
                    case 3:
                        commit_over(store, at, bytes);
                        break;
                    case 4:
                        if (auto const held = store.get(at)) store.amend(at, {bytes, tags}, seal_of(*held));
                        break;
                    case 5:
                        store.erase_all(at.family);
                        break;
                    case 6:
                        if (store.abilities().transactions) store.transact(std::vector<change>{{at, stored_bytes{bytes, tags}}});
                        break;
                    case 7:
                        if (store.abilities().tags) store.erase_tag("crowd");
                        break;
                    default:
                        foreign = foreign || !looks_right(number, store.get(at));
                }
            }
        });
        expect(!foreign, "amid threads a name showed half a record, or that of another; a record comes and goes as a whole");
    }

    static void commit_over(byte_store& store, entry_name at, std::string const& bytes) {
        auto const mine = store.lead(at, {});
        store.commit(at, mine, {bytes});
    }

    void handles() {
        auto const near = workshop_.make();
        auto const far = workshop_.again(near);
        put(*near, user, 1, {"group"});
        expect(is(far->get(user), 1), "what one handle stored another did not find; handles on one store share what is in it");
        expect(is(near->get(user), 1), "a handle lost what it had stored; handles on one store share what is in it");
        put(*far, user, 2, {"group"});
        expect(is(near->get(user), 2), "a handle showed what another had replaced; look at what is stored");
        for (auto const& evict : evictions(*far, user)) {
            put(*near, user, 3, {"group"});
            auto const mine = lead(*near, user, {"group"});
            expect(near->get(user) && far->open(user, {}, seal(3), mine).joined,
                   "a run of one handle was unknown to another; tickets are the store's");
            expect(evict(*far).confirmed() && !near->get(user),
                   "a handle showed what another had evicted; look at what is stored");
            expect(commit(*near, user, mine, 4, {"group"}) == committed::fenced && !far->get(user),
                   "a run of one handle stored over the eviction of another; evictions void everybody's tickets");
        }
    }
};

}  // namespace memo::detail
