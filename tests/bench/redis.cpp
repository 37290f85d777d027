// The store on Redis beside hiredis alone, which makes the same round trips: what tests/bench/stores runs.
// Told in the form of Google's benchmark library, whose option for rounds it understands.
#include "live/redis_server.hpp"
#include "store/redis_scripts.hpp"

#include <memo/memo.hpp>
#include <memo/store/redis.hpp>

#include <hiredis/hiredis.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;
constexpr int batch = 100;

struct free_context {
    void operator()(redisContext* context) const { redisFree(context); }
};

/// hiredis as its manual shows it.
class bare {
public:
    explicit bare(redisContext* context) : context_{context} {
        if (context == nullptr || context->err != 0)
            std::exit(1);
    }

    void add(std::vector<std::string_view> const& words) {
        std::vector<char const*> texts;
        std::vector<std::size_t> sizes;
        for (auto const word : words) {
            texts.push_back(word.data());
            sizes.push_back(word.size());
        }
        redisAppendCommandArgv(context_.get(), static_cast<int>(words.size()), texts.data(), sizes.data());
    }
    std::string answer() {
        void* got = nullptr;
        if (redisGetReply(context_.get(), &got) != REDIS_OK)
            std::exit(1);
        std::unique_ptr<redisReply, decltype(&freeReplyObject)> const whole{static_cast<redisReply*>(got), &freeReplyObject};
        if (whole->type == REDIS_REPLY_ERROR)
            std::exit(1);
        return whole->str == nullptr ? std::string{} : std::string{whole->str, whole->len};
    }
    std::string ask(std::vector<std::string_view> const& words) {
        add(words);
        return answer();
    }

private:
    std::unique_ptr<redisContext, free_context> context_;
};

double nanoseconds(int times, std::function<void()> const& work) {
    auto const begun = clock_type::now();
    for (int i = 0; i != times; ++i)
        work();
    return std::chrono::duration<double, std::nano>(clock_type::now() - begun).count() / times;
}

double median(std::vector<double> all) {
    std::ranges::sort(all);
    return all[all.size() / 2];
}

void tell(std::string const& what, double median_nanoseconds) {
    static bool first = true;
    std::printf("%s{\"run_name\": \"%s\", \"aggregate_name\": \"median\", \"real_time\": %.1f}", first ? "" : ",\n", what.c_str(),
                median_nanoseconds);
    first = false;
}

/// Both in turn, round by round.
void compare(std::string const& what, std::string const& other, int rounds, int times, std::function<void()> const& memo,
             std::function<void()> const& theirs) {
    std::vector<double> ours;
    std::vector<double> bares;
    nanoseconds(times / 4, memo);
    nanoseconds(times / 4, theirs);
    for (int round = 0; round != rounds; ++round) {
        bares.push_back(nanoseconds(times, theirs));
        ours.push_back(nanoseconds(times, memo));
    }
    tell(what + " beside " + other, median(ours));
    tell(what + " beside " + other + ", bare", median(bares));
}

constexpr std::string_view rounds_option = "--benchmark_repetitions=";

int rounds_of(int count, char** words) {
    for (int i = 1; i != count; ++i) {
        if (std::string_view const word{words[i]}; word.starts_with(rounds_option))
            return std::atoi(words[i] + rounds_option.size());
    }
    return 5;
}

void measure(std::string const& way, memo::redis_options const& options, bare client, int rounds) {
    memo::redis_store const store{options};
    std::string const record(1024, 'r');
    std::vector<std::string> names;
    std::vector<memo::entry_name> entries;
    std::vector<std::pair<memo::entry_name, memo::stored_bytes>> pairs;
    for (int i = 0; i != batch; ++i)
        names.push_back("user:" + std::to_string(i));
    for (auto const& name : names) {
        entries.push_back({"c", name});
        pairs.push_back({entries.back(), {.record = record}});
        client.ask({"SET", "bare:" + name, record});
    }
    store->set_many(pairs);
    auto const script = client.ask({"SCRIPT", "LOAD", std::string{memo::detail::redis_set}});
    auto const value = std::string(16, 'h') + record;

    compare(way + ", get", "GET", rounds, 2000, [&] { store->get(entries[0]); }, [&] { client.ask({"GET", "bare:user:0"}); });
    compare(
        way + ", set", "its script", rounds, 2000, [&] { store->set(entries[0], {.record = record}); },
        [&] {
            client.ask(
                {"EVALSHA", script, "2", "other:c:user:0", "other:#l:c:user:0", "99999999999999999", "other:", "c", value, ""});
        });
    compare(way + ", set", "SET", rounds, 2000, [&] { store->set(entries[0], {.record = record}); },
            [&] { client.ask({"SET", "bare:user:0", record}); });
    compare(way + ", get of 100 at once", "100 GET in a pipeline", rounds, 100, [&] { store->get_many(entries); },
            [&] {
                for (auto const& name : names)
                    client.add({"GET", "bare:" + name});
                for (int i = 0; i != batch; ++i)
                    client.answer();
            });
    compare(way + ", set of 100 at once", "100 SET in a pipeline", rounds, 100, [&] { store->set_many(pairs); },
            [&] {
                for (auto const& name : names)
                    client.add({"SET", "bare:" + name, record});
                for (int i = 0; i != batch; ++i)
                    client.answer();
            });
    compare(way + ", get of 100 at once", "100 single gets", rounds, 20, [&] { store->get_many(entries); },
            [&] {
                for (auto const& at : entries)
                    store->get(at);
            });
}

/// A get while the server is away, beside one that only throws; and a call, beside one that finds nothing in memory.
void measure_breaker(int rounds) {
    memo::redis_store const away{{.host = "127.0.0.1", .port = live::free_port()}};
    auto const get = [&] {
        try {
            away->get({"c", "user:1"});
        } catch (memo::connection_error const&) {
        }
    };
    for (int i = 0; i != 10; ++i)
        get();
    memo::connection_error const fault{"away"};
    compare("away, get", "a throw", rounds, 2000, get, [&] {
        try {
            throw memo::connection_error{fault};
        } catch (memo::connection_error const&) {
        }
    });
    auto const twice = [](std::int64_t number) { return 2 * number; };
    auto const far = memo::cached(twice, memo::name("twice"), memo::store(away));
    auto const here = memo::cached(twice, memo::max_size(1));
    std::int64_t number = 0;
    compare("away, call", "a miss in memory", rounds, 2000, [&] { far(1); }, [&] { here(++number); });
}

}  // namespace

int main(int count, char** words) {
    int const rounds = rounds_of(count, words);
    live::redis_server server;
    std::printf("{\"benchmarks\": [");
    measure("unix socket", server.over_unix(), bare{redisConnectUnix(server.socket_path().c_str())}, rounds);
    measure("loopback", server.over_tcp(), bare{redisConnect("127.0.0.1", server.port())}, rounds);
    measure_breaker(rounds);
    std::printf("]}\n");
}
