#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/lease.hpp>
#include <memo/testing/law_broken.hpp>

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::testing {

/// Makes results that differ from one another, of numbers: `Held` itself, or a `shared_ptr` to what a number or its
/// text makes.
template <class Held>
struct numbered_result {
    Held operator()(int number) const { return Held(number); }
};

template <class T>
struct numbered_result<std::shared_ptr<T const>> {
    std::shared_ptr<T const> operator()(int number) const {
        if constexpr (std::constructible_from<T, std::string>)
            return std::make_shared<T const>(std::to_string(number));
        else
            return std::make_shared<T const>(T(number));
    }
};

}  // namespace memo::testing

namespace memo::detail {

/// What the laws of stores are told in: keys, terms, leases, and a verdict with the law's name in front. A group of laws
/// derives from it.
template <class Store, class Make, class Result>
class store_trial {
public:
    using held = typename Store::value_type;

    store_trial(Make& make, Result& result) : make_{make}, result_{result} {}

protected:
    /// Entries have one name each in a store that others share: their text, so that two keys of one text take turns.
    static constexpr bool is_shared = requires { Store::is_shared; };
    static constexpr duration now = std::chrono::microseconds{1};
    static constexpr duration second = std::chrono::seconds{1};
    static constexpr key_view users{7, "users", "k:users"};
    static constexpr key_view same_place{7, "orgs", "k:orgs"};
    static constexpr key_view same_text{7, "users, too", "k:users"};
    static constexpr key_view same_identity{8, "users", "k:others"};
    static constexpr key_view nameless{9, "nameless", ""};

    /// One law, of a store of its own.
    template <class Check>
    void law(std::string_view name, Check check) {
        name_ = name;
        Store store = make_();
        check(store);
        expect(store.validate(), "`validate` returned false; mend the store, or `validate`");
    }

    static std::shared_ptr<lease> lease_of(key_view const& key) {
        return std::make_shared<lease>(key, std::vector<std::string>{});
    }

    std::shared_ptr<lease> lead(Store& store, key_view const& key) {
        auto mine = lease_of(key);
        auto const start = store.begin(mine, now, true);
        expect(!start.hit && start.joined == nullptr && mine->standing(),
               "the first run of a key does not lead; leave its lease standing, and return nothing");
        return mine;
    }

    store_outcome commit(Store& store, std::shared_ptr<lease> const& mine, int number) {
        auto kept = living(duration::max());
        kept.tags = mine->tags();
        return store.commit(*mine, result_(number), std::move(kept), 0);
    }

    void put(Store& store, key_view const& key, int number) { put(store, key, number, living(duration::max())); }
    void put(Store& store, key_view const& key, int number, terms kept) {
        expect(store.set(key, result_(number), std::move(kept), 0) == store_outcome::stored, "a result was not stored");
    }

    static terms living(duration ttl, duration grace = {}) {
        terms kept;
        kept.created = now;
        kept.ttl = ttl;
        kept.grace = grace;
        kept.weight = 1;
        return kept;
    }

    static terms tagged(std::vector<std::string> tags) {
        auto kept = living(duration::max());
        kept.tags = std::move(tags);
        return kept;
    }

    /// Each way to evict the key `users` with the tag a.
    std::vector<std::function<evicted()>> evictions(Store& store) const {
        return {
            [&store] { return store.erase(users); },
            [&store] { return store.erase_text(users.place, users.text); },
            [&store] { return store.erase_tag("a"); },
            [&store] { return store.erase_pattern("k:user?"); },
        };
    }

    static stats sum(Store const& store) {
        stats counted;
        store.count_into(counted);
        return counted;
    }

    bool is(std::optional<held> const& got, int number) const {
        if constexpr (requires(held const& one) { *one == *one; })
            return got && *got != nullptr && **got == *result_(number);
        else
            return got && *got == result_(number);
    }
    bool is(std::optional<recalled<held>> const& got, int number) const {
        return got && is(std::optional<held>{got->result}, number);
    }

    void expect(bool kept, std::string_view what) const {
        if (!kept)
            throw testing::law_broken{"store_laws(" + std::string{name_} + "): " + std::string{what}};
    }

    Make& make_;
    Result& result_;

private:
    std::string_view name_;
};

}  // namespace memo::detail
