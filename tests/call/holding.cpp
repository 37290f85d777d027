#include <memo/call/holding.hpp>

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

namespace {

using memo::detail::holding;

struct counted {
    counted() = default;
    counted(counted const&) { ++copies; }
    counted& operator=(counted const&) = default;
    static inline int copies = 0;
};

}  // namespace

TEST_SUITE("holding") {
    TEST_CASE("holding: what copies without user code and is small is held as it is, a string as a text, all else behind a pointer") {
        CHECK(std::is_same_v<holding<long, false>::held, long>);
        CHECK(std::is_same_v<holding<std::array<char, 64>, false>::held, std::array<char, 64>>);
        CHECK(std::is_same_v<holding<std::array<char, 65>, false>::held, std::shared_ptr<std::array<char, 65> const>>);
        CHECK(std::is_same_v<holding<std::string, false>::held, memo::detail::shared_text>);
        CHECK(std::is_same_v<holding<std::string, true>::held, std::shared_ptr<std::string const>>);
        CHECK(std::is_same_v<holding<std::wstring, false>::held, std::shared_ptr<std::wstring const>>);
        CHECK(std::is_same_v<holding<long, true>::held, std::shared_ptr<long const>>);
    }

    TEST_CASE("holding: a result goes in by one copy and comes out by one") {
        counted::copies = 0;
        counted const result;
        auto const kept = holding<counted, false>::hold(result);
        CHECK(counted::copies == 1);
        static_cast<void>(holding<counted, false>::give(kept));
        CHECK(counted::copies == 2);
    }

    TEST_CASE("F32: a shared result is the pointer itself, also for what only moves") {
        using results = holding<std::unique_ptr<int>, true>;
        auto const kept = results::hold(std::make_unique<int>(7));
        CHECK(results::give(kept).get() == kept.get());
        CHECK(**results::give(kept) == 7);
        CHECK(results::hold(kept).get() == kept.get());
    }

    TEST_CASE("holding: looking finds an optional, or a pointer that may be null") {
        CHECK(holding<int, false>::look(7) == std::optional{7});
        CHECK(holding<int, false>::look(std::nullopt) == std::nullopt);
        CHECK(holding<int, true>::look(std::nullopt) == nullptr);
        CHECK(holding<std::string, false>::look(memo::detail::shared_text{"a"}) == std::optional<std::string>{"a"});
    }

    TEST_CASE("holding: what is held in place owns nothing, what is behind a pointer owns its block and its heap") {
        CHECK(holding<int, false>::owned(7) == 0);
        auto const pointed = std::make_shared<std::string const>(std::string(1000, 'x'));
        CHECK(holding<std::string, true>::owned(pointed) >= 1000 + sizeof(std::string));
        CHECK(holding<std::string, true>::owned(pointed) < 1200);
        auto const text = holding<std::string, false>::hold(*pointed);
        CHECK(holding<std::string, false>::owned(text) > 1000);
        CHECK(holding<std::string, false>::owned(text) < 1040);
    }
}
