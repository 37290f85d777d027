#include <memo/cache_evict.hpp>
#include <memo/cached.hpp>
#include <memo/codec/raw.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>
#include <memo/store/encoded.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/testing/faulty_store.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <latch>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

using namespace std::chrono_literals;

/// Evictions and runs in several steps, with something in between.
namespace {

/// A text that calls once when it is decoded, or ends.
struct telling_text {
    std::string text;
    static inline std::function<void(std::string const&)> decoded;
    static inline std::function<void(std::string const&)> ended;

    explicit telling_text(std::string from) : text{std::move(from)} {}
    telling_text(telling_text const&) = default;
    telling_text& operator=(telling_text const&) = default;
    ~telling_text() {
        if (ended)
            ended(text);
    }
};

/// A function whose result is what its source says when it begins; the first run after `hold` waits for `let_go` then.
struct slow_source {
    std::atomic<long> now{1};
    std::atomic<bool> holds{false};
    std::latch has_read{1};
    std::latch may_end{1};

    void hold() { holds = true; }
    void let_go() { may_end.count_down(); }
    auto function() {
        return [this](int) {
            auto const read = now.load();
            if (holds.exchange(false)) {
                has_read.count_down();
                may_end.wait();
            }
            return read;
        };
    }
};

/// The way to a store, on which the first operation that is slow waits.
struct narrow_way {
    memo::memory_bytes_store far{{}};
    std::atomic<bool> armed{false};
    std::latch waits{1};
    std::latch goes_on{1};
    memo::faulty_store link{far, [this](memo::duration) {
                                if (armed.exchange(false)) {
                                    waits.count_down();
                                    goes_on.wait();
                                }
                            }};

    void hold(memo::byte_operation what) {
        link.delay(what, 1ms);
        armed = true;
    }
};

}  // namespace

template <>
struct memo::codec_traits<telling_text> {
    static void encode(std::string& out, telling_text const& value) { out += value.text; }
    static telling_text decode(std::string_view bytes, memo::decode_limits const&) {
        if (telling_text::decoded)
            telling_text::decoded(std::string{bytes});
        return telling_text{std::string{bytes}};
    }
    static std::string schema() { return "telling_text"; }
};

TEST_CASE("F18 steps: nobody computes through another handle of a store while an eviction goes through it") {
    memo::memory_bytes_store store{{}};
    memo::manager here;
    memo::manager elsewhere;
    long source = 1;
    std::function<void()> between;
    auto const names = [&](memo::manager& in) {
        return memo::cached([&](int) { return source; }, memo::name("names"), memo::key<"name:{0}">, memo::store(store), memo::in(in));
    };
    auto const pages = [&](auto name, memo::manager& in) {
        return memo::cached([name](int id) { return name(id); }, memo::name("pages"), memo::key<"page:{0}">, memo::store(store), memo::in(in));
    };
    auto const page = pages(names(here), here);
    auto const page_elsewhere = pages(names(elsewhere), elsewhere);
    auto first = memo::cached([](int id) { return id; }, memo::key<"page:first{0}">, memo::in(here), memo::on_event([&](memo::event const& what) {
                                  if (what.kind == memo::event_kind::evict)
                                      if (auto const act = std::exchange(between, nullptr))
                                          act();
                              }));
    auto write = memo::cache_evict([&] { source = 2; }, memo::pattern<"page:*">, memo::pattern<"name:*">, memo::in(here));
    CHECK(page(1) == 1);
    first(1);
    between = [&] { CHECK(page_elsewhere(1) == 1); };
    write();
    CHECK(between == nullptr);
    CHECK(page(1) == 2);
    CHECK(page_elsewhere(1) == 2);
}

TEST_SUITE("concurrent") {
    TEST_CASE("F18 steps: a copy that is on its way to the near tier while its tag is evicted does not stay there") {
        memo::manager m;
        std::string source = "old";
        memo::memory_bytes_store store{{}};
        auto const texts = [&](auto... more) {
            return memo::cached([&](int id) { return telling_text{id == 0 ? "last" : source}; }, memo::name("texts"), memo::store(store),
                                memo::tags<"texts">, memo::in(m), more...);
        };
        auto text = texts(memo::near());
        texts()(1);  // stands far only
        text(0);     // and this one near
        std::latch decoding{1};
        std::latch goes_on{1};
        telling_text::decoded = [&](std::string const& what) {
            if (what != "last") {
                telling_text::decoded = nullptr;
                decoding.count_down();
                goes_on.wait();
            }
        };
        auto early = std::async(std::launch::async, [&] { return text(1).text; });
        decoding.wait();
        source = "new";
        telling_text::ended = [&](std::string const& what) {  // the near tier has been gone through for the tag
            if (what == "last") {
                telling_text::ended = nullptr;
                goes_on.count_down();
                CHECK(early.get() == "old");
            }
        };
        CHECK(m.evict_tag("texts").confirmed());
        bool const told = telling_text::ended == nullptr;
        telling_text::ended = nullptr;
        CHECK(told);
        if (!told)
            goes_on.count_down();
        CHECK(text(1).text == "new");
    }

    TEST_CASE("F18 steps: a refresh takes its ticket before anybody may run for it, so an eviction by others finds it") {
        narrow_way way;
        memo::manual_clock clock;
        memo::manager here;
        memo::manager elsewhere;
        slow_source source;
        auto one = memo::cached(source.function(), memo::name("f"), memo::store(way.link), memo::in(here), memo::ttl(1s),
                                memo::stale_while_revalidate(1h), memo::clock(clock));
        auto two = memo::cached(source.function(), memo::name("f"), memo::store(way.far), memo::in(elsewhere));
        CHECK(one(1) == 1);
        clock.advance(2s);
        way.hold(memo::byte_operation::lead);
        auto stale = std::async(std::launch::async, [&] { return one(1); });
        way.waits.wait();
        CHECK(two.evict(1).confirmed());
        source.hold();
        auto runs = std::async(std::launch::async, [&] { return one(1); });
        source.has_read.wait();
        source.now = 2;
        CHECK(two.evict(1).confirmed());
        way.goes_on.count_down();
        CHECK(stale.get() == 1);
        source.let_go();
        CHECK(runs.get() == 1);
        CHECK(one(1) == 2);
    }

    TEST_CASE("F18 F40 steps: a run that has no ticket, since the store was away, is not joined once the store is back") {
        narrow_way way;
        memo::manager here;
        memo::manager elsewhere;
        slow_source source;
        auto one = memo::cached(source.function(), memo::name("f"), memo::store(way.link), memo::in(here));
        auto two = memo::cached(source.function(), memo::name("f"), memo::store(way.far), memo::in(elsewhere));
        source.hold();
        way.link.fail_each(memo::byte_operation::get);
        auto early = std::async(std::launch::async, [&] { return one(1); });
        source.has_read.wait();
        way.link.heal();
        source.now = 2;
        CHECK(two.evict(1).confirmed());
        CHECK(one(1) == 2);
        source.let_go();
        CHECK(early.get() == 1);
        CHECK(one(1) == 2);
    }
}
