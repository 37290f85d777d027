#include "live/proxy.hpp"
#include "live/redis_server.hpp"

#include <memo/base/error.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/redis.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using memo::entry_name;
using memo::redis_store;
using namespace std::chrono_literals;

namespace {

constexpr int names = 50;

std::string name_of(std::size_t number) { return "name " + std::to_string(number); }
/// A record that says whose it is, behind something of another length each.
std::string record_of(std::string const& name, std::size_t turn) {
    return std::string(turn % 40, 'x') + "|" + name + "|0123456789abcdef";
}
bool is_of(std::string_view record, std::string_view name) {
    return record.substr(std::min(record.size(), record.find('|'))) == "|" + std::string{name} + "|0123456789abcdef";
}

/// Now and then answers are late, come twice, come in another order, or stay behind for the next question.
live::script chaos(unsigned seed, std::chrono::nanoseconds late) {
    return [chance = std::mt19937{seed}, late, kept = std::string{}](std::string const& bytes) mutable {
        std::vector<live::piece> all;
        auto parts = live::replies_in(bytes);
        auto const fate = chance() % 400;
        if (fate == 0)
            std::swap(parts.front(), parts.back());
        if (fate == 1)
            parts.insert(parts.begin(), parts.front());
        if (fate == 2)
            parts.push_back(parts.back());
        if (fate == 3)
            kept.swap(parts.back());
        if (fate == 4)
            parts.insert(parts.begin(), std::exchange(kept, {}));
        for (auto& part : parts)
            all.push_back({std::move(part), fate == 5 ? late : std::chrono::nanoseconds{}});
        if (fate == 6)
            all.push_back({all.front().bytes, late / 20});
        return all;
    };
}

struct tally {
    std::atomic<int> asked{0};
    std::atomic<int> answered{0};
    std::atomic<int> failed{0};
    std::atomic<int> wrong{0};

    void see(std::string_view record, std::string_view name) {
        ++answered;
        wrong += is_of(record, name) ? 0 : 1;
    }
};

void ask(memo::byte_store& store, std::mt19937& chance, tally& all) {
    auto const name = name_of(chance() % names);
    entry_name const at{"c", name};
    auto const fresh = record_of(name, chance());
    switch (chance() % 8) {
        case 0: store.set(at, {.record = fresh}); break;
        case 1: {
            auto const other = name_of(chance() % names);
            auto const got = store.get_many(std::vector<entry_name>{at, {"c", other}, {"c", "nobody"}});
            if (got[0])
                all.see(*got[0], name);
            if (got[1])
                all.see(*got[1], other);
            all.wrong += got[2] ? 1 : 0;
            break;
        }
        case 2: {
            auto const begun = store.open(at, {}, {}, 0);
            if (begun.record)
                all.see(*begun.record, name);
            else
                store.commit(at, begun.mine, {.record = fresh});
            break;
        }
        default:
            if (auto const got = store.get(at))
                all.see(*got, name);
    }
}

}  // namespace

TEST_SUITE("redis_store in chaos concurrent") {
    TEST_CASE("F50 redis_store: 100,000 requests whose answers come late, twice or in another order, and none is another's") {
        live::redis_server own;
        live::proxy between{own.port()};
        auto options = own.over_tcp();
        options.port = between.port();
        options.timeout = 20ms;
        options.breaker_threshold = 1'000'000;
        options.pool = 4;
        redis_store const store{options};
        live::reach(store);
        between.answers(chaos(3, 30ms));
        tally all;
        {
            std::vector<std::jthread> threads;
            for (unsigned thread = 0; thread != 4; ++thread) {
                threads.emplace_back([&, thread] {
                    std::mt19937 chance{thread};
                    while (++all.asked <= 100'000) {
                        try {
                            ask(*store, chance, all);
                        } catch (memo::connection_error const&) {
                            ++all.failed;
                        }
                    }
                });
            }
        }
        MESSAGE(all.answered.load() << " answers, " << all.failed.load() << " failures, " << between.taken() << " connections");
        CHECK(all.wrong == 0);
        CHECK(all.answered > 20'000);
        CHECK(all.failed > 300);
    }
}
