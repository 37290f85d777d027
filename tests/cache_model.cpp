#include "cache_grounds.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/glob.hpp>
#include <memo/cache.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr std::array<std::string_view, 5> keys{"user:1", "user:2", "", "a*b", "aXb"};
constexpr std::array<std::string_view, 5> globs{"*", "user:?", "a\\*b", "[^u]*", "none"};
constexpr std::array<std::string_view, 3> tags{"t", "u", "t2"};
constexpr std::array<memo::duration, 5> lifetimes{0s, 1ms, 2ms, 1h, memo::duration::max()};

enum class verb {
    get, get_text, get_or_compute, set, set_text, add, erase, erase_many, erase_pattern, erase_tag, clear, expire, touch, list, batch, transact,
    pass,
};
constexpr int verbs = 17;

/// What is done, and numbers from which its arguments are chosen.
struct command {
    verb what;
    unsigned at;
    unsigned which;
};

std::ostream& operator<<(std::ostream& to, command const& one) {
    return to << '{' << static_cast<int>(one.what) << ", " << one.at << ", " << one.which << '}';
}

/// A cache as a map.
class model {
public:
    struct entry {
        std::variant<int, std::string> value;
        memo::duration ttl;
        memo::duration end;
        std::set<std::string_view> tags;
    };

    memo::duration now{};

    entry* find(std::string_view key) {
        auto const at = entries_.find(key);
        return at == entries_.end() || at->second.end <= now ? nullptr : &at->second;
    }
    void set(std::string_view key, std::variant<int, std::string> value, memo::duration ttl, std::set<std::string_view> tags_of) {
        entries_.erase(std::string{key});
        if (ttl > 0s)
            entries_.emplace(key, entry{std::move(value), ttl, memo::detail::later(now, ttl), std::move(tags_of)});
    }
    template <class Pred>
    void erase_if(Pred const& gone) {
        std::erase_if(entries_, [&](auto const& one) { return gone(one.first, one.second); });
    }
    std::vector<std::string> list(std::string_view glob) {
        std::vector<std::string> all;
        for (auto const& [key, held] : entries_)
            if (held.end > now && memo::detail::glob_match(glob, key))
                all.push_back(key);
        return all;
    }

private:
    std::map<std::string, entry, std::less<>> entries_;
};

/// A cache and its model are told the same things, and must say the same.
class match {
public:
    explicit match(ground const& on) : real_{on} {}

    bool step(command const& told) {
        auto& c = real_.c;
        auto const key = keys[told.at % keys.size()];
        auto const other = keys[told.which % keys.size()];
        auto const glob = globs[told.which % globs.size()];
        auto const tag = tags[told.which % tags.size()];
        auto const ttl = lifetimes[told.which % lifetimes.size()];
        auto const number = static_cast<int>(told.which);
        auto* const there = model_.find(key);
        switch (told.what) {
        case verb::get: return c.get<int>(key) == value<int>(there);
        case verb::get_text: return c.get<std::string>(key) == value<std::string>(there);
        case verb::get_or_compute: {
            auto const wanted = value<int>(there).value_or(number);
            if (!value<int>(there) && ttl > 0s)
                model_.set(key, number, ttl, {tag});
            return c.get_or_compute(key, [&] { return number; }, options(ttl, tag)) == wanted;
        }
        case verb::set:
            c.set(key, number, options(ttl, tag));
            model_.set(key, number, ttl, {tag});
            return true;
        case verb::set_text:
            c.set(key, std::to_string(number));
            model_.set(key, std::to_string(number), memo::duration::max(), {});
            return true;
        case verb::add: {
            bool const stores = there == nullptr && ttl > 0s;
            if (stores)
                model_.set(key, number, ttl, {tag});
            return c.add(key, number, options(ttl, tag)) == stores;
        }
        case verb::erase: {
            bool const gone = there != nullptr;
            model_.erase_if([&](auto const& name, auto const&) { return name == key; });
            return counts(c.erase(key), gone ? 1 : 0);
        }
        case verb::erase_many: {
            model_.erase_if([&](auto const& name, auto const&) { return name == key || name == other; });
            return c.erase_many({key, other}).confirmed();
        }
        case verb::erase_pattern:
            model_.erase_if([&](auto const& name, auto const&) { return memo::detail::glob_match(glob, name); });
            return c.erase_pattern(glob).confirmed();
        case verb::erase_tag:
            model_.erase_if([&](auto const&, auto const& held) { return held.tags.contains(tag); });
            return c.erase_tag(tag).confirmed();
        case verb::clear:
            model_.erase_if([](auto const&, auto const&) { return true; });
            return c.clear().confirmed();
        case verb::expire:
            if (there != nullptr && ttl > 0s)
                there->ttl = ttl, there->end = memo::detail::later(model_.now, ttl);
            else
                model_.erase_if([&](auto const& name, auto const&) { return name == key; });
            return c.expire(key, ttl) == (there != nullptr);
        case verb::touch:
            if (there != nullptr)
                there->end = memo::detail::later(model_.now, there->ttl);
            return c.touch(key) == (there != nullptr) && c.ttl(key) == remaining(there);
        case verb::list: return c.keys(glob) == model_.list(glob);
        case verb::batch:
            c.set_many<int>({{key, number}, {other, number + 1}}, options(ttl, tag));
            model_.set(key, number, ttl, {tag});
            model_.set(other, number + 1, ttl, {tag});
            return c.get_many<int>({other, key}) ==
                   std::vector{value<int>(model_.find(other)), value<int>(model_.find(key))};
        case verb::transact: {
            auto t = c.transaction();
            t.set(key, number, options(ttl, tag));
            t.erase(other);
            t.commit();
            model_.set(key, number, ttl, {tag});
            model_.erase_if([&](auto const& name, auto const&) { return name == other; });
            return true;
        }
        case verb::pass:
            real_.time.advance(1ms);
            model_.now += 1ms;
            return true;
        }
        return false;
    }

    /// Whether both hold the same.
    bool agree() {
        for (auto const key : keys) {
            auto* const there = model_.find(key);
            if (real_.c.exists(key) != (there != nullptr) || real_.c.ttl(key) != remaining(there) ||
                real_.c.get<int>(key) != value<int>(there) || real_.c.get<std::string>(key) != value<std::string>(there))
                return false;
        }
        return real_.c.keys("*") == model_.list("*");
    }

private:
    template <class T>
    static std::optional<T> value(model::entry const* there) {
        auto const* const held = there == nullptr ? nullptr : std::get_if<T>(&there->value);
        return held == nullptr ? std::nullopt : std::optional<T>{*held};
    }
    std::optional<memo::duration> remaining(model::entry const* there) const {
        return there == nullptr                           ? std::nullopt
               : there->end == memo::duration::max() ? std::optional{memo::duration::max()}
                                                          : std::optional{there->end - model_.now};
    }
    static memo::entry_options options(memo::duration ttl, std::string_view tag) {
        return {.ttl = ttl, .tags = {std::string{tag}}, .metadata = {}};
    }
    /// What expired unseen may count, too: the store does not know the time.
    static bool counts(memo::evicted gone, std::size_t least) { return gone.confirmed() && gone.count() >= least; }

    stand real_;
    model model_;
};

}  // namespace

TEST_CASE("cache: whatever is done to it, it says what a map would say") {
    auto const any = rc::gen::construct<command>(
        rc::gen::map(rc::gen::inRange(0, verbs), [](int number) { return static_cast<verb>(number); }), rc::gen::inRange(0U, 100U),
        rc::gen::inRange(0U, 100U));
    for (auto const& where : grounds()) {
        INFO("on ", where.name);
        CHECK(rc::check("a cache on " + where.name, [&] {
            auto const told = *rc::gen::container<std::vector<command>>(any);
            match both{where};
            for (auto const& one : told)
                RC_ASSERT(both.step(one));
            RC_ASSERT(both.agree());
        }));
    }
}
