#pragma once

#include "redis_scripts.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/glob.hpp>
#include <memo/store/redis_keys.hpp>
#include <memo/transport/link_fault.hpp>
#include <memo/transport/redis_client.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {

/// A reply that no Redis server gives to this question.
[[noreturn]] inline void out_of_order(redis_server const& server) {
    throw link_fault{server.caller + ": an answer of another form than asked for; see whether this is a Redis server",
                     error_code::foreign, reached::perhaps};
}

inline std::size_t count_of(reply const& told) {
    return static_cast<std::size_t>(std::max<std::int64_t>(told.view().number(), 0));
}

/// What became of an eviction in steps.
template <class Steps>
evicted attempt(Steps steps) noexcept {
    std::size_t count = 0;
    bool begun = false;
    try {
        steps(count, begun);
        return evicted{count};
    } catch (link_fault const& fault) {
        begun = begun || fault.how_far() == reached::perhaps;
    } catch (...) {
    }
    return evicted{count, begun ? evicted::outcome::indeterminate : evicted::outcome::failed};
}

/// Goes through many keys, in steps that each take no longer than a single operation may.
class redis_walk {
public:
    redis_walk(redis_client& client, redis_keys const& keys, duration timeout)
        : client_{client}, keys_{keys}, timeout_{timeout} {}

    enum class reach { readable, all };
    enum class tickets { stand, fall };

    /// The families of a scope, as keys spell them.
    std::vector<std::string> families(std::string_view scope, reach which, tickets then, instant until) {
        auto const spelled = spell_family(scope);
        auto const told =
            client_.run(families_, {},
                        {keys_.prefix(), spelled, which == reach::all ? "all" : "readable", then == tickets::fall ? "void" : ""},
                        step(until));
        auto const list = told.view();
        if (!list.is_list())
            out_of_order(client_.pool().server());
        std::vector<std::string> all;
        for (std::size_t i = 0; i != list.size(); ++i)
            all.emplace_back(list[i].text());
        return all;
    }

    struct page {
        std::vector<std::string> keys;
        std::string next;
    };

    /// Some of the keys under a pattern. Keys that are to go, go on the way.
    page scan(std::string_view pattern, std::string_view from, std::vector<std::string> const& erase, std::size_t& erased,
              instant until) {
        request asked;
        auto const erasures = add_erasures(asked, erase);
        asked.add({"SCAN", from.empty() ? "0" : from, "MATCH", pattern, "COUNT", "1000"});
        auto const replies = client_.ask(asked, step(until));
        erased += sum(replies, erasures);
        auto const told = replies.back().view();
        if (told.size() != 2 || !told[0].is_text() || !told[1].is_list())
            out_of_order(client_.pool().server());
        page found{{}, std::string{told[0].text() == "0" ? std::string_view{} : told[0].text()}};
        for (std::size_t i = 0; i != told[1].size(); ++i)
            found.keys.emplace_back(told[1][i].text());
        return found;
    }

    using shelf = redis_keys::shelf;

    /// All of these families whose names match. Tickets go, or fall, before entries: what is committed behind the back of the
    /// second SCAN then was begun after this eviction.
    void erase(shelf which, std::vector<std::string> const& families, std::string_view glob, std::size_t& erased,
               instant until) {
        auto const where = pattern(which, families, glob);
        page found;
        do {
            auto const doomed = std::move(found.keys);
            found = scan(where, found.next, doomed, erased, until);
            std::erase_if(found.keys, [&](std::string const& key) { return !chosen(which, key, families, glob); });
        } while (!found.next.empty());
        request asked;
        auto const erasures = add_erasures(asked, found.keys);
        if (erasures != 0)
            erased += sum(client_.ask(asked, step(until)), erasures);
    }

    /// What the server shall look through for these families; who gets the keys looks again. Patterns of many stars stay here:
    /// the server's matcher takes time exponential in them.
    std::string pattern(shelf which, std::vector<std::string> const& families, std::string_view glob) const {
        if (families.size() != 1)
            return keys_.pattern(which);
        return keys_.pattern(which, families.front(), std::ranges::count(glob, '*') > 3 ? "*" : glob);
    }

    /// Whether a key is one of these families, and its name matches.
    bool chosen(shelf which, std::string_view key, std::vector<std::string> const& families, std::string_view glob) const {
        auto const at = keys_.read(which, key);
        return at && std::ranges::find(families, at->spelled_family) != families.end() && glob_match(glob, at->name);
    }

private:
    static constexpr std::size_t at_once = 500;

    /// The time of the next step of something longer.
    instant step(instant until) const { return std::min(until, detail::deadline(timeout_)); }

    static std::size_t add_erasures(request& asked, std::vector<std::string> const& all) {
        std::vector<std::string_view> words;
        for (std::size_t i = 0; i < all.size(); i += at_once) {
            words.assign({"UNLINK"});
            words.insert(words.end(), all.begin() + static_cast<std::ptrdiff_t>(i),
                         all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), i + at_once)));
            asked.add(words);
        }
        return asked.size();
    }

    static std::size_t sum(std::vector<reply> const& replies, std::size_t count) {
        std::size_t all = 0;
        for (std::size_t i = 0; i != count; ++i)
            all += count_of(replies[i]);
        return all;
    }

    redis_client& client_;
    redis_keys const& keys_;
    duration const timeout_;
    redis_program families_{redis_families};
};

}  // namespace memo::detail
