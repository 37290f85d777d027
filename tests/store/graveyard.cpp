#include "store/sample.hpp"

#include <memo/store/entry.hpp>
#include <memo/store/graveyard.hpp>
#include <memo/store/lease.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

using memo::evict_cause;
using memo::detail::entry;
using memo::detail::graveyard;

namespace {

struct room {
    char key_bytes[64];
};

/// Says when it ended.
class mortal final : room, public entry {
public:
    mortal(std::uint64_t number, std::size_t& ended) : entry{sample::key{number}, {}, key_bytes}, ended_{ended} {}

    void exchange(entry&) noexcept override {}
    void destroy() noexcept override {
        ++ended_;
        delete this;
    }

private:
    std::size_t& ended_;
};

}  // namespace

TEST_CASE("graveyard: what is buried ends when the graveyard does, and not before") {
    std::size_t ended = 0;
    {
        graveyard dead{nullptr};
        dead.bury(*new mortal{1, ended});
        dead.bury(*new mortal{2, ended});
        CHECK(ended == 0);
    }
    CHECK(ended == 2);
}

TEST_CASE("graveyard: the watcher hears of each entry once, while the entry still lives") {
    struct listener final : memo::detail::store_watcher {
        explicit listener(std::size_t const& count) : ended{count} {}
        void removed(memo::detail::key_view const& gone, memo::evict_cause) noexcept override {
            in_time = in_time && ended == heard;
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
    {
        graveyard dead{&hears};
        for (std::uint64_t number = 1; number != 4; ++number) dead.bury(*new mortal{number, ended});
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
    {
        graveyard from{&watcher};
        from.bury(*new mortal{1, ended});
        graveyard const to{std::move(from)};
        CHECK(ended == 0);
    }
    CHECK(ended == 1);
    CHECK(watcher.seen.size() == 1);
}
