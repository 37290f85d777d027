#include "sqlite_file.hpp"

#include <memo/base/error.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <system_error>
#include <thread>

namespace memo::detail {

namespace {

/// SQLite takes what is smaller for an empty one.
constexpr off_t smallest_database = 512;

std::string directory_of(std::string const& path) {
    auto const slash = path.rfind('/');
    return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

error_code code_of(int number) noexcept {
    switch (number) {
        case EACCES:
        case EPERM:
        case EROFS: return error_code::refused;
        case ENOSPC:
        case EDQUOT:
        case EFBIG: return error_code::full;
        default: return error_code::unreachable;
    }
}

[[noreturn]] void refuse(std::string const& doing, int number) {
    throw sqlite_fault{code_of(number), "cannot " + doing + ": " + std::generic_category().message(number) +
                                            "; see to it, operations work again as soon as they can"};
}

struct stat look_at(std::string const& path, std::string const& doing) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0)
        refuse(doing, errno);
    return found;
}

/// Those whose locks do not hold between machines, or not at all.
bool is_network(std::string const& directory) {
    constexpr std::array<std::uint32_t, 8> networks{0x6969,     0xff534d42, 0xfe534d42, 0x517b,
                                                    0x01021997, 0x00c36400, 0x5346414f, 0x564c};
    struct statfs system {};
    return ::statfs(directory.c_str(), &system) == 0 &&
           std::find(networks.begin(), networks.end(), static_cast<std::uint32_t>(system.f_type)) != networks.end();
}

void check_directory(std::string const& path, struct stat const& file) {
    auto const directory = directory_of(path);
    auto const found = look_at(directory, "look at its directory");
    bool const anybody_writes = (found.st_mode & S_IWOTH) != 0;
    if (anybody_writes && (found.st_mode & S_ISVTX) == 0)
        throw sqlite_fault{error_code::refused, "anybody may write to its directory; take write permission from others there"};
    if (anybody_writes && file.st_uid != ::geteuid())
        throw sqlite_fault{error_code::refused,
                           "the file is another user's, in a directory that anybody may write to; choose another place"};
    if (is_network(directory))
        throw sqlite_fault{error_code::refused, "it lies on a network file system, whose locks do not hold; choose a local one"};
}

void remove_logs(std::string const& path) noexcept {
    ::unlink((path + "-wal").c_str());
    ::unlink((path + "-shm").c_str());
}

void make_file(std::string const& path) {
    remove_logs(path);
    int const made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (made < 0)
        refuse("make it", errno);
    ::close(made);
    int const directory = ::open(directory_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
        ::fsync(directory);
        ::close(directory);
    }
}

void leave_mark(std::string const& index) noexcept {
    int const file = ::open(index.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return;
    constexpr auto mark = set_aside_mark;
    struct stat found {};
    if (::fstat(file, &found) == 0 && found.st_size >= static_cast<off_t>(set_aside_mark_at + sizeof mark))
        static_cast<void>(::pwrite(file, &mark, sizeof mark, static_cast<off_t>(set_aside_mark_at)));
    ::close(file);
}

}  // namespace

file_identity identity_of(std::string const& path) noexcept {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0)
        return {};
    return {static_cast<std::uint64_t>(found.st_dev), static_cast<std::uint64_t>(found.st_ino)};
}

directory_lock::directory_lock(std::string const& path, moment end)
    : directory_{::open(directory_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)} {
    if (directory_ < 0)
        refuse("open its directory", errno);
    while (::flock(directory_, LOCK_EX | LOCK_NB) != 0) {
        int const number = errno;
        bool const late = std::chrono::steady_clock::now() >= end;
        if (late || (number != EWOULDBLOCK && number != EINTR)) {
            ::close(directory_);
            if (late)
                throw sqlite_fault{error_code::timed_out, "others open it, or set it aside, for too long; try again"};
            refuse("lock its directory", number);
        }
        std::this_thread::sleep_for(std::chrono::microseconds{200});
    }
}

directory_lock::~directory_lock() { ::close(directory_); }

deaf_to_size_limit::deaf_to_size_limit() noexcept {
    if (rlimit most{}; ::getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur == RLIM_INFINITY)
        return;
    deaf_ = true;
    sigset_t beyond;
    ::sigemptyset(&beyond);
    ::sigaddset(&beyond, SIGXFSZ);
    ::pthread_sigmask(SIG_BLOCK, &beyond, &before_);
}

deaf_to_size_limit::~deaf_to_size_limit() {
    if (!deaf_ || ::sigismember(&before_, SIGXFSZ) != 0)
        return;
    sigset_t beyond;
    ::sigemptyset(&beyond);
    ::sigaddset(&beyond, SIGXFSZ);
    timespec const at_once{};
    static_cast<void>(::sigtimedwait(&beyond, nullptr, &at_once));
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

file_identity admit_file(std::string const& path) {
    if (struct stat there{}; ::lstat(path.c_str(), &there) != 0) {
        if (errno != ENOENT)
            refuse("look at it", errno);
        make_file(path);
    }
    auto const found = look_at(path, "look at it");
    if (S_ISDIR(found.st_mode))
        throw sqlite_fault{error_code::foreign, "it is a directory; give the path of a file"};
    if (!S_ISREG(found.st_mode))
        throw sqlite_fault{error_code::foreign, "it is no regular file; give the path of one"};
    if (found.st_nlink > 1)
        throw sqlite_fault{error_code::refused, "the file has several names, under which its logs would part; leave it one"};
    check_directory(path, found);
    file_identity const identity{static_cast<std::uint64_t>(found.st_dev), static_cast<std::uint64_t>(found.st_ino)};
    if (found.st_size != 0 && found.st_size < smallest_database)
        throw sqlite_fault{error_code::corrupt, "the file is no database; it is set aside, and a fresh one begun",
                           sqlite_cure::set_file_aside, false, identity};
    return identity;
}

bool set_file_aside(std::string const& path, file_identity meant) {
    if (identity_of(path) != meant)
        return false;
    leave_mark(path + "-shm");
    if (::rename(path.c_str(), (path + ".damaged").c_str()) != 0)
        refuse("set the damaged file aside", errno);
    remove_logs(path);
    return true;
}

}  // namespace memo::detail
