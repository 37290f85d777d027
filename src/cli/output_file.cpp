#include "output_file.hpp"

#include "wording.hpp"

#include <memo/base/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <system_error>
#include <utility>

namespace memo::sim {
namespace {

constexpr int fresh_flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
constexpr ::mode_t everybody = S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;  // less the umask

bool is_output(struct ::stat const& file) {
    struct ::stat ours {};
    return ::fstat(STDOUT_FILENO, &ours) == 0 && ours.st_dev == file.st_dev && ours.st_ino == file.st_ino;
}

}  // namespace

output_file::output_file(std::string option, std::string path) : option_{std::move(option)}, path_{std::move(path)} {
    struct ::stat there {};
    bool const exists = ::stat(path_.c_str(), &there) == 0;
    is_output_ = exists && is_output(there);
    if (is_output_)
        return;
    if (exists && !S_ISREG(there.st_mode)) {
        int const file = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
        if (file < 0)
            fail("cannot be written");
        ::close(file);
        return;
    }
    std::error_code lost;
    if (std::filesystem::is_symlink(path_, lost)) {
        auto const behind_links = std::filesystem::canonical(path_, lost);
        errno = lost.value();
        if (lost)
            fail("cannot be written");
        path_ = behind_links.string();
    }
    fresh_ = path_ + ".new" + std::to_string(::getpid());
    int const file = ::open(fresh_.c_str(), fresh_flags, everybody);
    if (file < 0)
        fail("cannot be written");
    ::close(file);
    ::unlink(fresh_.c_str());
}

void output_file::write(std::string_view text) const {
    int const file = open_anew();
    if (file < 0)
        fail("cannot be written");
    put(file, text);
    if (::close(file) != 0)
        fail("cannot be written to its end");
    if (!fresh_.empty() && ::rename(fresh_.c_str(), path_.c_str()) != 0)
        fail("cannot be moved to its place");
}

int output_file::open_anew() const {
    if (is_output_)
        return ::dup(STDOUT_FILENO);
    return fresh_.empty() ? ::open(path_.c_str(), O_WRONLY | O_CLOEXEC) : ::open(fresh_.c_str(), fresh_flags, everybody);
}

void output_file::put(int file, std::string_view text) const {
    while (!text.empty()) {
        auto const count = ::write(file, text.data(), text.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            int const cause = errno;
            ::close(file);
            errno = cause;
            fail("cannot be written to its end");
        }
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

void output_file::fail(std::string_view step) const {
    int const cause = errno;
    if (!fresh_.empty())
        ::unlink(fresh_.c_str());
    auto const code = cause == ENOSPC || cause == EDQUOT || cause == EFBIG ? error_code::full : error_code::refused;
    throw error{code, option_ + ": " + printable(path_) + ": " + std::string{step} + ": " + std::generic_category().message(cause) +
                          "; name a file that can be"};
}

}  // namespace memo::sim
