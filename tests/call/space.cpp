#include <memo/call/space.hpp>

#include <memo/base/error.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/memory_bytes.hpp>

#include "spy_store.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using memo::evicted;
using memo::detail::space;

struct guest final : memo::detail::resident {
    std::vector<std::string> heard;
    std::vector<std::string>* log = nullptr;

    explicit guest(std::vector<std::string>* heard_by_all = nullptr) : log{heard_by_all} {}

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
        if (log != nullptr)
            log->push_back("guest " + what);
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

    TEST_CASE("space: strings reach every store that lives once, before any resident") {
        std::vector<std::string> heard;
        auto const one = std::make_shared<guest>(&heard);
        space here{{}};
        here.enter(one);
        auto store = std::make_shared<spy_store>(heard);
        CHECK(here.enter_store(store).inside() == store);
        CHECK(here.enter_store(store).inside() == store);
        CHECK(here.evict_text("a").count() == 2);
        CHECK(here.evict_pattern("a*").count() == 2);
        CHECK(here.evict_tag("t").count() == 2);
        CHECK(here.evict_all().count() == 2);
        CHECK(heard == std::vector<std::string>{"text a", "guest text a", "pattern a*", "guest pattern a*", "tag t", "guest tag t", "all", "guest all"});
        CHECK(one->heard.size() == 4);
        CHECK_THROWS_AS(here.evict_pattern("[a"), memo::key_error);
        CHECK(heard.size() == 8);
        store.reset();
        CHECK(heard.back() == "ended");
        CHECK(here.evict_all().count() == 1);
    }

    TEST_CASE("space: an eviction is as good as the worst answer of a store") {
        std::vector<std::string> heard;
        space here{{}};
        auto const sure = std::make_shared<spy_store>(heard);
        auto const unsure = std::make_shared<spy_store>(heard);
        here.enter_store(sure), here.enter_store(unsure);
        unsure->answer = evicted{3, evicted::outcome::indeterminate};
        CHECK(here.evict_tag("t").indeterminate());
        CHECK(here.evict_tag("t").count() == 4);
        unsure->answer = evicted{0, evicted::outcome::failed};
        CHECK(here.evict_all().failed());
    }

    TEST_CASE("space: the prefix stands in front of what stores keep, once, and strings stay behind it") {
        space here{{.prefix = "shop:"}};
        memo::shared_store const bare = memo::memory_bytes_store{};
        bare->set({"c", "k"}, {"bare"});
        auto const used = here.enter_store(bare);
        CHECK(used->prefix() == "shop:");
        CHECK(here.enter_store(bare).inside() == used.inside());
        CHECK(here.enter_store(used).inside() == used.inside());
        used->set({"c", "k"}, {"used"});
        CHECK(here.evict_text("k").count() == 1);
        CHECK_FALSE(used->get({"c", "k"}));
        used->set({"c", "k"}, {"used"});
        CHECK(here.evict_all().count() == 1);
        CHECK(bare->get({"c", "k"}) == "bare");
    }

    TEST_CASE("space: a store that nobody holds is forgotten, and another one that comes is another one") {
        std::vector<std::string> heard;
        space here{{.prefix = "p:"}};
        auto const kept = std::make_shared<spy_store>(heard);
        for (int made = 0; made != 1'000; ++made)
            here.enter_store(std::make_shared<spy_store>(heard));
        CHECK(heard == std::vector<std::string>(1'000, "ended"));
        here.enter_store(kept);
        auto const again = here.enter_store(kept);
        heard.clear();
        CHECK(here.evict_all().count() == 1);
        CHECK(heard == std::vector<std::string>{"all p:"});
    }

    TEST_CASE("space: stores are found by name, with what stands in front of them, and a wrong name says which there are") {
        std::vector<std::string> heard;
        space here{{}};
        auto const fault = [&](std::string_view name) -> std::string {
            try {
                here.store(name);
            } catch (memo::config_error const& error) {
                return error.what();
            }
            return {};
        };
        CHECK(fault("main").find("m.open(name, url)") != std::string::npos);
        auto const main = std::make_shared<spy_store>(heard);
        CHECK(here.name_store("main", {main, memo::near_settings{.max_size = 7}}).inside() == main);
        CHECK(here.name_store("disk", {main}).inside() == main);
        CHECK(here.store("main").store.inside() == main);
        CHECK(here.store("main").near->max_size == 7U);
        CHECK_FALSE(here.store("disk").near);
        CHECK_FALSE(here.default_store());
        here.name_store("", {main});
        CHECK(here.default_store()->store.inside() == main);
        for (auto const* const name : {"", "mian", "MAIN"})
            CHECK_MESSAGE(fault(name) == "memo::store(" + std::string{name} + "): the manager has no store of this name; there is disk, main", fault(name));
        CHECK_THROWS_AS(here.name_store("main", {main}), memo::config_error);
        CHECK(here.named_stores().size() == 3);
        CHECK(here.evict_all().count() == 1);
    }

    TEST_CASE("space: at its end stores are flushed, what fails is told, and they end when nobody uses them") {
        std::vector<std::string> heard;
        space here{{}};
        here.name_store("main", {std::make_shared<spy_store>(heard)});
        auto const broken = std::make_shared<spy_store>(heard);
        broken->flushes = false;
        here.enter_store(broken);
        here.name_store("last", {std::make_shared<spy_store>(heard)});
        int told = 0;
        here.listen([&](memo::event const& happening) { told += happening.kind == memo::event_kind::error ? 1 : 0; });
        here.close();
        CHECK(heard == std::vector<std::string>{"flush", "flush", "flush", "ended", "ended"});
        CHECK(told == 1);
        CHECK(here.statistics().errors == 1);
        CHECK_THROWS_AS(here.enter_store(broken), memo::config_error);
    }

    TEST_CASE("space: settings of wrappers are found by name") {
        space const here{{.wrappers = {{"users.get", {.max_size = 7}}}}};
        REQUIRE(here.settings_of("users.get") != nullptr);
        CHECK(here.settings_of("users.get")->max_size == 7U);
        CHECK(here.settings_of("users") == nullptr);
        CHECK(here.settings_of("") == nullptr);
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

TEST_SUITE("space concurrent") {
    TEST_CASE("space: stores come, go, are found and are evicted from by any threads") {
        space here{{.prefix = "p:"}};
        memo::shared_store const kept = memo::memory_bytes_store{};
        here.name_store("kept", {kept});
        std::vector<std::thread> crowd;
        for (int thread = 0; thread != 4; ++thread)
            crowd.emplace_back([&, thread] {
                for (int turn = 0; turn != 200; ++turn) {
                    auto const own = here.enter_store(memo::memory_bytes_store{});
                    own->set({"c", "k"}, {"v"});
                    here.enter_store(kept)->set({"c", "k"}, {"v"});
                    if (turn % 50 == 0)
                        here.name_store(std::to_string(thread) + "." + std::to_string(turn), {own});
                    here.evict_all();
                    if (own->get({"c", "k"}) || here.store("kept").store->prefix() != "p:")
                        here.fail(nullptr);
                }
            });
        for (auto& one : crowd)
            one.join();
        CHECK(here.statistics().errors == 0);
        CHECK(here.named_stores().size() == 17);
        here.close();
        CHECK(here.named_stores().empty());
    }
}
