#include <memo/store/redis_keys.hpp>

#include <memo/base/error.hpp>
#include <memo/base/hash.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace memo::detail {
namespace {

constexpr std::size_t longest_prefix = 128;

void append_number(std::string& to, std::uint64_t number) {
    for (int shift = 0; shift != 64; shift += 8)
        to += static_cast<char>(number >> shift & 0xffU);
}

constexpr std::string_view in_front(redis_keys::shelf which) noexcept { return which == redis_keys::shelf::tickets ? "#l:" : ""; }

}  // namespace

std::string spell_family(std::string_view family) {
    std::string spelled;
    spelled.reserve(family.size() + 8);
    if (family.starts_with('#'))
        spelled += '%';
    for (char const byte : family) {
        switch (byte) {
            case ':': spelled += '/'; break;
            case '/': spelled += "%2F"; break;
            case '%': spelled += "%25"; break;
            default: spelled += byte;
        }
    }
    return spelled;
}

redis_keys::redis_keys(std::string prefix) : prefix_{std::move(prefix)} {
    if (prefix_.size() > longest_prefix)
        throw config_error{"memo::redis_store: the prefix is longer than 128 bytes; shorten it"};
    if (prefix_.find('#') != std::string::npos)
        throw config_error{
            "memo::redis_store: the prefix has a `#`, which sets apart what the store keeps for itself; leave it out"};
}

std::string redis_keys::entry(entry_name at) const { return entry(spell_family(at.family), at.name); }

std::string redis_keys::entry(std::string_view spelled_family, std::string_view name) const {
    std::string key;
    key.reserve(prefix_.size() + spelled_family.size() + 1 + name.size());
    return key.append(prefix_).append(spelled_family).append(1, ':').append(name);
}

std::string redis_keys::tickets(std::string_view key) const {
    std::string side;
    side.reserve(key.size() + 3);
    return side.append(prefix_).append(in_front(shelf::tickets)).append(key.substr(prefix_.size()));
}

std::string redis_keys::pattern(shelf which, std::string_view spelled_family, std::string_view glob) const {
    return escape_glob(prefix_).append(in_front(which)).append(escape_glob(spelled_family)).append(1, ':').append(glob);
}

std::string redis_keys::pattern(shelf which) const {
    return escape_glob(prefix_).append(which == shelf::tickets ? std::string{in_front(which)} + "*" : "[^#]*");
}

std::optional<redis_keys::place> redis_keys::read(shelf which, std::string_view key) const noexcept {
    if (!key.starts_with(prefix_) || !key.substr(prefix_.size()).starts_with(in_front(which)))
        return std::nullopt;
    key.remove_prefix(prefix_.size() + in_front(which).size());
    auto const end = key.find(':');
    if (key.starts_with('#') || end == std::string_view::npos)
        return std::nullopt;
    return place{key.substr(0, end), key.substr(end + 1)};
}

std::string escape_glob(std::string_view literal) {
    std::string escaped;
    escaped.reserve(literal.size() + 8);
    for (char const byte : literal) {
        if (std::string_view{"*?[]^-\\"}.find(byte) != std::string_view::npos)
            escaped += '\\';
        escaped += byte;
    }
    return escaped;
}

bool is_literal_glob(std::string_view glob) noexcept {
    for (std::size_t at = 0; at < glob.size(); at += glob[at] == '\\' ? 2U : 1U) {
        if (std::string_view{"*?["}.find(glob[at]) != std::string_view::npos)
            return false;
    }
    return true;
}

std::string unescape_glob(std::string_view literal_glob) {
    std::string literal;
    for (std::size_t at = 0; at < literal_glob.size(); ++at) {
        if (literal_glob[at] == '\\' && at + 1 != literal_glob.size())
            ++at;
        literal += literal_glob[at];
    }
    return literal;
}

std::string redis_header::of_key(std::string_view key) {
    std::string header;
    append_number(header, digest_of(key).high);
    return header;
}

std::string redis_header::put_before(std::string_view record, std::string_view key, std::uint64_t write) {
    std::string value;
    value.reserve(size + record.size());
    append_number(value, digest_of(key).high);
    append_number(value, write);
    return value.append(record);
}

std::optional<std::string_view> redis_header::cut(std::string_view value, std::string_view key) {
    if (value.size() < size || value.substr(0, key_size) != of_key(key))
        return std::nullopt;
    return value.substr(size);
}

}  // namespace memo::detail
