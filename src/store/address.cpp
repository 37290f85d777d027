#include <memo/store/address.hpp>

#include <memo/base/error.hpp>
#include <memo/base/quantity.hpp>
#include <memo/base/secret.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace memo::detail {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view small_letters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view great_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool consists_of(std::string_view text, std::initializer_list<std::string_view> sets) {
    return std::all_of(text.begin(), text.end(), [&](char byte) {
        return std::any_of(sets.begin(), sets.end(), [&](std::string_view set) { return set.find(byte) != set.npos; });
    });
}

std::optional<unsigned> hex_digit(char byte) {
    auto const value = std::string_view{"0123456789abcdef"}.find(static_cast<char>(byte >= 'A' && byte <= 'F' ? byte + ('a' - 'A') : byte));
    return value == std::string_view::npos ? std::nullopt : std::optional{static_cast<unsigned>(value)};
}

/// What stands before and behind the first `mark`; without one, all stands before it.
struct halves {
    std::string_view before;
    std::string_view behind;
    bool found;
};
halves split(std::string_view text, char mark) {
    auto const at = text.find(mark);
    return at == text.npos ? halves{text, {}, false} : halves{text.substr(0, at), text.substr(at + 1), true};
}

struct parameter {
    std::string_view name;
    std::string_view written;
};

/// The parts of a URL, as they are written. Every fault of theirs is told by it.
class url_parts {
public:
    url_parts(std::string_view url, std::string_view who) : who_{who} {
        constexpr std::size_t longest_scheme = 16;
        if (url.size() > longest_url)
            refuse("the URL has " + std::to_string(url.size()) + " bytes; " + std::to_string(longest_url) + " are the most");
        if (std::any_of(url.begin(), url.end(), [](unsigned char byte) { return byte <= ' ' || byte == 0x7f; }))
            refuse("the URL holds a blank or a control character; write %20 for a blank");
        auto const [scheme, behind, has_scheme] = split(url, ':');
        if (!has_scheme || scheme.empty() || !consists_of(scheme, {small_letters, digits, "+"}))
            refuse("the URL begins with no scheme; write memory:, sqlite:cache.db or redis://host:6379/0");
        if (scheme.size() <= longest_scheme && (behind.starts_with("//") || url.find('@') == url.npos))
            scheme_ = scheme;
        if (url.find('#') != url.npos)
            refuse("a # ends what a URL says; write %23");
        auto const [hierarchy, query, asks] = split(behind, '?');
        path_ = hierarchy;
        if (hierarchy.starts_with("//")) {
            has_authority_ = true;
            authority_ = hierarchy.substr(2, hierarchy.find('/', 2) - 2);
            path_ = hierarchy.substr(2 + authority_.size());
            if (url.rfind('@') != url.find('@') || path_.find('@') != path_.npos || query.find('@') != query.npos)
                refuse("an @ stands where none may; write %40 in users, passwords and parameters, and %2F, %3F and %3A for / ? :");
        }
        known_ = scheme;
        if (asks)
            read_parameters(query);
    }

    std::string_view scheme() const { return known_; }
    bool has_authority() const { return has_authority_; }
    std::string_view authority() const { return authority_; }
    std::string path() const { return decoded(path_, "the path"); }

    /// Takes the parameter of this name away. Returns: its value, nothing where it is not there.
    std::optional<std::string> take(std::string_view name) {
        auto const found = find(name);
        if (found == parameters_.end())
            return std::nullopt;
        auto value = decoded(found->written, name);
        parameters_.erase(found);
        return value;
    }
    /// How long an operation may take.
    template <class Span>
    void take_patience(std::string_view name, Span& into) {
        using namespace std::chrono_literals;
        if (auto const written = take(name)) {
            auto const span = read_span(*written);
            if (!span || *span < 1ms || *span > 1h)
                refuse(std::string{name} + " is no span from 1ms to 1h; " + std::string{span_advice});
            into = *span;
        }
    }
    void take_size(std::string_view name, std::size_t& into) {
        if (auto const written = take(name)) {
            auto const size = read_size(*written);
            if (!size)
                refuse(std::string{name} + " is no size; " + std::string{size_advice});
            into = *size;
        }
    }
    template <class Number>
    void take_number(std::string_view name, Number& into, std::uint64_t least, std::uint64_t most) {
        if (auto const written = take(name))
            into = static_cast<Number>(number(*written, std::string{name}, least, most));
    }
    void take_prefix(std::string& into) {
        if (auto written = take("prefix")) {
            check_prefix(*written, at() + "prefix");
            into = std::move(*written);
        }
    }
    /// All that may be said was taken.
    void end() const {
        if (parameters_.empty())
            return;
        auto const name = parameters_.front().name;
        bool const plain = !name.empty() && name.size() <= 32 && consists_of(name, {small_letters, "_"});
        refuse((plain ? "the parameter " + std::string{name} : "a parameter") + " is none of this store's; leave it out");
    }

    std::uint64_t number(std::string_view written, std::string const& what, std::uint64_t least, std::uint64_t most) const {
        auto const read = read_number(written);
        if (!read || *read < least || *read > most)
            refuse(what + " is no number from " + std::to_string(least) + " to " + std::to_string(most) + "; write digits alone");
        return *read;
    }

    std::string decoded(std::string_view written, std::string_view what) const {
        std::string plain;
        plain.reserve(written.size());
        while (!written.empty()) {
            if (written.front() != '%') {
                plain.push_back(written.front());
                written.remove_prefix(1);
                continue;
            }
            auto const high = written.size() < 3 ? std::nullopt : hex_digit(written[1]);
            auto const low = written.size() < 3 ? std::nullopt : hex_digit(written[2]);
            if (!high || !low || (*high == 0 && *low == 0))
                refuse(std::string{what} + " holds a % that two hexadecimal digits, not 00, do not follow; write %25 for the sign itself");
            plain.push_back(static_cast<char>(*high * 16 + *low));
            written.remove_prefix(3);
        }
        return plain;
    }

    [[noreturn]] void refuse(std::string const& what) const { throw config_error{at() + what}; }

private:
    std::string at() const { return std::string{who_} + ": " + (scheme_.empty() ? "" : std::string{scheme_} + ": "); }

    std::vector<parameter>::const_iterator find(std::string_view name) const {
        return std::find_if(parameters_.begin(), parameters_.end(), [&](parameter const& one) { return one.name == name; });
    }

    void read_parameters(std::string_view query) {
        constexpr std::size_t most_parameters = 32;
        for (halves next{{}, query, true}; next.found;) {
            next = split(next.behind, '&');
            auto const one = split(next.before, '=');
            if (!one.found || one.before.empty() || one.behind.empty())
                refuse("a parameter has no name or no value; write ?name=value&name=value");
            if (parameters_.size() == most_parameters)
                refuse("there are more than " + std::to_string(most_parameters) + " parameters; no store has so many");
            if (find(one.before) != parameters_.end())
                refuse("a parameter is given twice; keep one");
            parameters_.push_back({one.before, one.behind});
        }
    }

    std::string_view who_;
    std::string_view scheme_{};  // that may be shown
    std::string_view known_{};
    bool has_authority_ = false;
    std::string_view authority_{};
    std::string_view path_{};
    std::vector<parameter> parameters_{};
};

store_address read_memory(url_parts& url) {
    memory_address place;
    if (url.has_authority() || !url.path().empty())
        url.refuse("it has a path, which memory has not; write memory: and parameters behind a ?");
    url.take_size("max_size", place.options.max_size);
    url.take_size("max_bytes", place.options.max_bytes);
    url.take_prefix(place.prefix);
    return place;
}

store_address read_sqlite(url_parts& url) {
    sqlite_address place;
    if (url.has_authority())
        url.refuse("a file has no host; write sqlite:cache.db, or sqlite:/var/cache/app.db from the root on");
    place.path = url.path();
    if (place.path.empty() || place.path.front() == ':')
        url.refuse("there is no file; write sqlite:cache.db, or memory: for a store that ends with the process");
    url.take_size("max_size", place.options.max_entries);
    url.take_size("max_bytes", place.options.max_bytes);
    url.take_patience("timeout", place.options.timeout);
    url.take_patience("bulk_timeout", place.options.bulk_timeout);
    if (auto const mode = url.take("mode")) {
        if (mode != "fast" && mode != "durable")
            url.refuse("mode is neither fast nor durable; write one of them");
        place.options.mode = mode == "fast" ? sqlite_mode::fast : sqlite_mode::durable;
    }
    url.take_prefix(place.prefix);
    return place;
}

void read_user(url_parts const& url, std::string_view written, redis_options& options) {
    auto const [user, password, has_password] = split(written, ':');
    if (has_password && password.empty())
        url.refuse("the password is empty; leave out the colon, or write the password behind it");
    if (user.empty() && !has_password)
        url.refuse("the user is empty; leave out the @");
    options.user = url.decoded(user, "the user");
    auto plain = url.decoded(password, "the password");
    options.password = secret{plain};
    wipe(plain.data(), plain.size());
}

bool is_ipv6(std::string_view text) {
    in6_addr address{};
    return inet_pton(AF_INET6, std::string{text}.c_str(), &address) == 1;
}

void read_host(url_parts const& url, std::string_view written, redis_options& options) {
    constexpr std::uint64_t last_port = 65'535;
    constexpr std::size_t longest_host = 253;
    bool const literal = written.starts_with('[');
    auto const host_end = literal ? written.find(']') : written.find(':');
    auto const host = written.substr(literal ? 1 : 0, host_end - (literal ? 1 : 0));
    auto const port = host_end == written.npos ? std::string_view{} : written.substr(host_end + (literal ? 1 : 0));
    if (host.empty() || host.size() > longest_host || (literal && host_end == written.npos))
        url.refuse("there is no host, or a long one; write redis://localhost:6379, or redis://[::1]:6379");
    if (literal ? !is_ipv6(host)
                : !consists_of(host, {small_letters, great_letters, digits, ".-_"}) || host.front() == '-')
        url.refuse("the host has a character that no host has; write a name, or an address such as 10.0.0.1 or [::1]");
    options.host = std::string{host};
    if (!port.empty() && port.front() != ':')
        url.refuse("something stands between the host and its port; write redis://[::1]:6379");
    if (!port.empty())
        options.port = static_cast<std::uint16_t>(url.number(port.substr(1), "the port", 1, last_port));
}

store_address read_redis(url_parts& url, bool is_socket) {
    constexpr std::uint64_t last_db = std::numeric_limits<int>::max();
    constexpr std::uint64_t widest_pool = 1'024;
    redis_address place;
    auto& options = place.options;
    if (!url.has_authority())
        url.refuse("two slashes are missing; write redis://host:6379/0 or redis+unix:///run/redis.sock");
    auto const at = url.authority().find('@');
    if (at != std::string_view::npos)
        read_user(url, url.authority().substr(0, at), options);
    auto const host = url.authority().substr(at == std::string_view::npos ? 0 : at + 1);
    auto const path = url.path();
    if (is_socket) {
        if (!host.empty() || path.size() < 2)
            url.refuse("there is no path of a socket, or a host before it; write redis+unix:///run/redis.sock");
        options.path = path;
        url.take_number("db", options.db, 0, last_db);
    } else {
        read_host(url, host, options);
        if (path.size() > 1)
            options.db = static_cast<unsigned>(url.number(std::string_view{path}.substr(1), "the database behind the host", 0, last_db));
    }
    url.take_number("pool", options.pool, 1, widest_pool);
    url.take_patience("timeout", options.timeout);
    url.take_patience("connect_timeout", options.connect_timeout);
    url.take_patience("bulk_timeout", options.bulk_timeout);
    url.take_size("max_reply", options.max_reply);
    url.take_prefix(options.prefix);
    if (options.prefix.find('#') != std::string::npos)
        url.refuse("the prefix holds a #, which stands in front of the store's own keys; write one such as shop:");
    return place;
}

store_address read_parts(url_parts& url) {
    auto const scheme = url.scheme();
    if (scheme == "memory")
        return read_memory(url);
    if (scheme == "sqlite") {
        if (!MEMO_HAS_SQLITE)
            url.refuse("this memo was built without SQLite; build it with -Dsqlite=enabled");
        return read_sqlite(url);
    }
    if (scheme == "redis" || scheme == "redis+unix") {
        if (!MEMO_HAS_REDIS)
            url.refuse("this memo was built without Redis; build it with -Dredis=enabled");
        return read_redis(url, scheme == "redis+unix");
    }
    if (scheme == "rediss")
        url.refuse("this memo speaks no TLS; use redis:// to a tunnel on this machine, such as stunnel");
    if (scheme == "redis+cluster" || scheme == "memcached")
        url.refuse("this memo has no such store yet; use redis:// with one server");
    url.refuse("there is no such store; memory:, sqlite:, redis:// and redis+unix:// are");
}

}  // namespace

store_address read_address(std::string_view url, std::string_view who) {
    url_parts parts{url, who};
    auto place = read_parts(parts);
    parts.end();
    return place;
}

void check_prefix(std::string_view prefix, std::string_view who) {
    constexpr std::size_t longest = 128;
    if (prefix.empty() || prefix.size() > longest || prefix.front() == '#')
        throw config_error{std::string{who} + ": a prefix has 1 to " + std::to_string(longest) +
                           " bytes and begins with no #; write one such as shop:"};
}

}  // namespace memo::detail
