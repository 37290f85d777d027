#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <new>
#include <string>
#include <string_view>
#include <utility>

/// While it lives, SQLite reaches its files through it, and `before` is asked at each access: what it returns, if not SQLITE_OK,
/// is what the access comes to. One at a time.
class watched_disk {
public:
    enum class kind { open, read, write, sync, truncate };
    struct access {
        kind what;
        bool to_log;
        std::int64_t at = 0;
        std::string_view bytes{};
    };
    using question = std::function<int(access const&)>;

    explicit watched_disk(question before) : before_{std::move(before)} {
        current() = this;
        auto& ours = vfs();
        ours = *::sqlite3_vfs_find("unix");
        ours.zName = "watched";
        ours.szOsFile += static_cast<int>(sizeof(file));
        ours.xOpen = open_file;
        ::sqlite3_vfs_register(&ours, 1);
    }
    watched_disk(watched_disk const&) = delete;
    watched_disk& operator=(watched_disk const&) = delete;
    ~watched_disk() {
        ::sqlite3_vfs_unregister(&vfs());
        ::sqlite3_vfs_register(::sqlite3_vfs_find("unix"), 1);
        current() = nullptr;
    }

private:
    struct file {
        sqlite3_file base;
        bool is_log;
    };

    static watched_disk*& current() {
        static watched_disk* one = nullptr;
        return one;
    }
    static sqlite3_vfs& vfs() {
        static sqlite3_vfs ours{};
        return ours;
    }
    static sqlite3_file* real(sqlite3_file* of) { return reinterpret_cast<sqlite3_file*>(reinterpret_cast<file*>(of) + 1); }
    static bool is_log(sqlite3_file* of) { return reinterpret_cast<file*>(of)->is_log; }

    static int ask(access const& about) {
        std::lock_guard const lock{current()->mutex_};
        return current()->before_(about);
    }

    static int open_file(sqlite3_vfs*, char const* name, sqlite3_file* into, int flags, int* out) {
        into->pMethods = nullptr;
        if (int const failed = ask({kind::open, (flags & SQLITE_OPEN_WAL) != 0}); failed != SQLITE_OK)
            return failed;
        auto* const unix_vfs = ::sqlite3_vfs_find("unix");
        ::new (into) file{{nullptr}, (flags & SQLITE_OPEN_WAL) != 0};
        int const result = unix_vfs->xOpen(unix_vfs, name, real(into), flags, out);
        if (real(into)->pMethods != nullptr)
            into->pMethods = &methods();
        return result;
    }

    static sqlite3_io_methods const& methods() {
        static sqlite3_io_methods const all{
            2,
            [](sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); },
            [](sqlite3_file* f, void* into, int size, sqlite3_int64 at) {
                int const failed = ask({kind::read, is_log(f), at});
                return failed != SQLITE_OK ? failed : real(f)->pMethods->xRead(real(f), into, size, at);
            },
            [](sqlite3_file* f, void const* from, int size, sqlite3_int64 at) {
                int const failed =
                    ask({kind::write, is_log(f), at, {static_cast<char const*>(from), static_cast<std::size_t>(size)}});
                return failed != SQLITE_OK ? failed : real(f)->pMethods->xWrite(real(f), from, size, at);
            },
            [](sqlite3_file* f, sqlite3_int64 size) {
                int const failed = ask({kind::truncate, is_log(f), size});
                return failed != SQLITE_OK ? failed : real(f)->pMethods->xTruncate(real(f), size);
            },
            [](sqlite3_file* f, int flags) {
                int const failed = ask({kind::sync, is_log(f)});
                return failed != SQLITE_OK ? failed : real(f)->pMethods->xSync(real(f), flags);
            },
            [](sqlite3_file* f, sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); },
            [](sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); },
            [](sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); },
            [](sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); },
            [](sqlite3_file* f, int what, void* with) { return real(f)->pMethods->xFileControl(real(f), what, with); },
            [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); },
            [](sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); },
            [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
                return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
            },
            [](sqlite3_file* f, int at, int many, int flags) { return real(f)->pMethods->xShmLock(real(f), at, many, flags); },
            [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); },
            [](sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); },
            nullptr,
            nullptr,
        };
        return all;
    }

    std::mutex mutex_;
    question before_;
};
