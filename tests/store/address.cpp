#include <memo/store/address.hpp>

#include <memo/base/error.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

using namespace std::chrono_literals;

namespace {

using memo::detail::memory_address;
using memo::detail::redis_address;
using memo::detail::sqlite_address;

template <class Address>
Address read(std::string_view url) {
    return std::get<Address>(memo::detail::read_address(url, "test"));
}

std::string fault(std::string_view url) {
    try {
        memo::detail::read_address(url, "test");
    } catch (memo::config_error const& error) {
        return error.what();
    }
    return {};
}

memo::redis_options redis(std::string_view url) { return read<redis_address>(url).options; }

/// Tells the right kind of fault by a word of its message.
void refused(std::string_view url, std::string_view word) {
    auto const message = fault(url);
    CHECK_MESSAGE(message.find(word) != std::string::npos, url << " -> " << message);
    CHECK_MESSAGE(message.starts_with("test: "), url << " -> " << message);
    CHECK_MESSAGE(message.find("; ") != std::string::npos, url << " -> " << message);
}

}  // namespace

TEST_SUITE("address") {
    TEST_CASE("address: memory with bounds and a prefix") {
        CHECK(read<memory_address>("memory:").options.max_size == memo::memory_bytes_options{}.max_size);
        auto const place = read<memory_address>("memory:?max_size=1000&max_bytes=64MiB&prefix=p:");
        CHECK(place.options.max_size == 1000);
        CHECK(place.options.max_bytes == std::size_t{64} << 20U);
        CHECK(place.prefix == "p:");
    }

    TEST_CASE("address: a file, relative or from the root on, with bounds, mode and deadline") {
        CHECK(read<sqlite_address>("sqlite:cache.db").path == "cache.db");
        CHECK(read<sqlite_address>("sqlite:/var/cache/app.db").path == "/var/cache/app.db");
        auto const place = read<sqlite_address>("sqlite:/var/my%20cache/app%3F.db?max_bytes=1GiB&mode=durable&timeout=250ms&max_size=7");
        CHECK(place.path == "/var/my cache/app?.db");
        CHECK(place.options.max_bytes == std::size_t{1} << 30U);
        CHECK(place.options.max_entries == 7);
        CHECK(place.options.mode == memo::sqlite_mode::durable);
        CHECK(place.options.timeout == 250ms);
        CHECK(read<sqlite_address>("sqlite:c.db?mode=fast").options.mode == memo::sqlite_mode::fast);
        CHECK(read<sqlite_address>("sqlite:we@home.db").path == "we@home.db");
    }

    TEST_CASE("address: a server with all that may be said of it") {
        auto const bare = redis("redis://cache-1");
        CHECK(bare.host == "cache-1");
        CHECK(bare.port == 6379);
        CHECK(bare.db == 0);
        CHECK((bare.user.empty() && bare.password.empty() && bare.path.empty() && bare.prefix.empty()));
        auto const all = redis(
            "redis://user:password@host:6380/3?prefix=p:&pool=4&timeout=20ms&connect_timeout=1s&bulk_timeout=5s&max_reply=1MiB");
        CHECK(all.user == "user");
        CHECK(all.password.reveal() == "password");
        CHECK(all.host == "host");
        CHECK(all.port == 6380);
        CHECK(all.db == 3);
        CHECK(all.prefix == "p:");
        CHECK(all.pool == 4);
        CHECK(all.timeout.value == 20ms);
        CHECK(all.connect_timeout.value == 1s);
        CHECK(all.bulk_timeout.value == 5s);
        CHECK(all.max_reply == std::size_t{1} << 20U);
        CHECK(redis("redis://h/").db == 0);
        CHECK(redis("redis://h:65535/2147483647").db == 2'147'483'647U);
        CHECK(redis("redis://[::1]:7000/1").host == "::1");
        CHECK(redis("redis://[::1]:7000/1").port == 7000);
        CHECK(redis("redis://[fe80::1:2]").host == "fe80::1:2");
        CHECK(redis("redis://:secret@10.0.0.1").password.reveal() == "secret");
        CHECK(redis("redis://app@h").user == "app");
    }

    TEST_CASE("address: a server behind a socket") {
        auto const place = redis("redis+unix:///run/redis.sock?db=2&prefix=a:");
        CHECK(place.path == "/run/redis.sock");
        CHECK(place.db == 2);
        CHECK(place.prefix == "a:");
        CHECK(redis("redis+unix://user:pass%2Fword@/run/redis.sock").password.reveal() == "pass/word");
    }

    TEST_CASE("address: any user, password, path and prefix can be written, and reads as it was") {
        auto const written = [](std::string const& text) {
            std::string out;
            for (char const byte : text) {
                auto const number = static_cast<unsigned char>(byte);
                out += {'%', "0123456789abcdef"[number / 16], "0123456789ABCDEF"[number % 16]};
            }
            return out;
        };
        CHECK(rc::check([&](std::string user, std::string password, std::string prefix) {
            for (auto* const text : {&user, &password, &prefix})
                std::erase(*text, '\0');
            std::erase(prefix, '#');
            RC_PRE(!password.empty() && !prefix.empty() && prefix.size() <= 128);
            auto const place = redis("redis://" + written(user) + ":" + written(password) + "@h?prefix=" + written(prefix));
            RC_ASSERT(place.user == user);
            RC_ASSERT(place.password.reveal() == password);
            RC_ASSERT(place.prefix == prefix);
        }));
    }

    TEST_CASE("F60 address: what is not just so is refused with what to do") {
        for (auto const& [url, word] : std::vector<std::pair<std::string, std::string_view>>{
                 {"", "no scheme"}, {"cache.db", "no scheme"}, {":x", "no scheme"}, {"Redis://h", "no scheme"}, {"red is://h", "blank"},
                 {"mysql://h", "test: mysql: there is no such store"}, {std::string(17, 'm') + "://h", "test: there is no such store"}, {"http:", "no such store"}, {"redis", "no scheme"}, {"redis:", "test: redis: two slashes"},
                 {"redis:h", "two slashes"}, {"redis://", "no host"}, {"redis://:6379", "no host"}, {"redis://u:p@", "no host"},
                 {"redis:///0", "no host"}, {"redis://h:", "the port"}, {"redis://h:0", "the port"}, {"redis://h:65536", "the port"},
                 {"redis://h:-1", "the port"}, {"redis://h:+1", "the port"}, {"redis://h:06379", "the port"}, {"redis://h:port", "the port"},
                 {"redis://h/x", "the database"}, {"redis://h/-1", "the database"}, {"redis://h/0/", "the database"},
                 {"redis://h/2147483648", "the database"}, {"redis://[::1", "no host"}, {"redis://[]", "no host"}, {"redis://[1]", "no host has"},
                 {"redis://[::1]6379", "between"}, {"redis://[::g]", "no host has"}, {"redis://[:::]", "no host has"}, {"redis://a%20b", "no host has"},
                 {"redis://-h", "no host has"}, {"redis://a,b", "no host has"}, {"redis://" + std::string(254, 'h'), "long"},
                 {"redis://@h", "the user is empty"}, {"redis://u:@h", "the password is empty"}, {"redis://u:p@q@h", "%40"},
                 {"redis://u:p@h/a@b", "%40"}, {"redis://u:p?x=@h", "%40"}, {"redis://u:p#x@h", "%23"}, {"redis://u:%zz@h", "%25"},
                 {"redis://u:%4@h", "%25"}, {"redis://u:a%00b@h", "%25"}, {"redis://h?db=1", "parameter db"}, {"redis://h?pool=0", "pool"},
                 {"redis://h?pool=1025", "pool"}, {"redis://h?pool=8&pool=8", "twice"}, {"redis://h?timeout=100", "timeout"},
                 {"redis://h?timeout=0ms", "timeout"}, {"redis://h?timeout=-5ms", "timeout"}, {"redis://h?timeout=999us", "timeout"},
                 {"redis://h?timeout=2h", "timeout"}, {"redis://h?max_reply=1MB", "max_reply"}, {"redis://h?colour=red", "parameter colour"},
                 {"redis://h?Colour=red", "a parameter"}, {"redis://h?password=p", "parameter password"}, {"redis://h?", "no name or no value"},
                 {"redis://h?pool", "no name or no value"}, {"redis://h?pool=", "no name or no value"}, {"redis://h?=8", "no name or no value"},
                 {"redis://h?pool=8&", "no name or no value"}, {"redis://h?prefix=%23p", "prefix"}, {"redis://h?prefix=p%23", "the prefix holds a #"}, {"redis://h?prefix=" + std::string(129, 'p'), "128"},
                 {"redis+unix://h/run/s", "socket"}, {"redis+unix://", "socket"}, {"redis+unix:///", "socket"}, {"redis+unix:/run/s", "two slashes"},
                 {"redis+unix:///s?db=-1", "db"}, {"redis+unix:///s?db=x", "db"}, {"memory", "no scheme"}, {"memory:cache", "a path"},
                 {"memory://", "a path"}, {"memory:?max_size=0", "max_size"}, {"memory:?max_size=-1", "max_size"},
                 {"memory:?max_size=18446744073709551616", "max_size"}, {"memory:?max_size=1e3", "max_size"}, {"memory:?mode=fast", "parameter mode"},
                 {"sqlite:", "no file"}, {"sqlite::memory:", "no file"}, {"sqlite:///cache.db", "no host"}, {"sqlite://cache.db", "no host"},
                 {"sqlite:c.db?mode=quick", "mode"}, {"sqlite:c.db?pool=3", "parameter pool"}, {"sqlite:a%00b", "%25"},
                 {"sqlite:a\nb", "control"}, {std::string{"sqlite:a\0b", 10}, "control"}, {"rediss://h", "TLS"},
                 {"redis+cluster://a:7000,b:7000", "yet"}, {"memcached://a:11211,b:11211", "yet"},
                 {"sqlite:" + std::string(memo::detail::longest_url, 'a'), "8192"}})
            refused(url, word);
    }

    TEST_CASE("F60 address: a URL of the greatest length, and numbers at their ends, are taken") {
        std::string const url = "sqlite:";
        CHECK(read<sqlite_address>(url + std::string(memo::detail::longest_url - url.size(), 'a')).path.size() == 8185);
        CHECK(read<memory_address>("memory:?max_size=1").options.max_size == 1);
        CHECK(read<memory_address>("memory:?max_size=18446744073709551615").options.max_size == std::string::npos);
        CHECK(redis("redis://h?pool=1024&timeout=1ms&bulk_timeout=1h").pool == 1024);
        CHECK(redis("redis://h:1?pool=1").port == 1);
        CHECK(redis("redis://" + std::string(253, 'h')).host.size() == 253);
        refused("memory:?a=1" + [] {
            std::string many;
            for (int one = 0; one != 32; ++one)
                many += "&a" + std::to_string(one) + "=1";
            return many;
        }(), "more than 32");
    }

    TEST_CASE("F57 address: no message shows a password, wherever it came to stand") {
        std::string const canary = "hunter2";
        for (auto const& form : std::vector<std::string>{
                 "redis://u:$@h:x", "redis://u:$@", "redis://u:$", "redis://u:$@h/x", "redis://u:$@h?colour=1", "redis://u:$@h?pool=x", "redis://$",
                 "redis://u:$#@h", "redis://u:a#$@h", "redis://u:/$@h", "redis://u:1/$@h", "redis://u:1$/@h", "redis://u:1?$=x@h", "redis://u:@$@h",
                 "redis://u:$@@h", "redis://u:$%@h", "redis://u:%$@h", "redis://u: $@h", "redis:u:$@h", "u:$@h:6379", "$:u@h", "$@h:6379", "$", ":$", ":$@h",
                 "rediss://u:$@h", "redis+cluster://u:$@a:1,b:2", "redis+unix://u:$@h/s", "redis+unix://u:$@", "memory:$", "memory://u:$@h",
                 "sqlite://u:$@h", "mysql://u:$@h", "redis://h?password=$", "redis://h?pool=$", "redis://h?timeout=$", "redis://u:1?pool=$",
                 "redis://[$]", "redis://u:[$@h", "redis://-$", "redis://h:$", "redis://h/$", "redis+unix:///s?db=$", "sqlite:c.db?mode=$",
                 "memory:?max_size=$", "redis://u:$@h?pool=1&pool=2", "redis://h?prefix=%23$"}) {
            auto url = form;
            url.replace(url.find('$'), 1, canary);
            CHECK_MESSAGE(fault(url).find(canary) == std::string::npos, url << " -> " << fault(url));
        }
    }

    TEST_CASE("F60 address: any bytes are read or refused") {
        auto const piece = rc::gen::element<std::string>("redis", "://", "sqlite:", "memory:", "+unix", "@", ":", "/", "?", "&", "=", "%", "%4", "%41", "[",
                                                         "]", "::1", "h", "6379", "pool", "prefix", "timeout=1ms", "#", "0", "\xff", "db=1");
        CHECK(rc::check([&] {
            std::string url;
            for (auto const& one : *rc::gen::container<std::vector<std::string>>(piece))
                url += one;
            try {
                memo::detail::read_address(url, "test");
            } catch (memo::config_error const& error) {
                RC_ASSERT(std::string_view{error.what()}.starts_with("test: "));
            }
        }));
        CHECK(rc::check([](std::string const& url) {
            try {
                memo::detail::read_address(url, "test");
            } catch (memo::config_error const&) {
            }
        }));
    }
}
