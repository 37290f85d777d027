#pragma once

#include <memo/store/byte_store.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace memo::detail {

/// A family as keys of a Redis server spell it: `:` is `/`, so that the first `:` behind it ends it; `/` is `%2F`, `%` is `%25`,
/// and a `#` in front is `%#`. Whatever begins another family begins it here, too.
std::string spell_family(std::string_view family);

/// The keys of one store: `<prefix><family>:<name>`.
class redis_keys {
public:
    /// Throws: config_error for a prefix that is too long, or that could meet the keys beside the entries.
    explicit redis_keys(std::string prefix);

    std::string const& prefix() const noexcept { return prefix_; }
    std::string entry(entry_name at) const;
    std::string entry(std::string_view spelled_family, std::string_view name) const;
    /// Where the tickets of an entry stand; `key` is its key.
    std::string tickets(std::string_view key) const;

    enum class shelf { entries, tickets };
    /// A pattern for SCAN that reaches the names of this family that match: their entries, or their tickets.
    std::string pattern(shelf which, std::string_view spelled_family, std::string_view glob) const;
    /// For all families.
    std::string pattern(shelf which) const;

    struct place {
        std::string_view spelled_family;
        std::string_view name;
    };
    /// Of what SCAN found; none for what does not stand on this shelf of this store.
    std::optional<place> read(shelf which, std::string_view key) const noexcept;

private:
    std::string prefix_;
};

/// Every byte itself: `*`, `?`, `[`, `]` and `\` behind a backslash, and `^` and `-`, too.
std::string escape_glob(std::string_view literal);
/// Whether it has no star, no question mark and no set; then `unescape_glob` says what alone it matches.
bool is_literal_glob(std::string_view glob) noexcept;
std::string unescape_glob(std::string_view literal_glob);

/// What stands in front of a record: of which key it is, so that the answer to another question is never taken for it, and
/// which write it was, so that a tag knows whom it meant.
struct redis_header {
    static constexpr std::size_t size = 16;
    static constexpr std::size_t key_size = 8;

    static std::string of_key(std::string_view key);
    /// Header and record.
    static std::string put_before(std::string_view record, std::string_view key, std::uint64_t write);
    /// The record behind the header of this key; none when it is not one.
    static std::optional<std::string_view> cut(std::string_view value, std::string_view key);
    /// The bytes of the write. Requires: a header.
    static std::string_view number_of(std::string_view value) noexcept { return value.substr(key_size, size - key_size); }
};

}  // namespace memo::detail
