#include "store/mortal.hpp"
#include "store/sample.hpp"

#include <memo/base/epoch.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/graveyard.hpp>
#include <memo/store/lease.hpp>
#include <memo/store/limbo.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

using memo::evict_cause;
using memo::detail::entry;
using memo::detail::graveyard;
using memo::detail::limbo;

namespace {

constexpr auto asked = evict_cause::explicit_;

}  // namespace

TEST_CASE("graveyard: what is buried ends when the graveyard does, and not before") {
    std::size_t ended = 0;
    limbo readers{&mortal::end, {64, 65'536}};
    {
        graveyard dead{nullptr, readers};
        dead.bury(*new mortal{1, ended}, asked);
        dead.bury(*new mortal{2, ended}, asked);
        CHECK(ended == 0);
    }
    CHECK(ended == 2);
}

TEST_CASE("graveyard: what could not end for its readers ends with the next lease there that does") {
    std::size_t ended = 0;
    limbo readers{&mortal::end, {64, 65'536}};
    {
        memo::detail::pin const reading;
        graveyard{nullptr, readers}.bury(*new mortal{1, ended}, asked);
        CHECK(ended == 0);
        CHECK(readers.owes());
    }
    memo::detail::lease flying{{1, "a key", {}}, {}};
    graveyard{nullptr, readers}.bury(flying);
    CHECK(ended == 1);
    CHECK_FALSE(readers.owes());
}

TEST_CASE("graveyard: the watcher hears of each entry once, while the entry still lives") {
    struct listener final : memo::detail::store_watcher {
        explicit listener(std::size_t const& count) : ended{count} {}
        void removed(memo::detail::key_view const& gone, memo::evict_cause) noexcept override {
            in_time = in_time && ended == 0;
            keys += gone.identity;
            ++heard;
        }
        std::size_t const& ended;
        std::size_t heard = 0;
        bool in_time = true;
        std::string keys;
    };
    std::size_t ended = 0;
    listener hears{ended};
    limbo readers{&mortal::end, {64, 65'536}};
    {
        graveyard dead{&hears, readers};
        for (std::uint64_t number = 1; number != 4; ++number) dead.bury(*new mortal{number, ended}, asked);
        CHECK(hears.heard == 0);
    }
    CHECK(hears.heard == 3);
    CHECK(hears.in_time);
    CHECK(hears.keys.size() == 3);
    CHECK(hears.keys.find_first_not_of("123") == std::string::npos);
}

TEST_CASE("graveyard: the dead move with it, once") {
    std::size_t ended = 0;
    sample::witness watcher;
    limbo readers{&mortal::end, {64, 65'536}};
    {
        graveyard from{&watcher, readers};
        from.bury(*new mortal{1, ended}, asked);
        graveyard const to{std::move(from)};
        CHECK(ended == 0);
    }
    CHECK(ended == 1);
    CHECK(watcher.seen.size() == 1);
}

TEST_CASE("graveyard: what nobody asked to go may end in company, what somebody did ends at once, with all before it") {
    std::size_t ended = 0;
    limbo readers{&mortal::end, {64, 65'536}};
    for (auto const cause : {evict_cause::capacity, evict_cause::expired, evict_cause::replaced})
        graveyard{nullptr, readers}.bury(*new mortal{1, ended}, cause);
    CHECK(ended == 0);
    graveyard{nullptr, readers}.bury(*new mortal{1, ended}, evict_cause::tag);
    CHECK(ended == 4);
}
