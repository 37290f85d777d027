#include "export_file.hpp"

#include <memo/base/error.hpp>
#include <memo/base/hash.hpp>
#include <memo/codec/wire.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

namespace memo::detail {
namespace {

constexpr std::size_t sum_size = 16;
constexpr std::size_t header_size = export_magic.size() + sizeof(std::uint64_t) + sum_size;
constexpr std::size_t chunk = 65'536;

void append_sum(std::string& out, std::string_view of) {
    auto const sum = digest_of(of);
    append_wire(out, sum.low);
    append_wire(out, sum.high);
}

bool has_sum(std::string_view sealed, char const* sum) {
    return digest_of(sealed) == digest{read_wire<std::uint64_t>(sum + sizeof(std::uint64_t)), read_wire<std::uint64_t>(sum)};
}

std::string header_for(std::uint64_t count) {
    std::string header{export_magic};
    append_wire(header, count);
    append_sum(header, header);
    return header;
}

[[noreturn]] void refuse(char const* who, std::string const& path, char const* step) {
    int const cause = errno;
    auto const code = cause == ENOSPC || cause == EDQUOT || cause == EFBIG ? error_code::full : error_code::refused;
    throw error{code, "memo::cache(" + std::string{who} + " " + path + "): " + step + ": " +
                          std::generic_category().message(cause) + "; mend that and try again"};
}

}  // namespace

export_writer::export_writer(std::string const& path) : path_{path}, file_{-1} {
    constexpr int most_names = 100;
    for (int number = 0; file_ < 0 && number != most_names; ++number) {
        fresh_ = path_ + ".new" + std::to_string(::getpid()) + "-" + std::to_string(number);
        file_ = ::open(fresh_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
        if (file_ < 0 && errno != EEXIST)
            break;
    }
    if (file_ < 0)
        fail("it cannot be made");
    put(header_for(0));
}

export_writer::~export_writer() {
    if (file_ < 0)
        return;
    ::close(file_);
    ::unlink(fresh_.c_str());
}

void export_writer::write(std::string_view entry) {
    std::string size;
    append_wire(size, std::uint64_t{entry.size()});
    put(size);
    put(entry);
    append_sum(waiting_, entry);
    ++count_;
}

void export_writer::put(std::string_view bytes) {
    waiting_.append(bytes);
    if (waiting_.size() >= chunk)
        flush();
}

void export_writer::flush() {
    for (std::string_view left = waiting_; !left.empty();) {
        auto const written = ::write(file_, left.data(), left.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            fail("it cannot be written");
        left.remove_prefix(static_cast<std::size_t>(written));
    }
    waiting_.clear();
}

void export_writer::finish() {
    flush();
    auto const header = header_for(count_);
    if (::pwrite(file_, header.data(), header.size(), 0) != static_cast<ssize_t>(header.size()) || ::fsync(file_) != 0)
        fail("it cannot be written");
    if (::rename(fresh_.c_str(), path_.c_str()) != 0)
        fail("it cannot be put in its place");
    ::close(file_);
    file_ = -1;
}

void export_writer::fail(char const* step) const {
    refuse("export_to", path_, step);
}

export_reader::export_reader(std::string const& path) : path_{path}, file_{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {
    if (file_ < 0)
        fail("it cannot be opened");
    struct stat facts {};
    if (::fstat(file_, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        ::close(file_);
        errno = errno == 0 ? EINVAL : errno;
        fail("it is no file");
    }
    left_ = static_cast<std::uint64_t>(facts.st_size);
    std::array<char, header_size> header{};
    std::string_view const sealed{header.data(), header_size - sum_size};
    bool const whole = left_ >= header_size && take(header.data(), header.size());
    if (whole && sealed.starts_with(export_magic) && has_sum(sealed, sealed.data() + sealed.size())) {
        count_ = read_wire<std::uint64_t>(header.data() + export_magic.size());
        return;
    }
    bool const ours = sealed.starts_with(export_magic.substr(0, export_magic.size() - 1));
    ::close(file_);
    throw error{ours ? error_code::corrupt : error_code::foreign,
                "memo::cache(import_from " + path_ + "): " +
                    (ours ? "its beginning is damaged, or of another version of memo" : "it was not written by export_to") +
                    "; nothing was imported, take another file"};
}

export_reader::~export_reader() {
    ::close(file_);
}

export_reader::outcome export_reader::next(std::string& entry) {
    std::array<char, sizeof(std::uint64_t)> bytes{};
    if (left_ < bytes.size() + sum_size || !take(bytes.data(), bytes.size()))
        return outcome::ended;
    auto const size = read_wire<std::uint64_t>(bytes.data());
    if (size > left_ - sum_size)
        return outcome::ended;
    entry.resize(static_cast<std::size_t>(size));
    std::array<char, sum_size> sum{};
    if (!take(entry.data(), entry.size()) || !take(sum.data(), sum.size()))
        return outcome::ended;
    return has_sum(entry, sum.data()) ? outcome::whole : outcome::damaged;
}

/// Returns: false when the file ends before, since it shrinks.
bool export_reader::take(char* into, std::size_t size) {
    left_ -= size;
    while (size != 0) {
        if (at_ == read_.size()) {
            read_.resize(chunk);
            at_ = 0;
            auto got = ::read(file_, read_.data(), read_.size());
            while (got < 0 && errno == EINTR)
                got = ::read(file_, read_.data(), read_.size());
            read_.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
            if (got < 0)
                fail("it cannot be read");
            if (got == 0)
                return false;
        }
        auto const some = std::min(size, read_.size() - at_);
        std::memcpy(into, read_.data() + at_, some);
        into += some;
        at_ += some;
        size -= some;
    }
    return true;
}

void export_reader::fail(char const* step) const {
    refuse("import_from", path_, step);
}

}  // namespace memo::detail
