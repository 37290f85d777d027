#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace memo::detail {

/// A file of exported entries. `memo-export` and a format version (1 byte), the number of entries (8 bytes, little-endian) and the
/// XXH3-128 of both, low half first; then for each entry its size (8 bytes), as many bytes, and their XXH3-128.
inline constexpr std::string_view export_magic{"memo-export\1"};

/// Writes beside the place where the file will stand, for its owner alone. Without `finish` nothing of it stays.
///
/// Throws: error, which says what the system said.
class export_writer {
public:
    explicit export_writer(std::string const& path);
    export_writer(export_writer const&) = delete;
    export_writer& operator=(export_writer const&) = delete;
    ~export_writer();

    void write(std::string_view entry);
    /// Puts the file in its place; what was there is gone.
    void finish();
    std::uint64_t count() const noexcept { return count_; }

private:
    void put(std::string_view bytes);
    void flush();
    [[noreturn]] void fail(char const* step) const;

    std::string path_;
    std::string fresh_;
    std::string waiting_;
    std::uint64_t count_ = 0;
    int file_;
};

/// Reads what `export_writer` wrote, or whatever else it finds.
///
/// Throws: error for a file that cannot be read, or does not begin as one.
class export_reader {
public:
    explicit export_reader(std::string const& path);
    export_reader(export_reader const&) = delete;
    export_reader& operator=(export_reader const&) = delete;
    ~export_reader();

    std::uint64_t count() const noexcept { return count_; }

    enum class outcome { whole, damaged, ended };
    /// The next entry; `ended` when the file ends before it does.
    outcome next(std::string& entry);

private:
    bool take(char* into, std::size_t size);
    [[noreturn]] void fail(char const* step) const;

    std::string path_;
    std::uint64_t count_ = 0;
    std::uint64_t left_ = 0;  // bytes of the file
    std::string read_;
    std::size_t at_ = 0;
    int file_;
};

}  // namespace memo::detail
