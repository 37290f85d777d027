#include <memo/open.hpp>

#include <memo/base/error.hpp>
#include <memo/base/event.hpp>
#include <memo/base/stats.hpp>
#include <memo/store/byte_store.hpp>

#include "live/redis_server.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

namespace files = std::filesystem;

template <class Fn>
std::string fault(Fn const& fn) {
    try {
        fn();
    } catch (memo::config_error const& error) {
        return error.what();
    }
    return {};
}

/// A directory of this test's own, in which it works for as long as this lives.
struct workplace {
    files::path before = files::current_path();
    files::path path;

    workplace() {
        std::string made = (files::temp_directory_path() / "memo-open-XXXXXX").string();
        if (::mkdtemp(made.data()) == nullptr)
            throw std::runtime_error{"no directory to work in"};
        path = made;
        files::current_path(path);
    }
    ~workplace() {
        files::current_path(before);
        files::remove_all(path);
    }
    void write(std::string const& name, std::string_view text) const { std::ofstream{path / name, std::ios::binary} << text; }
};

/// An environment without any of the variables that count, but with these, for as long as it lives.
struct environment {
    std::vector<std::string> names{"MEMO_CONFIG", "MEMO_PREFIX",    "MEMO_TTL", "MEMO_URL",      "REDIS_HOST",
                                   "REDIS_PORT",  "REDIS_PASSWORD", "REDIS_DB", "REDIS_DEFAULT_TTL"};

    explicit environment(std::vector<std::pair<std::string, std::string>> const& variables) {
        forget();
        for (auto const& [name, value] : variables) {
            ::setenv(name.c_str(), value.c_str(), 1);
            names.push_back(name);
        }
    }
    ~environment() { forget(); }
    void forget() const {
        for (auto const& name : names)
            ::unsetenv(name.c_str());
    }
};

std::optional<std::string> text_of(memo::shared_store const& store, std::string_view name) { return store->get({"c", name}); }
void put(memo::shared_store const& store, std::string_view name, std::string_view text) { store->set({"c", name}, {text}); }

}  // namespace

TEST_SUITE("open") {
    TEST_CASE("open: every memory: is a store of its own, and copies are the same") {
        auto const one = memo::open("memory:");
        auto const other = memo::open("memory:");
        auto const copy = one;
        put(one, "k", "v");
        CHECK(text_of(copy, "k") == "v");
        CHECK_FALSE(text_of(other, "k"));
        CHECK(one->kind() == "memory");
    }

    TEST_CASE("open: what a URL says is what the store does") {
        auto const small = memo::open("memory:?max_size=2");
        for (auto const* const name : {"a", "b", "c"})
            put(small, name, "v");
        CHECK(small->count({}) == 2);
        CHECK(memo::open("memory:?prefix=p:")->prefix() == "p:");
        CHECK(memo::open("memory:")->prefix().empty());
    }

    TEST_CASE("open: a URL that is not just so throws config_error of open's") {
        for (auto const* const url : {"", "memory", "memory:?max_size=0", "memory:?a=b", "sqlite:", "redis:", "rediss://h", "mysql://h"}) {
            auto const message = fault([&] { memo::open(url); });
            CHECK_MESSAGE(message.starts_with("memo::open: "), message);
        }
    }

    TEST_CASE("open: equal files share entries, others do not") {
        workplace const here;
        auto const one = memo::open("sqlite:a.db");
        put(one, "k", "v");
        CHECK(text_of(memo::open("sqlite:a.db"), "k") == "v");
        CHECK(text_of(memo::open("sqlite:" + (here.path / "a.db").string() + "?mode=durable"), "k") == "v");
        CHECK_FALSE(text_of(memo::open("sqlite:b.db"), "k"));
        CHECK_FALSE(text_of(memo::open("sqlite:a.db?prefix=p:"), "k"));
        CHECK(one->kind() == "sqlite");
    }

    TEST_CASE("F52 open: a server need not be there yet, and F57 nothing that is told of it shows the password") {
        workplace const here;
        auto const store = memo::open("redis+unix://user:hunter2@" + (here.path / "none.sock").string());
        CHECK(store->kind() == "redis");
        std::string told;
        try {
            store->get({"c", "k"});
        } catch (memo::connection_error const& error) {
            told = error.what();
        }
        CHECK_FALSE(told.empty());
        try {
            for (auto const& [key, value] : store->info())
                told += key + "=" + value + "\n";
        } catch (memo::connection_error const& error) {
            told += error.what();
        }
        CHECK_MESSAGE(told.find("hunter2") == std::string::npos, told);
    }
}

TEST_SUITE("from_config") {
    TEST_CASE("from_config: the sample of each store opens what it describes") {
        workplace const here;
        for (auto const& one : std::vector<std::pair<std::string, std::string_view>>{
                 {"memory", "memory"}, {"sqlite", "sqlite"}, {"redis", "redis"}, {"all", "redis"}}) {
            auto const& sample = one.first;
            auto const m = memo::manager::from_config(MEMO_SAMPLES "/" + sample + ".json");
            CHECK_MESSAGE(m.store("main")->kind() == one.second, sample);
            CHECK_MESSAGE(m.stores().size() == (sample == "all" ? 3U : 1U), sample);
        }
        CHECK(files::exists("shop.db"));
    }

    TEST_CASE("from_config: defaults reach what is in the manager") {
        workplace const here;
        here.write("memo.json", R"({"defaults": {"ttl": "5m", "prefix": "shop:", "store": "b"},
            "stores": {"a": {"url": "memory:"}, "b": {"url": "memory:", "near": {"max_size": 7}}}, "wrappers": {"w": {"ttl": "1h"}}})");
        auto const m = memo::manager::from_config("memo.json");
        auto const& inside = *m.inside();
        CHECK(inside.defaults().ttl == std::chrono::minutes{5});
        CHECK(inside.defaults().prefix == "shop:");
        REQUIRE(inside.default_store());
        CHECK(inside.default_store()->store.inside() == m.store("b").inside());
        REQUIRE(inside.store("b").near);
        CHECK(inside.store("b").near->max_size == 7U);
        REQUIRE(inside.settings_of("w") != nullptr);
        CHECK(inside.settings_of("w")->ttl->value == std::chrono::hours{1});
        CHECK(m.store("a")->prefix() == "shop:");
    }

    TEST_CASE("from_config: the password stands in the environment or in a file") {
        workplace const here;
        environment const set{{{"SECRET_OF_CACHE", "hunter2"}}};
        here.write("memo.json", R"({"stores": {"a": {"url": "redis://h", "password_env": "SECRET_OF_CACHE"},
                                               "b": {"url": "redis://app@h", "password_file": "secret"}}})");
        for (auto const* const text : {"hunter2", "hunter2\n", "hunter2\r\n", " "}) {
            here.write("secret", text);
            CHECK(memo::manager::from_config("memo.json").stores().size() == 2);
        }
        for (auto const& text : {std::string{}, std::string{"\n"}, std::string{"hunter2\nhunter2"}, std::string{"hunter2\0", 8}, std::string(4'097, 'h')}) {
            here.write("secret", text);
            auto const message = fault([] { memo::manager::from_config("memo.json"); });
            CHECK_MESSAGE(message.find("(memo.json): stores.b.password_file: ") != std::string::npos, message);
            CHECK_MESSAGE(message.find("hunter2") == std::string::npos, message);
        }
        here.write("memo.json", R"({"stores": {"a": {"url": "redis://h", "password_env": "NOT_SET_ANYWHERE"}}})");
        CHECK(fault([] { memo::manager::from_config("memo.json"); }).find("stores.a.password_env: ") != std::string::npos);
    }

    TEST_CASE("F60 from_config: a file that is not there, is no file or is too large is refused by its name") {
        workplace const here;
        files::create_directory("folder");
        here.write("large.json", "{" + std::string(1'048'576, ' ') + "}");
        here.write("empty.json", "");
        here.write("wrong.json", R"({"stores": {"main": {"url": "redis://u:hunter2@h:0"}}})");
        for (std::string const name : {"", "missing.json", "folder", "large.json", "empty.json", "wrong.json", "/dev/zero"}) {
            auto const message = fault([&] { memo::manager::from_config(name); });
            CHECK_MESSAGE(message.starts_with("memo::manager(" + name + "): "), name << " -> " << message);
            CHECK_MESSAGE(message.find("hunter2") == std::string::npos, message);
        }
    }

    TEST_CASE("F60 from_config: of a file with one fault nothing is opened") {
        workplace const here;
        here.write("memo.json", R"({"stores": {"a": {"url": "sqlite:a.db"}, "b": {"url": "memory:?max_size=0"}}})");
        CHECK(fault([] { memo::manager::from_config("memo.json"); }).find("stores.b.url: ") != std::string::npos);
        here.write("memo.json", R"({"stores": {"a": {"url": "sqlite:a.db"}, "b": {"url": "redis://h", "password_env": "NOT_SET_ANYWHERE"}}})");
        CHECK_FALSE(fault([] { memo::manager::from_config("memo.json"); }).empty());
        CHECK_FALSE(files::exists("a.db"));
    }

    TEST_CASE("F60 from_config: a wrong file changes nothing of the manager that is there") {
        workplace const here;
        here.write("good.json", R"({"stores": {"main": {"url": "memory:"}}})");
        here.write("bad.json", R"({"stores": {"main": {"url": "memory:"}, "main": {"url": "memory:"}}})");
        auto m = memo::manager::from_config("good.json");
        put(m.store("main"), "k", "v");
        CHECK_THROWS_AS(m = memo::manager::from_config("bad.json"), memo::config_error);
        CHECK(text_of(m.store("main"), "k") == "v");
        m = memo::manager::from_config("good.json");
        CHECK_FALSE(text_of(m.store("main"), "k"));
    }

    TEST_CASE("F57 from_config: errors, events, statistics and information never show a password, nor what was asked for") {
        workplace const here;
        std::string const canary = "hunter2";
        environment const set{{{"SECRET_OF_CACHE", canary}}};
        here.write("secret", canary);
        here.write("memo.json", R"({"stores": {
            "a": {"url": "redis+unix://user:hunter2@/none.sock"},
            "b": {"url": "redis://127.0.0.1:1", "password_env": "SECRET_OF_CACHE"},
            "c": {"url": "redis+unix:///none.sock", "password_file": "secret"}}})");
        auto m = memo::manager::from_config("memo.json");
        std::ostringstream told;
        m.on_event([&](memo::event const& happening) {
            told << happening;
            try {
                std::rethrow_exception(happening.error);
            } catch (std::exception const& error) {
                told << error.what() << '\n';
            }
        });
        CHECK_FALSE(m.evict_key("hunter2").confirmed());
        CHECK_FALSE(m.evict_pattern("hunter2*").confirmed());
        CHECK_FALSE(m.evict_tag("hunter2").confirmed());
        CHECK_FALSE(m.clear().confirmed());
        told << m.stats();
        for (auto const& name : m.stores()) {
            auto const store = m.store(name);
            for (int operation = 0; operation != 4; ++operation) {
                try {
                    if (operation == 0)
                        put(store, "hunter2", "hunter2");
                    if (operation == 1)
                        store->ping();
                    if (operation == 2)
                        store->scan("c", "hunter2*", {});
                    if (operation == 3)
                        for (auto const& [key, value] : store->info())
                            told << key << '=' << value << '\n';
                } catch (memo::connection_error const& error) {
                    told << error.what() << '\n';
                }
            }
        }
        CHECK_MESSAGE(told.str().find(canary) == std::string::npos, told.str());
        CHECK(told.str().size() > 500);
        CHECK(m.stats().errors == 4);
    }
}

TEST_SUITE("passwords") {
    TEST_CASE("passwords: a server that asks for one gets it from wherever it stands, and from nowhere else") {
        workplace const here;
        live::redis_server const server{{"--requirepass", "hunter2 @/?#%"}};
        auto const host = "127.0.0.1:" + std::to_string(server.port()) + "?timeout=10s&connect_timeout=10s";
        CHECK_NOTHROW(memo::open("redis://:hunter2%20%40%2F%3F%23%25@" + host)->ping());
        CHECK_THROWS_AS(memo::open("redis://:hunter3@" + host)->ping(), memo::connection_error);
        environment const set{{{"SECRET_OF_CACHE", "hunter2 @/?#%"},
                               {"REDIS_HOST", "127.0.0.1"},
                               {"REDIS_PORT", std::to_string(server.port())},
                               {"REDIS_PASSWORD", "hunter2 @/?#%"}}};
        live::reach(memo::manager::from_env().store("main"));
        auto const answers = [&](std::string const& where) {
            here.write("memo.json", R"({"stores": {"main": {"url": "redis://)" + host + "\"" + where + "}}}");
            try {
                memo::manager::from_config("memo.json").store("main")->ping();
            } catch (memo::connection_error const& error) {
                CHECK_MESSAGE(std::string_view{error.what()}.find("hunter") == std::string_view::npos, error.what());
                return false;
            }
            return true;
        };
        CHECK_FALSE(answers(""));
        CHECK(answers(R"(, "password_env": "SECRET_OF_CACHE")"));
        for (auto const* const end : {"", "\n", "\r\n"}) {
            here.write("secret", std::string{"hunter2 @/?#%"} + end);
            CHECK(answers(R"(, "password_file": "secret")"));
        }
        here.write("secret", "hunter2 @/?#% \n");
        CHECK_FALSE(answers(R"(, "password_file": "secret")"));
    }
}

TEST_SUITE("from_env") {
    TEST_CASE("from_env: nothing said is a manager without stores") {
        environment const none{{}};
        auto const m = memo::manager::from_env();
        CHECK(m.stores().empty());
        CHECK(m.inside()->defaults().ttl == memo::duration::max());
        CHECK_FALSE(m.inside()->default_store());
    }

    TEST_CASE("from_env: MEMO_URL is the store main, which those take who name none") {
        environment const set{{{"MEMO_URL", "memory:?max_size=7"}, {"MEMO_TTL", "5m"}, {"MEMO_PREFIX", "shop:"}, {"REDIS_HOST", "h"}}};
        auto const m = memo::manager::from_env();
        CHECK(m.store("main")->kind() == "memory");
        CHECK(m.store("main")->prefix() == "shop:");
        CHECK(m.inside()->defaults().ttl == std::chrono::minutes{5});
        REQUIRE(m.inside()->default_store());
        CHECK(m.inside()->default_store()->store.inside() == m.store("main").inside());
    }

    TEST_CASE("from_env: REDIS_HOST and its like are the store main") {
        for (auto const& variables : std::vector<std::vector<std::pair<std::string, std::string>>>{
                 {{"REDIS_HOST", "cache-1"}}, {{"REDIS_PORT", "6380"}}, {{"REDIS_DB", "3"}}, {{"REDIS_PASSWORD", "hunter2"}}, {{"REDIS_HOST", "::1"}},
                 {{"REDIS_HOST", "cache-1"}, {"REDIS_PORT", "6380"}, {"REDIS_DB", "3"}, {"REDIS_PASSWORD", "hunter2"}, {"REDIS_DEFAULT_TTL", "300"}}}) {
            environment const set{variables};
            auto const m = memo::manager::from_env();
            CHECK(m.store("main")->kind() == "redis");
            CHECK((m.inside()->defaults().ttl == std::chrono::seconds{300}) == (variables.size() == 5));
        }
        environment const kubernetes{{{"REDIS_PORT", "tcp://10.0.0.1:6379"}}};
        CHECK(memo::manager::from_env().stores().empty());
    }

    TEST_CASE("from_env: variables stand above the file, REDIS_HOST below it") {
        workplace const here;
        here.write("memo.json", R"({"defaults": {"ttl": "1h", "prefix": "file:"}, "stores": {"main": {"url": "memory:", "near": {"max_size": 7}}}})");
        {
            environment const set{{{"MEMO_CONFIG", "memo.json"}, {"REDIS_HOST", "h"}}};
            auto const m = memo::manager::from_env();
            CHECK(m.store("main")->kind() == "memory");
            CHECK(m.store("main")->prefix() == "file:");
        }
        here.write("memo.json", R"({"stores": {"main": {"url": "redis://h", "password_env": "NOT_SET_ANYWHERE", "near": {"max_size": 7}}}})");
        environment const set{{{"MEMO_CONFIG", "memo.json"}, {"MEMO_URL", "redis://h"}, {"MEMO_TTL", "forever"}, {"MEMO_PREFIX", "env:"}}};
        auto const m = memo::manager::from_env();
        CHECK(m.store("main")->kind() == "redis");
        CHECK(m.store("main")->prefix() == "env:");
        CHECK(m.inside()->store("main").near->max_size == 7U);
        CHECK(m.inside()->defaults().ttl == memo::duration::max());
    }

    TEST_CASE("F60 from_env: what is not just so is refused with the variable's name, and F57 never its value") {
        for (auto const& one : std::vector<std::pair<std::string, std::string>>{
                 {"MEMO_URL", "redis://u:hunter2@h:0"}, {"MEMO_URL", "hunter2"}, {"MEMO_TTL", "hunter2"}, {"MEMO_TTL", "300"}, {"MEMO_TTL", "-5s"},
                 {"MEMO_PREFIX", "#hunter2"}, {"MEMO_PREFIX", std::string(129, 'p')}, {"MEMO_PASSWORD", "hunter2"}, {"MEMO_", "hunter2"},
                 {"REDIS_PORT", "0"}, {"REDIS_PORT", "65536"}, {"REDIS_PORT", "hunter2"}, {"REDIS_DB", "-1"}, {"REDIS_DB", "hunter2"},
                 {"REDIS_HOST", "redis://u:hunter2@h"}, {"REDIS_HOST", "hunter2:6379"}, {"REDIS_HOST", "a b"}, {"REDIS_DEFAULT_TTL", "hunter2"},
                 {"REDIS_DEFAULT_TTL", "0"}, {"REDIS_DEFAULT_TTL", "-1"}}) {
            auto const shown = one.first + "=" + one.second;
            environment const set{{{"REDIS_HOST", "h"}, one}};
            auto const message = fault([] { memo::manager::from_env(); });
            CHECK_MESSAGE(message.starts_with("memo::manager(environment): "), shown << " -> " << message);
            CHECK_MESSAGE(message.find(one.first) != std::string::npos, shown << " -> " << message);
            CHECK_MESSAGE(message.find("hunter2") == std::string::npos, message);
        }
        environment const set{{{"MEMO_CONFIG", "missing.json"}}};
        CHECK(fault([] { memo::manager::from_env(); }).starts_with("memo::manager(missing.json): "));
        environment const port{{{"REDIS_HOST", "h"}, {"REDIS_PORT", "tcp://10.0.0.1:6379"}}};
        CHECK(fault([] { memo::manager::from_env(); }).find("Kubernetes") != std::string::npos);
    }
}
