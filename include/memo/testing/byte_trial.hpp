#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/evicted.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/testing/law_broken.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <latch>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace memo::detail {

/// What the laws of byte stores get from whoever runs them.
struct byte_workshop {
    std::function<shared_store()> make;                      ///< a fresh store
    std::function<void(duration)> pass;                      ///< lets so much of the time go by that its lifetimes are told in
    std::function<shared_store(shared_store const&)> again;  ///< another handle on the same store; may be empty
};

/// What the laws of byte stores are told in. A group of laws derives from it.
class byte_trial {
public:
    explicit byte_trial(byte_workshop const& workshop) : workshop_{workshop} {}

protected:
    static constexpr duration millisecond = std::chrono::milliseconds{1};
    static constexpr duration hour = std::chrono::hours{1};
    static constexpr entry_name user{"c", "user:1"};
    static constexpr entry_name other{"c", "user:2"};
    static constexpr entry_name elsewhere{"f:users.get:3:1a", "user:1"};
    static constexpr entry_name hashed{"f:users.get:3:1a#", "user:1"};

    /// One law, of a store of its own.
    template <class Check>
    void law(std::string_view name, Check check) {
        name_ = name;
        auto const store = workshop_.make();
        check(*store);
    }

    /// Throws law_broken with the name of the law in front.
    void expect(bool kept, std::string_view what) const {
        if (!kept)
            throw testing::law_broken{"byte_store_laws(" + std::string{name_} + "): " + std::string{what}};
    }

    /// A record that differs from others in its number, its seal, too.
    static std::string record(int number, std::size_t size = 64) {
        auto const seal = std::to_string(number);
        std::string bytes(size < seal_size ? seal_size : size, static_cast<char>('a' + number % 26));
        bytes.replace(bytes.size() - seal_size, seal_size, std::string(seal_size - seal.size(), '.') + seal);
        return bytes;
    }
    static bool is(std::optional<std::string> const& got, int number) { return got && *got == record(number); }

    void put(byte_store& store, entry_name at, int number, std::vector<std::string> const& tags = {},
             duration lifetime = duration::max()) const {
        auto const bytes = record(number);
        expect(store.set(at, {bytes, tags, lifetime}), "`set` refused a small record; store it and return true");
    }

    static std::string seal(int number) { return std::string{seal_of(record(number))}; }

    run_ticket lead(byte_store& store, entry_name at, std::vector<std::string> const& tags = {}) const {
        auto const mine = store.lead(at, tags);
        expect(mine != 0, "`lead` gave no ticket; it gives one whatever is stored, and 0 is none");
        return mine;
    }

    committed commit(byte_store& store, entry_name at, run_ticket mine, int number, std::vector<std::string> const& tags = {},
                     duration lifetime = duration::max()) const {
        auto const bytes = record(number);
        return store.commit(at, mine, {bytes, tags, lifetime});
    }

    static evicted erase(byte_store& store, entry_name at) { return store.erase(std::span{&at, 1}); }

    void expect_evicted(evicted got, std::size_t count, std::string_view what) const {
        expect(got.confirmed(), "an eviction of a healthy store was not confirmed; confirm it once it is done");
        expect(got.count() == count, what);
    }

    /// A way to evict the entry `at`, which has the tag `group`.
    using eviction = std::function<evicted(byte_store&)>;
    static std::vector<eviction> evictions(byte_store& store, entry_name at) {
        std::vector<eviction> all{
            [at](byte_store& from) { return erase(from, at); },
            [at](byte_store& from) {
                entry_name const several[]{{"c", "nobody"}, at, {"c", "nobody, too"}};
                return from.erase(several);
            },
            [at](byte_store& from) { return from.erase_all(at.family); },
            [at](byte_store& from) { return from.erase_all(at.family.substr(0, 1)); },
            [](byte_store& from) { return from.erase_all({}); },
        };
        if (store.abilities().tags)
            all.push_back([](byte_store& from) { return from.erase_tag("group"); });
        if (store.abilities().patterns && at.readable()) {
            all.push_back([at](byte_store& from) { return from.erase_text({}, at.name); });
            all.push_back([at](byte_store& from) { return from.erase_text(at.family, at.name); });
            all.push_back([at](byte_store& from) { return from.erase_pattern(at.family, "user:*"); });
            all.push_back([](byte_store& from) { return from.erase_pattern({}, "*:[0-9]"); });
        }
        return all;
    }

    /// All begin at once; `over` is said when the first of them, thread 0, ends, or when one throws, which is thrown on.
    template <class Work>
    static void in_threads(int count, Work work) {
        std::latch here{count};
        std::atomic<bool> over{false};
        std::atomic<bool> thrown{false};
        std::exception_ptr error;
        auto const run = [&](int thread) {
            here.arrive_and_wait();
            try {
                work(thread, over);
            } catch (...) {
                over = true;
                if (!thrown.exchange(true))
                    error = std::current_exception();
            }
            if (thread == 0)
                over = true;
        };
        {
            std::vector<std::jthread> threads;
            for (int thread = 0; thread != count; ++thread)
                threads.emplace_back(run, thread);
        }
        if (error)
            std::rethrow_exception(error);
    }

    byte_workshop const& workshop_;

private:
    std::string_view name_;
};

}  // namespace memo::detail
