#pragma once

#include <memo/cache_evict.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

/// Calls `fn` with each way to evict g(7), of a wrapper whose keys read `number:7`, with the tag `numbers`, in the manager `at.m`.
template <class Scene, class Wrapper, class Fn>
void each_eviction(Scene& at, Wrapper& g, Fn const& fn) {
    auto const nothing = [](int) {};
    auto drop_entry = memo::cache_evict(nothing, memo::entry(g), memo::in(at.m));
    auto drop_all = memo::cache_evict(nothing, memo::all(g), memo::in(at.m));
    auto drop_text = memo::cache_evict(nothing, memo::key<"number:{0}">, memo::in(at.m));
    auto drop_pattern = memo::cache_evict(nothing, memo::pattern<"number:*">, memo::before, memo::in(at.m));
    auto drop_tag = memo::cache_evict(nothing, memo::tags<"numbers">, memo::in(at.m));
    std::vector<std::pair<std::string, std::function<void()>>> const all{
        {"evict", [&] { CHECK(g.evict(7).confirmed()); }},
        {"clear", [&] { CHECK(g.clear().confirmed()); }},
        {"the manager's key", [&] { CHECK(at.m.evict_key("number:7").confirmed()); }},
        {"the manager's pattern", [&] { CHECK(at.m.evict_pattern("num*").confirmed()); }},
        {"the manager's tag", [&] { CHECK(at.m.evict_tag("numbers").confirmed()); }},
        {"the manager's clear", [&] { CHECK(at.m.clear().confirmed()); }},
        {"cache_evict of an entry", [&] { drop_entry(7); }},
        {"cache_evict of all", [&] { drop_all(7); }},
        {"cache_evict of a key", [&] { drop_text(7); }},
        {"cache_evict of a pattern", [&] { drop_pattern(7); }},
        {"cache_evict of a tag", [&] { drop_tag(7); }},
    };
    for (auto const& one : all) {
        CAPTURE(one.first);
        static_cast<void>(g.clear());
        at.runs = 0;
        fn(one.second);
        CHECK(g.inside()->validate());
    }
}
