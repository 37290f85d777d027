#include "folder.hpp"
#include "process.hpp"

#include <memo/base/error.hpp>
#include <memo/codec/record.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/sqlite.hpp>

#include <sqlite3.h>

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <new>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr int entries = 40;
constexpr int files_of_a_process = 500;
constexpr std::size_t page = 4096;

struct counts {
    std::atomic<std::uint64_t> found{0};
    std::atomic<std::uint64_t> missed{0};
    std::atomic<std::uint64_t> faults{0};
    std::atomic<std::uint64_t> set_aside{0};
    std::atomic<std::uint64_t> flawed{0};
    std::atomic<std::uint64_t> wrong{0};
};

/// A file and its log, as bytes.
struct image {
    std::string file;
    std::string log;
};

std::string payload_of(int number) {
    return std::string(static_cast<std::size_t>(number) * 211 % 5'000, static_cast<char>('a' + number % 26));
}

std::string record_of(std::string const& name, int number) {
    auto const payload = payload_of(number);
    return memo::detail::write_record({.type = 7, .family = "c", .identity = name, .payload = payload});
}

std::string read_file(std::string const& path) {
    std::ostringstream all;
    all << std::ifstream{path, std::ios::binary}.rdbuf();
    return all.str();
}

image sound_image(std::string const& path, bool keeps_log) {
    memo::sqlite_store const store{path};
    for (int number = 0; number != entries; ++number) {
        auto const name = std::to_string(number);
        std::vector<std::string> const tags{"all", "tag " + name};
        store->set({"c", name}, {record_of(name, number), tags});
    }
    for (int number = 0; number < entries; number += 9) {
        auto const name = std::to_string(number);
        memo::entry_name const at{"c", name};
        store->erase({&at, 1});
    }
    if (!keeps_log) {
        sqlite3* other = nullptr;
        ::sqlite3_open(path.c_str(), &other);
        ::sqlite3_exec(other, "SELECT count(*) FROM sqlite_schema; PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr);
        ::sqlite3_close(other);
    }
    return {read_file(path), read_file(path + "-wal")};
}

void damage(std::string& bytes, std::minstd_rand& chance) {
    if (bytes.empty())
        return;
    auto const any_page = [&] { return chance() % ((bytes.size() + page - 1) / page) * page; };
    switch (chance() % 10) {
        case 0: bytes.resize(chance() % bytes.size()); break;
        case 1: bytes.resize(bytes.size() / page * page * (chance() % 100) / 100); break;
        case 2: {
            auto const from = any_page();
            std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(from), std::min(page, bytes.size() - from), '\0');
            break;
        }
        case 3: {
            auto const from = bytes.substr(any_page(), page);
            std::copy(from.begin(), from.end(),
                      bytes.begin() + static_cast<std::ptrdiff_t>(std::min(any_page(), bytes.size() - from.size())));
            break;
        }
        default:
            for (auto flips = 1 + chance() % 8; flips != 0; --flips)
                bytes[chance() % bytes.size()] ^= static_cast<char>(1U << chance() % 8);
    }
}

template <class Act>
void trying(counts& seen, Act act) {
    try {
        act();
    } catch (memo::connection_error const&) {
        ++seen.faults;
    }
}

void read_all(memo::sqlite_store const& store, counts& seen) {
    for (int number = 0; number != entries; ++number)
        trying(seen, [&] {
            auto const name = std::to_string(number);
            auto const bytes = store->get({"c", name});
            if (!bytes) {
                ++seen.missed;
                return;
            }
            memo::detail::record read;
            if (memo::detail::read_record(*bytes, read) != memo::detail::flaw::none || read.identity != name)
                ++seen.flawed;
            else
                ++(read.payload == payload_of(number) ? seen.found : seen.wrong);
        });
}

/// Everything that a store does, on a damaged file.
void use(std::string const& path, image const& damaged, counts& seen) {
    for (auto const* end_of_name : {"", "-wal", "-shm", ".damaged"})
        std::filesystem::remove(path + end_of_name);
    std::ofstream{path, std::ios::binary} << damaged.file;
    std::ofstream{path + "-wal", std::ios::binary} << damaged.log;
    memo::sqlite_store const store{path};
    read_all(store, seen);
    trying(seen, [&] { store->set({"c", "3"}, {record_of("3", 3), std::array{std::string{"all"}}}); });
    trying(seen, [&] { static_cast<void>(store->commit({"c", "4"}, store->lead({"c", "4"}, {}), {record_of("4", 4)})); });
    trying(seen, [&] { static_cast<void>(store->scan("c", "*", {})); });
    trying(seen, [&] { static_cast<void>(store->count("c")); });
    store->sweep();
    store->erase_tag("tag 7");
    store->erase_pattern("", "1?");
    read_all(store, seen);
    store->erase_all("");
    read_all(store, seen);
    seen.set_aside += std::filesystem::exists(path + ".damaged") ? 1U : 0U;
}

}  // namespace

/// torture_rot <files>: so many small files with some bits flipped, pages zeroed or swapped, or the end cut off. Exits 1 when a
/// record that passes its own checks is wrong, or a process crashes.
int main(int count, char** words) {
    if (count != 2 || std::atoi(words[1]) < 1) {
        std::cerr << "torture rot: how many files? Write a number above 0\n";
        return 2;
    }
    int const files = std::atoi(words[1]);
    folder const place{folder::in_memory()};
    std::array const sound{sound_image(place / "whole.db", false), sound_image(place / "logged.db", true)};
    if (!sound[0].log.empty() || sound[0].file.size() < 10 * page || sound[1].log.size() < 10 * page) {
        std::cerr << "torture rot: the files to damage are not as they should be\n";
        return 2;
    }
    void* const room = ::mmap(nullptr, sizeof(counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    auto& seen = *::new (room) counts;
    int crashes = 0;
    for (int first = 0; first < files; first += files_of_a_process) {
        auto const child = ::fork();
        if (child == 0) {
            ::alarm(300);
            for (int number = first; number != std::min(files, first + files_of_a_process); ++number) {
                std::minstd_rand chance{static_cast<unsigned>(number + 1)};
                chance.discard(3);
                auto damaged = sound[static_cast<std::size_t>(number) % 2];
                damage(!damaged.log.empty() && chance() % 2 == 0 ? damaged.log : damaged.file, chance);
                use(place / "cache.db", damaged, seen);
            }
            ::_exit(0);
        }
        crashes += process::ends_with(child, 0) ? 0 : 1;
    }
    std::cout << files << " damaged files: " << seen.wrong << " wrong values, " << crashes << " crashes; " << seen.found
              << " right, " << seen.flawed << " flawed, " << seen.missed << " missed, " << seen.faults << " faults, "
              << seen.set_aside << " files set aside\n";
    return seen.wrong == 0 && crashes == 0 && seen.found != 0 && seen.set_aside != 0 ? 0 : 1;
}
