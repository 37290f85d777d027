#include <memo/codec/record.hpp>

#include <memo/base/clock.hpp>
#include <memo/base/hash.hpp>
#include <memo/codec/wire.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {
namespace {

constexpr std::string_view magic = "memo";
constexpr std::size_t version_at = magic.size();
constexpr std::size_t flags_at = version_at + 1;
constexpr std::size_t size_at = flags_at + 1;
constexpr std::size_t type_at = size_at + sizeof(std::uint64_t);
constexpr std::size_t times_at = type_at + sizeof(std::uint64_t);
constexpr std::size_t failures_at = times_at + 8 * sizeof(std::uint64_t);
constexpr std::size_t texts_at = failures_at + sizeof(std::uint32_t);
constexpr std::size_t seal = 16;
constexpr std::size_t least_behind_texts = 6;  // the lengths of family, identity, tags, metadata, payload and MAC
constexpr std::size_t least = texts_at + least_behind_texts + seal;

constexpr std::size_t space_of(std::string_view text) noexcept {
    return length_size(text.size()) + text.size();
}

std::size_t size_of(record const& from) noexcept {
    std::size_t size = texts_at + space_of(from.family) + space_of(from.identity) + length_size(from.tags.size()) +
                       length_size(from.metadata.size()) + space_of(from.payload) + length_size(0) + seal;
    for (auto const tag : from.tags)
        size += space_of(tag);
    for (auto const& [key, value] : from.metadata)
        size += space_of(key) + space_of(value);
    return size;
}

char* store_point(char* at, duration when) noexcept {
    return write_wire(at, static_cast<std::uint64_t>(when.count()));
}

char* store_span(char* at, duration span) noexcept {
    return store_point(at, std::max(span, duration::zero()));
}

char* store_text(char* at, std::string_view text) noexcept {
    at = store_length(at, text.size());
    return text.empty() ? at : static_cast<char*>(std::memcpy(at, text.data(), text.size())) + text.size();
}

char* store_digest(char* at, digest sum) noexcept {
    return write_wire(write_wire(at, sum.low), sum.high);
}

/// Reads on through bytes that end; once something is wrong, nothing more is read.
struct cursor {
    char const* at;
    char const* end;
    bool well = true;

    std::size_t left() const noexcept { return static_cast<std::size_t>(end - at); }

    duration point() noexcept {
        auto const number = read_wire<std::uint64_t>(at);
        at += sizeof number;
        return duration{static_cast<duration::rep>(number)};
    }

    duration span() noexcept {
        duration const taken = point();
        well = well && taken >= duration::zero();
        return taken;
    }

    std::uint64_t length() noexcept {
        std::uint64_t taken = 0;
        auto const behind = well ? take_length(at, end, taken) : nullptr;
        well = behind != nullptr;
        at = well ? behind : at;
        return well ? taken : 0;
    }

    std::string_view text() noexcept {
        std::uint64_t const size = length();
        well = well && size <= left();
        if (!well)
            return {};
        std::string_view const taken{at, static_cast<std::size_t>(size)};
        at += taken.size();
        return taken;
    }

    /// How many follow, each of which takes at least `least_size` bytes.
    std::size_t count(std::size_t least_size) noexcept {
        std::uint64_t const number = length();
        well = well && number <= left() / least_size;
        return well ? static_cast<std::size_t>(number) : 0;
    }
};

void read_times(cursor& from, record_times& into) noexcept {
    into.created = from.point();
    into.ttl = from.span();
    into.grace = from.span();
    into.idle = from.span();
    into.touched = from.point();
    into.read = from.point();
    into.cost = from.span();
    into.retry_at = from.point();
    into.failures = read_wire<std::uint32_t>(from.at);
    from.at += sizeof into.failures;
}

void read_texts(cursor& from, record& into) {
    into.family = from.text();
    into.identity = from.text();
    into.tags.clear();
    for (std::size_t left = from.count(1); left != 0 && from.well; --left)
        into.tags.push_back(from.text());
    into.metadata.clear();
    for (std::size_t left = from.count(2); left != 0 && from.well; --left) {
        auto const key = from.text();
        into.metadata.emplace_back(key, from.text());
    }
    into.payload = from.text();
    bool const no_mac = from.text().empty();
    from.well = from.well && no_mac;
}

}  // namespace

std::string_view to_string(flaw what) noexcept {
    constexpr std::array<std::string_view, flaws> words{"none", "foreign", "version",     "truncated", "corrupt",
                                                        "key",  "type",    "undecodable", "future"};
    return words[static_cast<std::size_t>(what)];
}

std::string write_record(record const& from) {
    std::string bytes(size_of(from), '\0');
    char* at = bytes.data();
    std::memcpy(at, magic.data(), magic.size());
    at[version_at] = static_cast<char>(record_format);
    at = write_wire(at + size_at, std::uint64_t{bytes.size()});
    at = write_wire(at, from.type);
    at = store_point(at, from.times.created);
    at = store_span(at, from.times.ttl);
    at = store_span(at, from.times.grace);
    at = store_span(at, from.times.idle);
    at = store_point(at, from.times.touched);
    at = store_point(at, from.times.read);
    at = store_span(at, from.times.cost);
    at = store_point(at, from.times.retry_at);
    at = write_wire(at, from.times.failures);
    at = store_text(store_text(at, from.family), from.identity);
    at = store_length(at, from.tags.size());
    for (auto const tag : from.tags)
        at = store_text(at, tag);
    at = store_length(at, from.metadata.size());
    for (auto const& [key, value] : from.metadata)
        at = store_text(store_text(at, key), value);
    at = store_text(store_text(at, from.payload), {});
    store_digest(at, digest_of({bytes.data(), bytes.size() - seal}));
    return bytes;
}

flaw read_record(std::string_view bytes, record& into) {
    if (!bytes.starts_with(magic))
        return magic.starts_with(bytes) ? flaw::truncated : flaw::foreign;
    if (bytes.size() == version_at)
        return flaw::truncated;
    if (static_cast<unsigned char>(bytes[version_at]) != record_format)
        return flaw::version;
    if (bytes.size() < type_at)
        return flaw::truncated;
    auto const size = read_wire<std::uint64_t>(bytes.data() + size_at);
    if (size != bytes.size())
        return size > bytes.size() ? flaw::truncated : flaw::corrupt;
    if (size < least)
        return flaw::corrupt;

    auto const sealed = bytes.substr(0, bytes.size() - seal);
    char const* const sum = sealed.data() + sealed.size();
    if (digest_of(sealed) != digest{read_wire<std::uint64_t>(sum + 8), read_wire<std::uint64_t>(sum)})
        return flaw::corrupt;
    if (bytes[flags_at] != 0)
        return flaw::version;
    into.type = read_wire<std::uint64_t>(bytes.data() + type_at);
    cursor from{bytes.data() + times_at, sum};
    read_times(from, into.times);
    read_texts(from, into);
    return from.well && from.at == from.end ? flaw::none : flaw::corrupt;
}

}  // namespace memo::detail
