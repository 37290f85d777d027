#pragma once

#include "redis_scripts.hpp"
#include "redis_words.hpp"

#include <memo/store/byte_store.hpp>
#include <memo/store/redis_keys.hpp>
#include <memo/transport/redis_client.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memo::detail {

/// Stores and erases entries, all or nothing, and nothing once the time is over: in the way that costs the server least.
class redis_writer {
public:
    redis_writer(redis_client& client, redis_keys const& keys) : client_{client}, keys_{keys} {}

    void write(std::span<change const> all, instant until) {
        bool const plain = std::ranges::all_of(all, [](change const& each) { return !each.fresh || each.fresh->tags.empty(); });
        if (plain && all.size() == 1 && all.front().fresh)
            set(all.front(), until);
        else if (plain)
            write_plain(all, until);
        else
            write_tagged(all, until);
    }

private:
    void set(change const& one, instant until) {
        auto const key = keys_.entry(one.at);
        auto const value = redis_header::put_before(one.fresh->record, key, draw_write());
        client_.run(set_, {key, keys_.tickets(key)},
                    {keys_.prefix(), spell_family(one.at.family), value, milliseconds(one.fresh->lifetime)}, until,
                    lateness::refused, redis_header::number_of(value));
    }

    /// A transaction of the server's own commands, which are faster than a script of many steps.
    void write_plain(std::span<change const> all, instant until) {
        client_.all_or_nothing(
            keys_.prefix() + "#w",
            [&](request& asked) {
                std::set<std::string> families;
                std::vector<std::string> keys;
                words tickets{"DEL"};
                for (auto const& each : all) {
                    tickets.keep(keys_.tickets(keys.emplace_back(keys_.entry(each.at))));
                    if (each.fresh)
                        families.insert(spell_family(each.at.family));
                }
                words registered{"SADD"};
                registered.keep(keys_.prefix() + "#f");
                std::ranges::for_each(families, [&](std::string const& family) { registered.add(family); });
                if (!families.empty())
                    asked.add(registered.view());
                asked.add(tickets.view());
                for (std::size_t i = 0; i != all.size(); ++i)
                    add_change(asked, all[i], keys[i]);
            },
            until);
    }

    static void add_change(request& asked, change const& each, std::string const& key) {
        if (!each.fresh)
            return asked.add({"UNLINK", key});
        auto const value = redis_header::put_before(each.fresh->record, key, draw_write());
        if (each.fresh->lifetime == duration::max())
            asked.add({"SET", key, value});
        else
            asked.add({"SET", key, value, "PX", milliseconds(each.fresh->lifetime)});
    }

    void write_tagged(std::span<change const> all, instant until) {
        words keys{};
        words arguments{keys_.prefix()};
        for (auto const& each : all) {
            auto key = keys_.entry(each.at);
            arguments.entry(each.fresh ? &*each.fresh : nullptr,
                            each.fresh ? redis_header::put_before(each.fresh->record, key, draw_write()) : std::string{},
                            each.at.family);
            keys.keep(std::move(key));
        }
        client_.run(store_all_, keys.view(), arguments.view(), until, lateness::refused);
    }

    redis_client& client_;
    redis_keys const& keys_;
    redis_program store_all_{redis_store_all};
    redis_script set_{std::string{redis_set}};
};

}  // namespace memo::detail
