#include "folder.hpp"
#include "sqlite/disk.hpp"

#include <memo/store/byte_store.hpp>
#include <memo/store/sqlite.hpp>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr int keys = 24;
constexpr int operations = 400;
constexpr int images = 120;
constexpr std::size_t sector = 512;

using contents = std::map<std::string, std::string>;

std::string name_of(unsigned key) { return "key" + std::to_string(key % keys); }

/// What reached the two files of a store, in order; and which of it the machine had promised to keep.
class recorder {
public:
    struct step {
        watched_disk::kind what;
        bool to_log;
        std::int64_t at;
        std::string bytes;
    };

    int note(watched_disk::access const& access) {
        using enum watched_disk::kind;
        if (access.what == write || access.what == sync || access.what == truncate)
            steps_.push_back({access.what, access.to_log, access.at, std::string{access.bytes}});
        return SQLITE_OK;
    }

    std::size_t size() const { return steps_.size(); }

    /// The file as it may be when the power fails after so many steps: of what was not synced, any sectors are there.
    std::string image(bool log, std::size_t steps, std::minstd_rand& chance) const {
        std::size_t synced = 0;
        for (std::size_t at = 0; at != steps; ++at)
            if (steps_[at].to_log == log && steps_[at].what == watched_disk::kind::sync)
                synced = at;
        auto const luck = chance() % 5;  // none of it, some, or all
        std::string file;
        for (std::size_t at = 0; at != steps; ++at)
            if (steps_[at].to_log == log)
                apply(steps_[at], file, [&] { return at < synced || luck == 4 || (luck != 0 && chance() % 4 < luck); });
        return file;
    }

private:
    template <class Kept>
    static void apply(step const& one, std::string& file, Kept is_kept) {
        auto const from = static_cast<std::size_t>(one.at);
        if (one.what == watched_disk::kind::truncate && is_kept())
            file.resize(from);
        for (std::size_t done = 0; one.what == watched_disk::kind::write && done < one.bytes.size();) {
            auto const end = std::min(one.bytes.size(), ((from + done) / sector + 1) * sector - from);
            if (is_kept()) {
                file.resize(std::max(file.size(), from + end));
                std::copy(one.bytes.begin() + static_cast<std::ptrdiff_t>(done),
                          one.bytes.begin() + static_cast<std::ptrdiff_t>(end),
                          file.begin() + static_cast<std::ptrdiff_t>(from + done));
            }
            done = end;
        }
    }

    std::vector<step> steps_;
};

/// One operation on the store, and what it makes of the contents.
void operate(memo::sqlite_store const& store, contents& now, int number, std::minstd_rand& chance) {
    auto const name = name_of(static_cast<unsigned>(chance()));
    auto const value = name + "=" + std::to_string(number) + std::string(chance() % 20'000, '.');
    std::vector<std::string> const tags{"tag of " + name};
    memo::entry_name const at{"c", name};
    switch (chance() % 6) {
        case 0:
            REQUIRE(store->erase({&at, 1}).confirmed());
            now.erase(name);
            break;
        case 1:
            REQUIRE(store->erase_tag(tags[0]).confirmed());
            now.erase(name);
            break;
        case 2: {
            std::string const other = name_of(static_cast<unsigned>(number));
            std::array<memo::change, 2> const both{memo::change{at, memo::stored_bytes{value, tags}},
                                                   memo::change{{"c", other}, {}}};
            store->transact(both);
            now[name] = value;
            now.erase(other);
            break;
        }
        case 3:
            REQUIRE(store->commit(at, store->lead(at, tags), {value, tags}) == memo::committed::stored);
            now[name] = value;
            break;
        default: store->set(at, {value, tags}); now[name] = value;
    }
}

contents read_all(memo::sqlite_store const& store) {
    contents found;
    for (unsigned key = 0; key != keys; ++key)
        if (auto value = store->get({"c", name_of(key)}))
            found[name_of(key)] = *value;
    return found;
}

/// What was there after each operation, and how many accesses to the disk that had taken.
struct history {
    recorder disk;
    std::vector<contents> after;
    std::vector<std::size_t> steps;
};

history live(memo::sqlite_mode mode, bool flushes = false) {
    history lived;
    folder const place{folder::in_memory()};
    watched_disk const disk{[&](watched_disk::access const& access) { return lived.disk.note(access); }};
    memo::sqlite_store const store{place / "cache.db", {.mode = mode, .timeout = std::chrono::seconds{10}}};
    std::minstd_rand chance{11};
    contents now;
    for (int number = 0; number != operations; ++number) {
        operate(store, now, number, chance);
        if (flushes && number + 1 == operations)
            store->flush();
        lived.after.push_back(now);
        lived.steps.push_back(lived.disk.size());
    }
    return lived;
}

/// Cuts the power at random moments. Returns: for how many the file was not at one of the states that it may be at.
int bad_images(memo::sqlite_mode mode) {
    auto const lived = live(mode);
    std::minstd_rand chance{5};
    int bad = 0;
    for (int number = 0; number != images; ++number) {
        auto const cut = chance() % (lived.disk.size() + 1);
        auto const confirmed = std::upper_bound(lived.steps.begin(), lived.steps.end(), cut) - lived.steps.begin();
        folder const place{folder::in_memory()};
        std::ofstream{place / "cache.db", std::ios::binary} << lived.disk.image(false, cut, chance);
        std::ofstream{place / "cache.db-wal", std::ios::binary} << lived.disk.image(true, cut, chance);
        memo::sqlite_store const store{place / "cache.db"};
        auto const found = read_all(store);
        auto const begin = mode == memo::sqlite_mode::durable ? std::max<std::ptrdiff_t>(confirmed - 1, 0) : 0;
        auto const end = std::min<std::ptrdiff_t>(confirmed + 1, operations);
        bool const may_be =
            std::find(lived.after.begin() + begin, lived.after.begin() + end, found) != lived.after.begin() + end ||
            (found.empty() && (confirmed == 0 || mode == memo::sqlite_mode::fast));
        bool const whole = !std::filesystem::exists(place / "cache.db.damaged");
        bad += may_be && whole ? 0 : 1;
    }
    return bad;
}

}  // namespace

TEST_CASE(
    "F42 F43 sqlite_store: durable, a power cut at any moment takes nothing that was confirmed, neither results nor evictions") {
    CHECK(bad_images(memo::sqlite_mode::durable) == 0);
}

TEST_CASE("F42 sqlite_store: fast, a power cut at any moment leaves the state after some operation, without holes") {
    CHECK(bad_images(memo::sqlite_mode::fast) == 0);
}

TEST_CASE("F42 sqlite_store: fast, what was written before a flush survives a power cut after it") {
    auto const lived = live(memo::sqlite_mode::fast, true);
    for (unsigned seed = 0; seed != 20; ++seed) {
        std::minstd_rand chance{seed};
        folder const place{folder::in_memory()};
        std::ofstream{place / "cache.db", std::ios::binary} << lived.disk.image(false, lived.disk.size(), chance);
        std::ofstream{place / "cache.db-wal", std::ios::binary} << lived.disk.image(true, lived.disk.size(), chance);
        CHECK(read_all(memo::sqlite_store{place / "cache.db"}) == lived.after.back());
    }
}
