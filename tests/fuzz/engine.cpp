#include <memo/base/event.hpp>
#include <memo/base/stats.hpp>
#include <memo/policy/adaptive.hpp>
#include <memo/policy/sieve.hpp>
#include <memo/store/memory.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <utility>

namespace {

using memo::duration;
using memo::detail::key_view;
using memo::detail::short_key;
using memo::detail::terms;

struct known {
    std::int64_t result;
    duration ends;
};

void demand(bool holds) {
    if (!holds)
        std::abort();
}

short_key brief(key_view const& key) {
    short_key made{.place = key.place, .size = key.identity.size()};
    std::memcpy(made.words, key.identity.data(), made.size);
    return made;
}

/// The input plays on a store and on a plain map beside it: what the store answers is what the map has, and what it has not is gone
/// by right: evicted, ended, or pushed out where there are more than it may hold.
template <class Order>
void play(std::uint8_t const* input, std::size_t size) {
    constexpr std::size_t bound = 8;
    memo::detail::memory_store<std::int64_t, Order, memo::detail::copies::beside_keys> store{{bound, ~std::size_t{0}, true, duration{50}}};
    std::map<std::uint8_t, known> plain;
    duration now{1};
    std::int64_t next = 0;
    std::uint64_t missed = 0;
    auto const is_gone_by_right = [&](auto here) {
        memo::stats told;
        store.count_into(told);
        demand(++missed <= told.evictions_by_cause[static_cast<std::size_t>(memo::evict_cause::capacity)]);
        plain.erase(here);
    };
    for (std::size_t at = 0; at + 2 < size; at += 3) {
        std::string const identity(1 + input[at + 1] % 40, static_cast<char>(input[at + 1]));
        key_view const key{static_cast<std::uint64_t>(input[at + 1] % 3) << 48 | input[at + 1] % 5, identity, {}};
        auto const here = plain.find(input[at + 1]);
        bool const stands = here != plain.end() && now < here->second.ends;
        switch (input[at] % 8) {
            case 0: {
                terms on;
                on.created = now;
                on.ttl = input[at + 2] % 2 == 0 ? duration::max() : duration{input[at + 2]};
                on.weight = 1;
                plain[input[at + 1]] = {++next, memo::detail::later(now, on.ttl)};
                store.set(key, next, on, 0);
                break;
            }
            case 1:
                store.erase(key);
                plain.erase(input[at + 1]);
                break;
            case 2: now += duration{input[at + 2]}; break;
            case 3: store.sweep(now); break;
            case 4:
                if (store.touch(key, duration{input[at + 2] + 1}, now)) {
                    demand(stands);
                    here->second.ends = now + duration{input[at + 2] + 1};
                } else if (stands) {
                    is_gone_by_right(here);
                }
                break;
            case 5:
                store.erase_all();
                plain.clear();
                break;
            default:
                if (auto const found = store.get(key, now)) {
                    demand(stands && here->second.result == *found);
                    if (identity.size() <= short_key::most)
                        if (auto const seen = store.look(brief(key), now)) demand(*seen == *found);
                } else {
                    demand(!store.look(key, now));
                    if (identity.size() <= short_key::most) demand(!store.look(brief(key), now));
                    if (stands) is_gone_by_right(here);
                }
        }
        demand(store.size() <= bound);
    }
    demand(store.validate());
    for (auto here = plain.begin(); here != plain.end();) {
        auto const [number, one] = *here;
        std::string const identity(1 + number % 40, static_cast<char>(number));
        key_view const key{static_cast<std::uint64_t>(number % 3) << 48 | number % 5, identity, {}};
        auto const found = store.peek(key, now);
        demand(!found || (now < one.ends && *found == one.result));
        auto const last = here++;
        if (!found && now < one.ends) is_gone_by_right(last);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* input, std::size_t size) {
    if (size == 0)
        return 0;
    if (*input % 2 == 0)
        play<memo::adaptive_order>(input + 1, size - 1);
    else
        play<memo::sieve_order>(input + 1, size - 1);
    return 0;
}
