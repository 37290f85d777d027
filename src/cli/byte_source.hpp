#pragma once

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace memo::sim {

/// Bytes, one stretch after the other.
class byte_source {
public:
    byte_source() = default;
    byte_source(byte_source const&) = delete;
    byte_source& operator=(byte_source const&) = delete;
    virtual ~byte_source() = default;

    /// The next bytes, none at the end; they stay until the next call.
    ///
    /// Throws:   source_fault.
    virtual std::string_view read() = 0;
};

/// What is wrong with the bytes and what to do, in words that follow the place in the file.
class source_fault : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The bytes of a file, `-` for the standard input; unpacked when its first bytes are those of gzip or zstd.
///
/// Throws:   memo::error that names the path.
std::unique_ptr<byte_source> open_source(std::string const& path);

/// How text may come, by what this build can unpack: `plain, or packed by gzip or zstd`.
std::string_view forms_of_text() noexcept;

std::unique_ptr<byte_source> unpack_gzip(std::unique_ptr<byte_source> packed);
std::unique_ptr<byte_source> unpack_zstd(std::unique_ptr<byte_source> packed);

inline constexpr std::size_t source_stretch = 256 * 1024;

}  // namespace memo::sim
