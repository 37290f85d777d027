#pragma once

#include <memo/base/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {

/// The times and the cost of what is stored, by the clock of who stored it; between processes, since 1970.
struct record_times {
    duration created{};                ///< when its run began, or when it was set
    duration ttl = duration::max();    ///< fresh while its age is below this
    duration grace{};                  ///< beyond its ttl it may still answer for so long, as a stale one
    duration idle = duration::max();   ///< gone when it was not read for so long
    duration touched{};                ///< when its lifetime began: when it was created, or touched
    duration read{};                   ///< when it was read last; kept only for `idle`
    duration cost{};                   ///< of the run that made it
    duration retry_at{};               ///< a failed refresh is not tried again before
    std::uint32_t failures = 0;        ///< runs in a row that failed to renew it

    friend bool operator==(record_times const&, record_times const&) = default;
};

/// What a byte store keeps for one entry. In a record that was read, the views show its bytes.
struct record {
    std::uint64_t type = 0;         ///< fingerprint of the value's type
    std::string_view family{};      ///< function and version, or cache
    std::string_view identity{};    ///< the full canonical key; decides
    record_times times{};
    std::vector<std::string_view> tags{};
    std::vector<std::pair<std::string_view, std::string_view>> metadata{};
    std::string_view payload{};
};

/// Why bytes are no record, or not the one that was asked for.
enum class flaw {
    none,
    foreign,      ///< no record of memo's: another magic
    version,      ///< of a format that this memo does not know
    truncated,
    corrupt,      ///< the checksum is another, or what it covers is malformed
    key,          ///< of another entry
    type,         ///< of another type
    undecodable,  ///< the payload is no value of the type
    future,       ///< created later than clocks can differ
};
inline constexpr std::size_t flaws = 9;
/// One word, as the enumerator.
std::string_view to_string(flaw what) noexcept;

inline constexpr unsigned char record_format = 1;

/// The bytes of a record, all numbers little-endian: magic `memo`, format version (1 byte), flags (1 byte, 0), size of the whole
/// record (8 bytes), type (8 bytes); created, ttl, grace, idle, touched, read, cost, retry_at (8 bytes each), failures (4 bytes);
/// family and identity, each behind its length; the number of tags and each behind its length; the number of metadata and each
/// key and value behind its length; payload behind its length; MAC behind its length, which is 0; XXH3-128 of all before, low
/// half first. Lengths and numbers are of 7 bits a byte, low bits first, in as few bytes as they need. Spans below zero are
/// written as zero.
///
/// Throws: bad_alloc.
/// Cost:   one allocation, one XXH3-128.
std::string write_record(record const& from);

/// Any bytes at all may come in. Judges in this order: magic, format version, whether all bytes are there and no more (which is
/// corrupt), checksum, flags, contents. Says neither `key` nor `type` nor `future`: those are for the reader, who knows what was
/// asked for.
///
/// Throws: bad_alloc.
/// Cost:   one XXH3-128; allocates nothing but room for tags and metadata, at most 32 bytes (while it grows 48) for each of
///         theirs.
flaw read_record(std::string_view bytes, record& into);

}  // namespace memo::detail
