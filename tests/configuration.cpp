#include <memo/configuration.hpp>

#include <memo/base/error.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <chrono>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

using namespace std::chrono_literals;

namespace {

using memo::detail::configuration;

configuration read(std::string_view json) { return memo::detail::read_configuration(json, "memo.json"); }

std::string fault(std::string_view json) {
    try {
        read(json);
    } catch (memo::config_error const& error) {
        return error.what();
    }
    return {};
}

void refused(std::string_view json, std::string const& where, std::string_view word) {
    auto const message = fault(json);
    CHECK_MESSAGE(message.starts_with("memo.json: " + where), json.substr(0, 200) << " -> " << message);
    CHECK_MESSAGE(message.find(word) != std::string::npos, json.substr(0, 200) << " -> " << message);
    CHECK_MESSAGE(message.find("; ") != std::string::npos, json.substr(0, 200) << " -> " << message);
}

std::string wrapper(std::string const& setting) { return R"({"wrappers": {"users.get": {)" + setting + "}}}"; }
std::string store(std::string const& setting) { return R"({"stores": {"main": {)" + setting + "}}}"; }

std::string const contract = R"({ "defaults": { "ttl": "5m", "prefix": "shop:" },
  "stores":   { "main": { "url": "redis://cache-1:6379/0", "near": { "max_size": 10000 } }, "disk": { "url": "sqlite:shop.db?max_bytes=1GiB" } },
  "wrappers": { "users.get": { "ttl": "10m", "max_size": 50000, "enabled": true } } })";

}  // namespace

TEST_SUITE("configuration") {
    TEST_CASE("configuration: the one of the contract says what it says") {
        auto const said = read(contract);
        CHECK(said.ttl == 5min);
        CHECK(said.prefix == "shop:");
        CHECK(said.store.empty());
        REQUIRE(said.stores.size() == 2);
        auto const& main = said.stores.at("main");
        CHECK(std::get<memo::detail::redis_address>(main.address).options.host == "cache-1");
        REQUIRE(main.near);
        CHECK(main.near->max_size == 10'000U);
        CHECK_FALSE(main.near->ttl);
        auto const& disk = said.stores.at("disk");
        CHECK(std::get<memo::detail::sqlite_address>(disk.address).path == "shop.db");
        CHECK_FALSE(disk.near);
        REQUIRE(said.wrappers.contains("users.get"));
        auto const& tuned = said.wrappers.at("users.get");
        CHECK((tuned.ttl && tuned.ttl->value == 10min));
        CHECK(tuned.max_size == 50'000U);
        CHECK(tuned.enabled);
        CHECK_FALSE((tuned.idle || tuned.jitter || tuned.max_bytes));
    }

    TEST_CASE("configuration: every key in every form") {
        auto const said = read(R"({
            "defaults": {"ttl": "forever", "prefix": "ü#:", "store": "a"},
            "stores": {"a": {"url": "memory:", "near": {"ttl": "30s", "max_size": 1, "max_bytes": "1KiB"}},
                       "b": {"password_env": "NAME", "url": "redis://h"},
                       "c": {"url": "redis+unix:///s", "password_file": "/run/secrets/redis", "near": {}}},
            "wrappers": {"w": {"ttl": "forever", "idle": "1h", "jitter": 0.25, "max_size": 18446744073709551615, "max_bytes": 7, "enabled": false},
                         "v": {"jitter": 1}, "u": {"jitter": 0, "max_bytes": "2TiB"}, "ns::fn<int>(char) const": {}}})");
        CHECK(said.ttl == memo::duration::max());
        CHECK(said.prefix == "ü#:");
        CHECK(said.store == "a");
        CHECK(said.stores.at("a").near->ttl->value == 30s);
        CHECK(said.stores.at("a").near->max_bytes == 1024U);
        CHECK(said.stores.at("b").password_env == "NAME");
        CHECK(said.stores.at("c").password_file == "/run/secrets/redis");
        CHECK(said.stores.at("c").near.has_value());
        auto const& tuned = said.wrappers.at("w");
        CHECK(tuned.ttl->value == memo::duration::max());
        CHECK(tuned.idle->value == 1h);
        CHECK(tuned.jitter == 0.25);
        CHECK(tuned.max_size == std::string::npos);
        CHECK(tuned.max_bytes == 7U);
        CHECK_FALSE(tuned.enabled);
        CHECK(said.wrappers.at("v").jitter == 1.0);
        CHECK(said.wrappers.at("u").max_bytes == std::size_t{2} << 40U);
        CHECK(said.wrappers.contains("ns::fn<int>(char) const"));
        CHECK(read(R"({"wrappers": {")" + std::string(128, 'n') + R"(": {}}})").wrappers.size() == 1);
        CHECK(read("{}").stores.empty());
        CHECK(read(R"({"defaults": {}, "stores": {}, "wrappers": {}})").wrappers.empty());
    }

    TEST_CASE("F60 configuration: what is no JSON is refused with its line") {
        for (auto const* const json : {"", " ", "{", "{]", "{\"defaults\": }", "{,}", "{} {}", "{}x", "{'defaults': {}}", "{\"defaults\": {},}", "// no\n{}",
                                       "{\"defaults\": {\"ttl\": NaN}}", "{\"defaults\": {\"ttl\": Infinity}}", "{\"a\": \"\xff\"}", "{\"a\": \"\\ud800\"}", "nul"})
            refused(json, "", "this is no JSON");
        refused("{\n  \"defaults\": {\n    \"ttl\": x }}", "defaults.ttl: line 3, column 12: ", "mend it");
        refused(std::string{"{\"a\0\": 1}", 9}, "line 1", "no JSON");
    }

    TEST_CASE("F60 configuration: unknown keys, keys given twice and other types are refused with their path") {
        refused("[]", "", "list");
        refused("1", "this is no object", "write {");
        refused("null", "this is no object", "write {");
        refused(R"("text")", "this is no object", "write {");
        refused(R"({"default": {}})", "default: ", "there are defaults, stores, wrappers");
        refused(R"({"defaults": {"tll": "5m"}})", "defaults.tll: ", "there are ttl, prefix, store");
        refused(R"({"defaults": []})", "defaults: ", "list");
        refused(R"({"defaults": null})", "defaults: ", "no object");
        refused(R"({"defaults": {"ttl": "1s", "ttl": "1s"}})", "defaults.ttl: ", "twice");
        refused(R"({"defaults": {"ttl": "1s", "\u0074tl": "1s"}})", "defaults.ttl: ", "twice");
        refused(R"({"stores": {}, "stores": {}})", "stores: ", "twice");
        refused(R"({"stores": {"main": "redis://h"}})", "stores.main: ", "no object");
        refused(R"({"stores": {"main": {}}})", "stores.main: ", "no url");
        refused(store(R"("url": 1)"), "stores.main.url: ", "no text");
        refused(store(R"("url": "")"), "stores.main.url: ", "empty");
        refused(store(R"("url": "memory:\u0000")"), "stores.main.url: ", "NUL");
        refused(store(R"("url": "memory:?max_size=0")"), "stores.main.url: ", "max_size");
        refused(store(R"("url": "redis://h:0")"), "stores.main.url: ", "the port");
        refused(store(R"("url": "memory:", "nearby": {})"), "stores.main.nearby: ", "there are url, near");
        refused(store(R"("url": "memory:", "near": 10000)"), "stores.main.near: ", "no object");
        refused(store(R"("url": "memory:", "near": {"max_size": "10000"})"), "stores.main.near.max_size: ", "whole number");
        refused(store(R"("url": "memory:", "near": {"size": 1})"), "stores.main.near.size: ", "there are ttl, max_size, max_bytes");
        refused(store(R"("url": "memory:", "password_env": "A")"), "stores.main.password_env: ", "takes no password");
        refused(store(R"("url": "redis://:p@h", "password_env": "A")"), "stores.main.password_env: ", "one already");
        refused(store(R"("url": "redis://h", "password_env": "A", "password_file": "f")"), "stores.main.password_file: ", "one already");
        refused(store(R"("url": "redis://h", "password_file": "")"), "stores.main.password_file: ", "empty");
        refused(store(R"("url": "redis://h", "password": "p")"), "stores.main.password: ", "no such key");
        refused(R"({"stores": {"": {"url": "memory:"}}})", "stores.(a key): ", "1 to 128");
        refused(R"({"stores": {"a\nb": {"url": "memory:"}}})", "stores.(a key): ", "printed");
        refused(R"({"wrappers": {")" + std::string(129, 'n') + R"(": {}}})", "wrappers.(a key): ", "1 to 128");
        refused(R"({"wrappers": {"users.get": true}})", "wrappers.users.get: ", "no object");
        refused(wrapper(R"("enabled": "true")"), "wrappers.users.get.enabled: ", "neither true nor false");
        refused(wrapper(R"("enabled": 1)"), "wrappers.users.get.enabled: ", "neither true nor false");
        refused(wrapper(R"("store": "main")"), "wrappers.users.get.store: ", "no such key");
        refused(R"({"defaults": {"store": "main"}})", "defaults.store: ", "describe it");
        refused(R"({"defaults": {"prefix": ""}})", "defaults.prefix: ", "empty");
        refused(R"({"defaults": {"prefix": "#p"}})", "defaults.prefix: ", "no #");
        refused(R"({"defaults": {"prefix": ")" + std::string(129, 'p') + "\"}}", "defaults.prefix: ", "128");
    }

    TEST_CASE("F60 configuration: numbers and spans out of their range are refused with their path") {
        for (auto const* const number : {"0", "-0", "-1", "1.5", "1e3", "1e400", "-1e400", "1e-400", "18446744073709551616", "9999999999999999999999", "\"7\"",
                                         "true", "null", "[]", "{}", "0.0", "-0.0"}) {
            refused(wrapper(R"("max_size": )" + std::string{number}), "wrappers.users.get.max_size: ", "");
            refused(store(R"("url": "memory:", "near": {"max_size": )" + std::string{number} + "}"), "stores.main.near.max_size: ", "");
        }
        for (auto const* const size : {"0", "-0", "-1", "1.5", "1e400", "18446744073709551616", "\"\"", "\"0\"", "\"0MiB\"", "\"-1MiB\"", "\"64MB\"",
                                       "\"1.5GiB\"", "\"16777216TiB\"", "\" 1\"", "false", "null"})
            refused(wrapper(R"("max_bytes": )" + std::string{size}), "wrappers.users.get.max_bytes: ", "");
        for (auto const* const span : {"5", "0", "-0", "-5", "1e400", "\"\"", "\"5\"", "\"0s\"", "\"-5s\"", "\"5 s\"", "\"5min\"", "\"5S\"", "\"NaN\"", "\"1e400s\"",
                                       "\"9223372036854775808ns\"", "\"106752d\"", "\"Forever\"", "null", "true", "{}"}) {
            refused(wrapper(R"("ttl": )" + std::string{span}), "wrappers.users.get.ttl: ", "");
            refused(wrapper(R"("idle": )" + std::string{span}), "wrappers.users.get.idle: ", "");
            refused(R"({"defaults": {"ttl": )" + std::string{span} + "}}", "defaults.ttl: ", "");
        }
        for (auto const* const fraction : {"-0", "-0.0", "-0.1", "1.0000001", "2", "1e400", "18446744073709551616", "\"0.1\"", "null"})
            refused(wrapper(R"("jitter": )" + std::string{fraction}), "wrappers.users.get.jitter: ", "");
    }

    TEST_CASE("F60 configuration: depth and size are bounded before anything is made of them") {
        auto const nested = [](std::size_t depth) {
            std::string json;
            for (std::size_t level = 0; level != depth; ++level)
                json += "{\"a\":";
            return json + "1" + std::string(depth, '}');
        };
        refused(nested(32), "a: ", "no such key");
        refused(nested(33), "a.a.a", "nested more than 32 deep");
        refused(nested(150'000), "a.a.a", "nested more than 32 deep");
        refused(std::string(500'000, '['), "", "list");
        std::string const padding(memo::detail::longest_configuration - 2, ' ');
        CHECK(read("{" + padding + "}").stores.empty());
        refused("{ " + padding + "}", "the configuration has more than", "1048576");
        std::string many = R"({"wrappers": {)";
        for (int one = 0; many.size() < memo::detail::longest_configuration - 30; ++one)
            many += (one == 0 ? "\"" : ",\"") + std::to_string(one) + "\":{}";
        CHECK(read(many + "}}").wrappers.size() > 80'000);
    }

    TEST_CASE("F57 configuration: no message shows a value, wherever the file is broken") {
        std::string const canary = "hunter2";
        auto const whole = store(R"("url": "redis://user:hunter2@h:6379/0?pool=8", "near": {"max_size": 1})");
        CHECK(fault(whole).empty());
        for (std::size_t at = 0; at != whole.size(); ++at) {
            CHECK_MESSAGE(fault(std::string_view{whole}.substr(0, at)).find(canary) == std::string::npos, at);
            for (char const wrong : std::string_view{"\"\\{}[]:,@/?#%x 0\n\xff\0", 20}) {
                auto const within = at >= whole.find(canary) && at < whole.find(canary) + canary.size();
                auto broken = whole;
                broken[at] = wrong;
                if (!within)
                    CHECK_MESSAGE(fault(broken).find(canary) == std::string::npos, broken << " -> " << fault(broken));
            }
        }
        for (auto const* const json : {R"({"stores": {"main": {"redis://u:hunter2@h": 1}}})", R"({"stores": {"main": "redis://u:hunter2@h"}})",
                                       R"({"redis://u:hunter2@h": {}})", R"({"stores": {"redis://u:hunter2@h": {}}})",
                                       R"({"defaults": {"ttl": "hunter2"}})", R"({"stores": {"main": {"url": "redis://h", "password": "hunter2"}}})",
                                       R"({"stores": {"main": {"url": "redis://h", "password_env": 1, "a": "hunter2"}}})",
                                       R"({"defaults": {"store": "hunter2"}})", R"({"wrappers": {"w": {"max_bytes": "hunter2"}}})"}) {
            CHECK_FALSE(fault(json).empty());
            CHECK_MESSAGE(fault(json).find(canary) == std::string::npos, fault(json));
        }
    }

    TEST_CASE("F60 configuration: of 100,000 mutations of a valid one, each is valid or refused with what to do") {
        std::mt19937_64 draw{20'261'121};
        std::string_view const pieces[] = {"{", "}", "\"", ":", ",", "null", "true", "-", "0", "1e400", "18446744073709551616", "\"ttl\":", "\"5m\"",
                                           "\"max_size\":", "\"url\":\"memory:\"", "\\u0000", "\xff", "[", "\"near\":{", "forever"};
        std::size_t valid = 0;
        for (int turn = 0; turn != 100'000; ++turn) {
            auto json = contract;
            for (auto times = 1 + draw() % 4; times != 0; --times) {
                auto const at = draw() % json.size();
                switch (draw() % 5) {
                    case 0: json[at] = static_cast<char>(draw()); break;
                    case 1: json.erase(at, 1 + draw() % 20); break;
                    case 2: json.insert(at, pieces[draw() % std::size(pieces)]); break;
                    case 3: json.insert(at, json.substr(draw() % json.size(), draw() % 40)); break;
                    default: json[at] = static_cast<char>(json[at] ^ (1 << draw() % 8)); break;
                }
                if (json.empty())
                    json = "{}";
            }
            auto const message = fault(json);
            valid += message.empty() ? 1U : 0U;
            if (!message.empty() && (!message.starts_with("memo.json: ") || message.find("; ") == std::string::npos))
                FAIL_CHECK(message);
        }
        CHECK(valid > 100);
        CHECK(valid < 50'000);
    }
}
