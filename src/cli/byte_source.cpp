#include "byte_source.hpp"

#include "wording.hpp"

#include <memo/base/error.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace memo::sim {
namespace {

using namespace std::string_view_literals;

constexpr auto gzip_magic = "\x1f\x8b"sv;
constexpr auto zstd_magic = "\x28\xb5\x2f\xfd"sv;

enum class packing { none, gzip, zstd };

class file final : public byte_source {
public:
    explicit file(std::string const& path)
        : number_{path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {
        if (number_ < 0)
            throw error{error_code::refused, printable(path) + ": cannot be opened: " + std::generic_category().message(errno) +
                                                 "; name a file that can be read"};
    }
    ~file() override { ::close(number_); }

    std::string_view read() override {
        for (;;) {
            auto const count = ::read(number_, stretch_.data(), stretch_.size());
            if (count >= 0)
                return {stretch_.data(), static_cast<std::size_t>(count)};
            if (errno != EINTR)
                throw source_fault{"cannot be read: " + std::generic_category().message(errno) + "; name a file that can be read"};
        }
    }

private:
    int number_;
    std::array<char, source_stretch> stretch_;
};

/// A source whose first bytes were read already.
class resumed final : public byte_source {
public:
    resumed(std::string first, std::unique_ptr<byte_source> rest) : first_{std::move(first)}, rest_{std::move(rest)} {}

    std::string_view read() override {
        if (!std::exchange(began_, true) && !first_.empty())
            return first_;
        return rest_->read();
    }

private:
    std::string first_;
    std::unique_ptr<byte_source> rest_;
    bool began_ = false;
};

}  // namespace

std::unique_ptr<byte_source> open_source(std::string const& path) {
    std::unique_ptr<byte_source> rest = std::make_unique<file>(path);
    std::string first;
    try {
        while (first.size() < zstd_magic.size()) {
            auto const more = rest->read();
            if (more.empty())
                break;
            first += more;
        }
    } catch (source_fault const& fault) {
        throw error{error_code::refused, printable(path) + ": " + fault.what()};
    }
    auto const packed_by = first.starts_with(gzip_magic) ? packing::gzip : first.starts_with(zstd_magic) ? packing::zstd : packing::none;
    auto whole = std::make_unique<resumed>(std::move(first), std::move(rest));
    if (packed_by == packing::gzip) {
        if constexpr (MEMO_HAS_ZLIB)
            return unpack_gzip(std::move(whole));
        throw error{error_code::refused, printable(path) + ": is packed by gzip, and this build came without zlib; unpack it first"};
    }
    if (packed_by == packing::zstd) {
        if constexpr (MEMO_HAS_ZSTD)
            return unpack_zstd(std::move(whole));
        throw error{error_code::refused, printable(path) + ": is packed by zstd, and this build came without libzstd; unpack it first"};
    }
    return whole;
}

std::string_view forms_of_text() noexcept {
    if constexpr (MEMO_HAS_ZLIB && MEMO_HAS_ZSTD)
        return "plain, or packed by gzip or zstd";
    if constexpr (MEMO_HAS_ZLIB)
        return "plain, or packed by gzip; this build came without libzstd";
    if constexpr (MEMO_HAS_ZSTD)
        return "plain, or packed by zstd; this build came without zlib";
    return "plain; this build came without zlib and libzstd";
}

}  // namespace memo::sim
