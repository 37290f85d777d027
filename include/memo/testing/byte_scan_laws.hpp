#pragma once

#include <memo/base/clock.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/testing/byte_trial.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace memo::detail {

/// Of `byte_store_laws`: what a store tells of what it holds is whole and true.
class byte_scan_laws : byte_trial {
public:
    using byte_trial::byte_trial;

    void run() {
        if (workshop_.make()->abilities().patterns) {
            law("scan", [this](byte_store& store) { scans(store); });
            law("scan while others come and go", [this](byte_store& store) { scans_amid_changes(store); });
        }
        if (workshop_.make()->abilities().counts) law("count", [this](byte_store& store) { counts(store); });
        law("a store tells of itself", [this](byte_store& store) { tells(store); });
    }

private:
    static constexpr int many = 700;

    template <class Between>
    std::set<std::string> all_of(byte_store& store, std::string_view family, std::string_view glob, Between between) const {
        std::set<std::string> names;
        std::string from;
        int pages = 0;
        do {
            auto page = store.scan(family, glob, from);
            names.insert(page.names.begin(), page.names.end());
            from = page.next;
            expect(++pages != 100'000, "`scan` does not end; an empty `next` is the end");
            between(pages);
        } while (!from.empty());
        return names;
    }
    std::set<std::string> all_of(byte_store& store, std::string_view family, std::string_view glob) const {
        return all_of(store, family, glob, [](int) {});
    }

    void scans(byte_store& store) {
        expect(all_of(store, "c", "*").empty(), "`scan` of an empty family found names; end at once");
        std::set<std::string> wanted;
        std::set<std::string> sevens;
        for (int number = 0; number != many; ++number) {
            auto name = "user:" + std::to_string(number);
            put(store, {"c", name}, number);
            if (name.ends_with('7')) sevens.insert(name);
            wanted.insert(std::move(name));
        }
        for (std::string_view const odd : {std::string_view{""}, std::string_view{"a\0\r\n*[", 6}, std::string_view{"\xff"}}) {
            put(store, {"c", odd}, 1);
            wanted.emplace(odd);
        }
        for (std::string_view const family : {"c:", "d", "", "f:c:1:1", "c#"}) put(store, {family, "elsewhere"}, 1);
        expect(all_of(store, "c", "*") == wanted,
               "`scan` is not the names of exactly this family; lose none, and add none of another");
        expect(all_of(store, "c", "user:*7") == sevens,
               "`scan` by a pattern is not the names that match; match with memo::detail::glob_match");
        expect(all_of(store, "c", "nobody*").empty(),
               "`scan` found names that do not match; match with memo::detail::glob_match");
        expect(all_of(store, "c#", "*").empty(), "`scan` showed digests; names of such families are nothing to be read");
        erase(store, {"c", "user:77"});
        sevens.erase("user:77");
        expect(all_of(store, "c", "user:*7") == sevens, "`scan` showed what was erased; show what is there");
    }

    void scans_amid_changes(byte_store& store) {
        for (int number = 0; number != many; ++number) put(store, {"c", "stays:" + std::to_string(number)}, number);
        auto const found = all_of(store, "c", "stays:*", [&](int page) {
            for (int number = 0; number != 20; ++number) {
                auto const name = "passes:" + std::to_string(page % 10 * 20 + number);
                page % 3 == 2 ? void(erase(store, {"c", name})) : put(store, {"c", name}, number);
            }
        });
        expect(found.size() == many, "`scan` lost names that were there all the while; a cursor outlives what comes and goes");
    }

    void counts(byte_store& store) {
        expect(store.count({}) == 0, "an empty store counts entries; count what is there");
        put(store, user, 1);
        put(store, user, 2);
        put(store, other, 1);
        put(store, elsewhere, 1);
        put(store, hashed, 1);
        expect(store.count({}) == 4 && store.count("c") == 2 && store.count("f:users.get:3:") == 2 && store.count("d") == 0,
               "`count` miscounts; an entry counts once, in every scope that its family begins with");
        erase(store, user);
        store.discard(other, seal(1));
        expect(store.count({}) == 2, "`count` counts what is gone; count what is there");
    }

    void tells(byte_store& store) {
        put(store, user, 1);
        auto const facts = store.info();
        for (auto const* const name : {"engine", "version", "address", "entries", "bytes"})
            expect(facts.contains(name) && !facts.at(name).empty(),
                   "`info` lacks one of engine, version, address, entries, bytes; tell them");
        for (auto const* const name : {"entries", "bytes"})
            expect(std::ranges::all_of(facts.at(name), [](char digit) { return digit >= '0' && digit <= '9'; }),
                   "`info` tells entries or bytes in words; give a number");
        expect(store.ping() >= duration::zero(), "`ping` took less than no time; measure it");
        store.flush();
        store.sweep();
    }
};

}  // namespace memo::detail
