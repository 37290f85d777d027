#include <memo/call/space.hpp>

#include <memo/base/error.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using memo::evicted;
using memo::detail::space;

struct guest final : memo::detail::resident {
    std::vector<std::string> heard;

    std::string_view shown_name() const noexcept override { return "guest"; }
    memo::stats statistics() const override {
        memo::stats own;
        own.hits = 1;
        return own;
    }
    evicted evict_text(std::string_view text) override { return note("text " + std::string{text}); }
    evicted evict_pattern(std::string_view glob) override { return note("pattern " + std::string{glob}); }
    evicted evict_tag(std::string_view tag) override { return note("tag " + std::string{tag}); }
    evicted evict_all() override { return note("all"); }
    void stop() noexcept override { static_cast<void>(note("stop")); }

private:
    evicted note(std::string what) {
        heard.push_back(std::move(what));
        return evicted{1};
    }
};

}  // namespace

TEST_SUITE("space") {
    TEST_CASE("space: strings reach every resident that lives, and the counts add up") {
        space here{{}};
        auto const first = std::make_shared<guest>();
        auto second = std::make_shared<guest>();
        here.enter(first);
        here.enter(second);
        CHECK(here.evict_text("a").count() == 2);
        CHECK(here.evict_pattern("a*").count() == 2);
        CHECK(here.evict_tag("t").count() == 2);
        CHECK(here.evict_all().count() == 2);
        CHECK(first->heard == std::vector<std::string>{"text a", "pattern a*", "tag t", "all"});
        CHECK(here.statistics().hits == 2);
        second.reset();
        CHECK(here.evict_all().count() == 1);
        CHECK(here.residents().size() == 1);
    }

    TEST_CASE("F07: a malformed pattern is told before anybody is reached") {
        space here{{}};
        auto const one = std::make_shared<guest>();
        here.enter(one);
        CHECK_THROWS_AS(here.evict_pattern("[a"), memo::key_error);
        CHECK_THROWS_AS(here.evict_pattern("a\\"), memo::key_error);
        CHECK(one->heard.empty());
    }

    TEST_CASE("space: what has ended lets nobody in and reaches nobody by strings") {
        space here{{}};
        auto const one = std::make_shared<guest>();
        here.enter(one);
        here.close();
        CHECK_THROWS_AS(here.enter(one), memo::config_error);
        CHECK_THROWS_AS(here.evict_text("a"), memo::config_error);
        CHECK_THROWS_AS(here.evict_all(), memo::config_error);
        CHECK(one->heard == std::vector<std::string>{"stop"});
    }

    TEST_CASE("F23: a listener that throws is counted, and the others hear all the same") {
        space here{{}};
        CHECK_FALSE(here.heard());
        int heard = 0;
        here.listen([](memo::event const&) { throw std::runtime_error{"listener"}; });
        here.listen([&](memo::event const&) { ++heard; });
        CHECK(here.heard());
        here.tell({memo::event_kind::hit, "w", memo::cache_key{"k"}});
        CHECK(heard == 1);
        CHECK(here.statistics().errors == 1);
    }

    TEST_CASE("F25: a listener may listen, and evict") {
        space here{{}};
        auto const one = std::make_shared<guest>();
        here.enter(one);
        here.listen([&](memo::event const& happening) {
            if (happening.kind == memo::event_kind::hit) {
                here.listen([](memo::event const&) {});
                here.evict_all();
            }
        });
        here.tell({memo::event_kind::hit, "w", memo::cache_key{"k"}});
        CHECK(one->heard.size() == 1);
    }

    TEST_CASE("F25: a listener's copies are made with no lock held") {
        space here{{}};
        struct copied {
            space* in;
            explicit copied(space& of) : in{&of} {}
            copied(copied const& other) : in{other.in} { in->tell({memo::event_kind::hit, "w", memo::cache_key{"k"}}); }
            void operator()(memo::event const&) const {}
        };
        here.listen(copied{here});
        here.listen(copied{here});
        CHECK(here.heard());
    }

    TEST_CASE("space: residents that are gone leave no trace behind, however many there were") {
        space here{{}};
        for (int made = 0; made != 10'000; ++made)
            here.enter(std::make_shared<guest>());
        CHECK(here.residents().empty());
        CHECK(here.evict_all().count() == 0);
    }

    TEST_CASE("space: a failure is counted and told") {
        space here{{}};
        std::exception_ptr told;
        here.listen([&](memo::event const& happening) { told = happening.error; });
        here.fail(std::make_exception_ptr(std::runtime_error{"store"}));
        CHECK(told != nullptr);
        CHECK(here.statistics().errors == 1);
    }
}
