#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/glob.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/testing/byte_trial.hpp>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {

/// Of `byte_store_laws`: evictions take what they mean, all of it, nothing else, and count it.
class byte_eviction_laws : byte_trial {
public:
    using byte_trial::byte_trial;

    void run() {
        law("every eviction takes the entry", [this](byte_store& store) { all_take(store); });
        law("scopes are the beginnings of families", [this](byte_store& store) { scopes(store); });
        if (workshop_.make()->abilities().tags) {
            law("tags", [this](byte_store& store) { tags(store); });
            law("tags go with the record", [this](byte_store& store) { tags_go(store); });
        }
        if (workshop_.make()->abilities().patterns) {
            law("texts", [this](byte_store& store) { texts(store); });
            law("patterns", [this](byte_store& store) { patterns(store); });
            law("patterns mean what glob_match says", [this](byte_store& store) { random_patterns(store); });
        }
    }

private:
    void all_take(byte_store& store) {
        for (auto const at : {user, elsewhere, hashed})
            for (auto const& evict : evictions(store, at)) {
                put(store, at, 1, {"group"});
                auto const gone = evict(store);
                expect(gone.confirmed() && gone.count() >= 1,
                       "an eviction did not take the entry that it means; remove it and count it");
                expect(!store.get(at), "an eviction that was confirmed left the entry; remove it first");
                expect(evict(store).count() == 0, "an eviction counted what had gone before; count the entries that went");
            }
    }

    void scopes(byte_store& store) {
        std::vector<std::string> const families{"c",         "c:2",      "d",      "f:a:1:77", "f:a:1:77#", "f:a:10:77",
                                                "f:ab:1:77", "f:a:1:78", "f:a:1:", "*",        "f:%:1",     ""};
        auto const fill = [&] {
            for (std::size_t place = 0; place != families.size(); ++place)
                for (std::string_view const name : {"one", "two"}) put(store, {families[place], name}, static_cast<int>(place));
        };
        for (std::string_view const scope :
             {"c", "c:", "d", "f:a:1:", "f:a:1:77", "f:a:1:77#", "f:a", "f:", "*", "f:%", "f:_", "nothing", "C", ""}) {
            fill();
            std::size_t within = 0;
            for (auto const& family : families) within += family.starts_with(scope) ? 2U : 0U;
            if (store.abilities().counts)
                expect(store.count(scope) == within,
                       "`count` miscounts a scope; it is the entries of all families that begin with it");
            expect_evicted(store.erase_all(scope), within,
                           "`erase_all` miscounted; a scope is all families that begin with it, digests too");
            for (auto const& family : families)
                expect(family.starts_with(scope) == !store.get({family, "one"}) &&
                           family.starts_with(scope) == !store.get({family, "two"}),
                       "`erase_all` took a family that does not begin with the scope, or left one that does; compare bytes, "
                       "nothing is a wildcard");
        }
    }

    void tags(byte_store& store) {
        put(store, user, 1, {"users", "org:7"});
        put(store, other, 2, {"users"});
        put(store, elsewhere, 3, {"org:7", "org:7", "users "});
        put(store, hashed, 4, {"org:7"});
        put(store, {"c", "none"}, 5);
        for (std::string_view const wrong : {"user", "Users", "user*", "org:*", "", "org:7 "})
            expect_evicted(store.erase_tag(wrong), 0,
                           "a tag reached entries that do not have it; tags are compared, byte by byte");
        expect_evicted(store.erase_tag("org:7"), 3,
                       "a tag miscounted; it reaches every family, readable or not, and an entry that has it twice goes once");
        expect(!store.get(user) && !store.get(elsewhere) && !store.get(hashed) && is(store.get(other), 2) &&
                   is(store.get({"c", "none"}), 5),
               "a tag took an entry that does not have it, or left one that does; take all of the group and nobody else");
        expect_evicted(store.erase_tag("users"), 1, "an entry stayed in a group after it had gone; it leaves all of its groups");
        std::vector<std::string> many;
        std::string odd("\0*?\r\n[a]\\:", 10);
        many.push_back(odd);
        many.push_back(std::string(1000, 't'));
        for (int number = 0; number != 30; ++number) many.push_back("tag:" + std::to_string(number));
        for (auto const& tag : many) {
            put(store, user, 1, many);
            expect_evicted(store.erase_tag(tag), 1, "one of many tags did not reach its entry; keep all of them, of any bytes");
        }
        for (int number = 0; number != 300; ++number)
            put(store, {number % 2 == 0 ? "c" : "f:x:1:1#", std::to_string(number)}, number,
                {"large", "part:" + std::to_string(number % 3)});
        expect_evicted(store.erase_tag("part:1"), 100, "a tag of many entries miscounted; take all of them");
        expect_evicted(store.erase_tag("large"), 200, "a tag of many entries miscounted; take all of them");
    }

    void tags_go(byte_store& store) {
        auto const has = [&](std::string_view tag, bool had) {
            expect_evicted(store.erase_tag(tag), had ? 1 : 0,
                           "tags are others than those that the record was stored with last; every way to store replaces them");
        };
        put(store, user, 1, {"a"});
        put(store, user, 2, {"b"});
        has("a", false);
        has("b", true);
        put(store, user, 1, {"a"});
        auto const bytes = record(2);
        std::vector<std::string> const fresh{"b"};
        store.add(user, {bytes, fresh}, seal(1));
        has("a", false);
        has("b", true);
        put(store, user, 1, {"a"});
        store.amend(user, {bytes, fresh}, seal(1));
        has("a", false);
        has("b", true);
        put(store, user, 1, {"a"});
        commit(store, user, lead(store, user, {"c"}), 2, {"b"});
        has("a", false);
        has("c", false);
        has("b", true);
        put(store, user, 1, {"a"});
        store.discard(user, seal(1));
        put(store, user, 1);
        has("a", false);
        put(store, user, 1, {"a"});
        erase(store, user);
        put(store, user, 1);
        has("a", false);
        put(store, user, 1, {"a"}, millisecond);
        workshop_.pass(10 * millisecond);
        put(store, user, 1);
        has("a", false);
        expect(is(store.get(user), 1), "a tag reached a record that was stored without it; tags go with the record");
    }

    void texts(byte_store& store) {
        std::vector<entry_name> const all{
            user, other, elsewhere, hashed, {"c", "user:*"}, {"f:orgs:1:1", "user:1"}, {"c", "user:1 "}, {"c", ""}};
        auto const fill = [&] {
            for (std::size_t place = 0; place != all.size(); ++place) put(store, all[place], static_cast<int>(place));
        };
        fill();
        expect_evicted(store.erase_text("f:", "user:1"), 2,
                       "`erase_text` miscounted; it takes the readable names within its scope that are the text");
        expect(is(store.get(user), 0), "`erase_text` left its scope; a scope is the beginning of families");
        fill();
        expect_evicted(store.erase_text({}, "user:1"), 3,
                       "`erase_text` miscounted; it takes equal names of all readable families");
        expect(is(store.get(hashed), 3), "`erase_text` reached a family of digests; their names are nothing to be read");
        expect_evicted(store.erase_text({}, "user:*"), 1, "`erase_text` took its text for a pattern; compare bytes");
        expect_evicted(store.erase_text("c", ""), 1, "`erase_text` did not reach the empty name; it is a name");
        expect(is(store.get(other), 1) && is(store.get(all[6]), 6), "`erase_text` took another name; compare bytes");
    }

    void patterns(byte_store& store) {
        std::vector<entry_name> const all{user,           other,     elsewhere,       hashed, {"c", "user:10"}, {"c", "user:*"},
                                          {"c", "org:1"}, {"c", ""}, {"c", "user:\n"}};
        std::vector<std::pair<std::string, std::size_t>> const globs{
            {"*", 8},       {"user:*", 6}, {"user:?", 5},     {"user:[0-9]", 3}, {"user:[^0-9]", 2}, {"user:\\*", 1},
            {"", 1},        {"?", 0},      {"*:1", 3},        {"[u]ser:1*", 3},  {"USER:*", 0},      {"user:[9-0]0", 1},
            {"user:1?", 1}, {"**1**", 4},  {"user:[\\*]", 1}, {"org:1", 1}};
        for (auto const& [glob, matching] : globs) {
            for (std::size_t place = 0; place != all.size(); ++place) put(store, all[place], static_cast<int>(place));
            expect_evicted(store.erase_pattern({}, glob), matching,
                           "`erase_pattern` miscounted; its grammar is that of Redis, and it reaches all readable families");
            for (auto const at : all)
                expect((at.readable() && glob_match(glob, at.name)) == !store.get(at),
                       "`erase_pattern` took a name that does not match, or left one that does");
        }
        for (std::size_t place = 0; place != all.size(); ++place) put(store, all[place], static_cast<int>(place));
        expect_evicted(store.erase_pattern("f", "*"), 1, "`erase_pattern` left its scope; a scope is the beginning of families");
        expect_evicted(store.erase_pattern("c", "user:1"), 1,
                       "`erase_pattern` left its scope; a scope is the beginning of families");
    }

    void random_patterns(byte_store& store) {
        std::mt19937 chance{7};
        auto const text = [&](std::string_view letters) {
            std::string made;
            for (auto length = chance() % 6; made.size() < length;) made += letters[chance() % letters.size()];
            return made;
        };
        for (int round = 0; round != 60; ++round) {
            std::string glob;
            do {
                glob = text("ab*?[]^-\\:");
            } while (glob_fault(glob) != nullptr);
            std::vector<std::string> names;
            for (int number = 0; number != 8; ++number) names.push_back(text("ab[]^-\\*?:"));
            for (auto const& name : names) put(store, {"c", name}, round);
            store.erase_pattern("c", glob);
            for (auto const& name : names)
                expect(glob_match(glob, name) == !store.get({"c", name}),
                       "a pattern means something else than in Redis; match with memo::detail::glob_match");
            expect(store.erase_all({}).confirmed(),
                   "an eviction of a healthy store was not confirmed; confirm it once it is done");
        }
    }
};

}  // namespace memo::detail
