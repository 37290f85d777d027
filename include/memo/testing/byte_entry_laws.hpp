#pragma once

#include <memo/base/clock.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/testing/byte_trial.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace memo::detail {

/// Of `byte_store_laws`: what is stored is found under its name, whatever bytes the name and the record are, until it is
/// replaced.
class byte_entry_laws : byte_trial {
public:
    using byte_trial::byte_trial;

    void run() {
        law("an empty store finds nothing", [this](byte_store& store) { finds_nothing(store); });
        law("a record stays until it is replaced", [this](byte_store& store) { records_stay(store); });
        law("names decide", [this](byte_store& store) { names_decide(store); });
        law("any bytes are a name", [this](byte_store& store) { any_bytes_name(store); });
        law("any bytes are a record", [this](byte_store& store) { any_bytes_store(store); });
        law("add", [this](byte_store& store) { adds(store); });
        law("amend", [this](byte_store& store) { amends(store); });
        law("discard", [this](byte_store& store) { discards(store); });
        law("batches are single operations in order", [this](byte_store& store) { batches(store); });
    }

private:
    void finds_nothing(byte_store& store) {
        expect(!store.get(user), "it found a record; `make` must return a fresh store, and `get` nothing for what is not there");
        expect(!store.amend(user, {record(1)}, seal(1)) && !store.discard(user, seal(1)) && !store.get(user),
               "it amended or discarded what is not there; return false and store nothing");
        expect_evicted(erase(store, user), 0, "it evicted what is not there; count the entries that went");
        expect_evicted(store.erase_all({}), 0, "it evicted what is not there; count the entries that went");
        expect(!store.kind().empty(), "`kind` is empty; say one word");
    }

    void records_stay(byte_store& store) {
        put(store, user, 1);
        expect(is(store.get(user), 1) && is(store.get(user), 1), "a record was not found under its name; keep it");
        put(store, user, 2);
        expect(is(store.get(user), 2), "`set` left the record that was there; replace it");
        store.sweep();
        store.flush();
        expect(is(store.get(user), 2), "a record that nobody evicted went with `sweep` or `flush`; keep it");
    }

    void names_decide(byte_store& store) {
        std::vector<entry_name> const all{user,
                                          other,
                                          elsewhere,
                                          hashed,
                                          {"c", ""},
                                          {"", "c"},
                                          {"", ""},
                                          {"cu", "ser:1"},
                                          {"C", "user:1"},
                                          {"c", "user:1 "},
                                          {"c", "USER:1"},
                                          {"c#", "user:1"},
                                          {"f:users.get:3:1", "auser:1"}};
        for (std::size_t place = 0; place != all.size(); ++place) put(store, all[place], static_cast<int>(place));
        for (std::size_t place = 0; place != all.size(); ++place)
            expect(is(store.get(all[place]), static_cast<int>(place)),
                   "a name found the record of another; family and name decide, both, and where one ends and the other begins");
        expect_evicted(erase(store, user), 1, "`erase` miscounted; count the entries that went");
        expect(!store.get(user) && is(store.get(all[7]), 7) && is(store.get(elsewhere), 2),
               "`erase` took another name; compare family and name");
    }

    void any_bytes_name(byte_store& store) {
        std::vector<std::string> texts{"",
                                       " ",
                                       "\r\n",
                                       "a\r\nset b 0 0 1\r\nx",
                                       std::string(1, '\0'),
                                       std::string("a\0b", 3),
                                       "a%00b",
                                       "{a}b",
                                       "a:b:c",
                                       "'; DROP TABLE entries;--",
                                       "*",
                                       "?",
                                       "[a-z]",
                                       "\\",
                                       "\\*",
                                       "[",
                                       "]",
                                       "^",
                                       "a*b?c[d]e\\f",
                                       "\xff\xfe",
                                       "\xc3\xa9",
                                       "../../etc/passwd",
                                       "%",
                                       "_",
                                       std::string(249, 'k'),
                                       std::string(250, 'k'),
                                       std::string(251, 'k'),
                                       std::string(511, 'k'),
                                       std::string(512, 'k'),
                                       std::string(65536, 'k'),
                                       std::string(65535, 'k') + "l"};
        for (int byte = 0; byte != 256; ++byte) texts.push_back("byte" + std::string(1, static_cast<char>(byte)));
        for (auto const in : {0, 1}) {
            auto const named = [&](std::string const& text) { return in == 0 ? entry_name{"c", text} : entry_name{text, "n"}; };
            auto const most = in == 0 ? texts.size() : texts.size() - 2;  // families are short
            for (std::size_t place = 0; place != most; ++place) put(store, named(texts[place]), static_cast<int>(place));
            for (std::size_t place = 0; place != most; ++place)
                expect(is(store.get(named(texts[place])), static_cast<int>(place)),
                       "a name or family of unusual bytes or length lost its record, or found another's; take any bytes, none "
                       "and 64 KiB of them, "
                       "and compare all of them");
            for (std::size_t place = 0; place < most; place += 7)
                expect_evicted(erase(store, named(texts[place])), 1,
                               "a name of unusual bytes or length was not erased, or took others along; names are not patterns");
        }
    }

    void any_bytes_store(byte_store& store) {
        std::string every;
        for (int byte = 0; byte != 256; ++byte) every += static_cast<char>(byte);
        std::vector<std::string> records{std::string{},
                                         std::string(1, '\0'),
                                         "short",
                                         every,
                                         "\r\n$-1\r\n",
                                         std::string(15, 'x'),
                                         std::string(seal_size, 'x'),
                                         std::string(4096, '\0')};
        for (std::size_t size : {std::size_t{1} << 16, (std::size_t{1} << 20) - 1, std::size_t{1} << 20})
            records.push_back(record(7, size).replace(0, every.size(), every));
        for (auto const& bytes : records) {
            expect(store.set(user, {bytes}), "`set` refused a record of 1 MiB or less; store it and return true");
            expect(store.get(user) == std::optional{bytes},
                   "a record came back changed; keep every byte, also of none and of 1 MiB");
        }
    }

    void adds(byte_store& store) {
        expect(store.add(user, {record(1)}, {}) && is(store.get(user), 1),
               "`add` did not store where nothing was; store and return true");
        expect(!store.add(user, {record(2)}, {}) && is(store.get(user), 1),
               "`add` replaced a record that nobody had seen; return false");
        expect(!store.add(user, {record(2)}, seal(3)) && is(store.get(user), 1),
               "`add` replaced a record of another seal; return false");
        expect(store.add(user, {record(2)}, seal(1)) && is(store.get(user), 2),
               "`add` did not replace the record that was seen; replace it");
        erase(store, user);
        expect(store.add(user, {record(3)}, seal(2)) && is(store.get(user), 3),
               "`add` stored nothing where what was seen had gone; store");
    }

    void amends(byte_store& store) {
        put(store, user, 1);
        expect(!store.amend(user, {record(2)}, seal(3)) && !store.amend(user, {record(2)}, {}) && is(store.get(user), 1),
               "`amend` replaced a record of another seal; return false");
        expect(store.amend(user, {record(2)}, seal(1)) && is(store.get(user), 2),
               "`amend` did not replace the record of that seal; replace it");
        expect(!store.amend(user, {record(4)}, seal(1)) && is(store.get(user), 2),
               "`amend` went by a seal that is gone; compare with what is stored");
        expect(!store.amend(other, {record(4)}, seal(2)) && !store.get(other), "`amend` stored under another name; return false");
    }

    void discards(byte_store& store) {
        put(store, user, 1);
        put(store, other, 1);
        expect(!store.discard(user, seal(2)) && !store.discard(user, {}) && is(store.get(user), 1),
               "`discard` removed a record of another seal; return false");
        expect(store.discard(user, seal(1)) && !store.get(user),
               "`discard` did not remove the record of that seal; remove it and return true");
        expect(!store.discard(user, seal(1)), "`discard` removed a record twice; return whether it was there");
        expect(is(store.get(other), 1), "`discard` removed another name; compare names");
    }

    void batches(byte_store& store) {
        expect(store.get_many({}).empty(), "no names led to records; return as many as there are names");
        store.set_many({});
        auto const one = record(1);
        auto const two = record(2);
        auto const three = record(3);
        std::vector<std::string> const tags{"group"};
        std::vector<std::pair<entry_name, stored_bytes>> const all{
            {user, {one, tags}}, {other, {two}}, {elsewhere, {three, tags}}, {user, {two}}, {hashed, {one}}};
        store.set_many(all);
        std::vector<entry_name> const asked{hashed, {"c", "nobody"}, user, user, elsewhere, other, {"nowhere", "user:1"}};
        auto const found = store.get_many(asked);
        expect(found.size() == asked.size(), "`get_many` lost or added places; return one for each name");
        for (std::size_t place = 0; place != asked.size(); ++place)
            expect(found[place] == store.get(asked[place]),
                   "`get_many` says other than `get`; keep the order of the names, twice and unknown ones too");
        expect(is(found[2], 2), "of a name that stands twice in `set_many` the first won; the last one does");
        if (store.abilities().tags) {
            expect_evicted(store.erase_tag("group"), 1,
                           "tags of `set_many` are others than those of its last record; replace the tags, too");
            expect(!store.get(elsewhere) && is(store.get(user), 2),
                   "tags of `set_many` are others than those of its last record; replace the tags, too");
        }
        std::vector<entry_name> const gone{user, {"c", "nobody"}, hashed, user};
        expect_evicted(store.erase(gone), 2,
                       "`erase` of several miscounted; an entry goes once, and who is not there does not count");
        expect(!store.get(user) && !store.get(hashed) && is(store.get(other), 2),
               "`erase` of several took others, or left one; erase each of the names");
    }
};

}  // namespace memo::detail
