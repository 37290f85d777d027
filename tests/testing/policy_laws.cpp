#include <memo/testing/policy_laws.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <vector>

using memo::testing::law_broken;
using memo::testing::policy_laws;

namespace {

/// A right order that a stranger might write; each test breaks it in one way.
class stranger_order {
public:
    struct hook {
        std::list<hook*>::iterator place;
    };

    void admit(hook& entry) noexcept { entry.place = entries.insert(entries.end(), &entry); }
    void touch(hook& entry) noexcept { entries.splice(entries.end(), entries, entry.place); }
    void forget(hook& entry) noexcept { entries.erase(entry.place); }
    hook* victim() noexcept { return entries.empty() ? nullptr : entries.front(); }
    bool validate() const noexcept { return true; }

protected:
    std::list<hook*> entries;
};

struct invents_victims : stranger_order {
    hook* victim() noexcept { return &nobody; }
    hook nobody;
};

struct names_nobody : stranger_order {
    hook* victim() noexcept { return nullptr; }
};

struct keeps_the_forgotten : stranger_order {
    void forget(hook&) noexcept {}
    hook* victim() noexcept { return entries.empty() ? nullptr : entries.back(); }
};

struct writes_to_the_forgotten : stranger_order {
    void forget(hook& entry) noexcept {
        stranger_order::forget(entry);
        last = &entry;
    }
    void touch(hook& entry) noexcept {
        stranger_order::touch(entry);
        if (last != nullptr) last->place = entry.place;
    }
    hook* last = nullptr;
};

struct loses_count : stranger_order {
    bool validate() const noexcept { return entries.size() < 10; }
};

std::size_t blocks = 0;

struct allocates_on_touch : stranger_order {
    void touch(hook&) noexcept { ++blocks; }
};

struct settles_too_early {
    struct hook {
        std::list<hook*>::iterator place;
        int reads = 0;
    };
    static constexpr bool touches_unlocked = true;

    void admit(hook& entry) noexcept { entry.place = entries.insert(entries.end(), &entry); }
    void touch(hook& entry) noexcept { entry.reads = std::min(entry.reads + 1, 3); }
    bool settled(hook const& entry) const noexcept { return entry.reads >= 2; }
    void forget(hook& entry) noexcept { entries.erase(entry.place); }
    hook* victim() noexcept { return entries.empty() ? nullptr : entries.front(); }
    bool validate() const noexcept { return true; }

    std::list<hook*> entries;
};

struct clears_all_but_the_victim {
    struct hook {};

    void admit(hook& entry) noexcept {
        entries.push_back(&entry);
        chosen = entries.front();
    }
    void touch(hook&) noexcept {}
    void forget(hook& entry) noexcept {
        std::erase(entries, &entry);
        chosen = entries.empty() ? nullptr : entries.front();
    }
    void clear() noexcept { entries.clear(); }
    hook* victim() noexcept { return chosen; }
    bool validate() const noexcept { return true; }

    std::vector<hook*> entries;
    hook* chosen = nullptr;
};

template <class Order>
std::string broken_law() {
    try {
        policy_laws<Order>({.allocations = [] { return blocks; }});
    } catch (law_broken const& broken) {
        return broken.what();
    }
    return "none";
}

bool speaks_of(std::string const& message, char const* what) { return message.find(what) != std::string::npos; }

}  // namespace

TEST_CASE("policy_laws: a right order of a stranger passes, whatever the seed") {
    for (std::uint64_t seed = 0; seed < 20; ++seed)
        CHECK_NOTHROW(policy_laws<stranger_order>({.seed = seed, .steps = 500}));
}

TEST_CASE("policy_laws: one hook and no steps at all are plans, too") {
    CHECK_NOTHROW(policy_laws<stranger_order>({.hooks = 1}));
    CHECK_NOTHROW(policy_laws<stranger_order>({.hooks = 0, .steps = 10}));
    CHECK_NOTHROW(policy_laws<stranger_order>({.steps = 0}));
}

TEST_CASE("policy_laws: each broken law is named, with the seed and the step") {
    CHECK(speaks_of(broken_law<invents_victims>(), "no residents but `victim` returned a hook"));
    CHECK(speaks_of(broken_law<names_nobody>(), "there are residents but `victim` returned null"));
    CHECK(speaks_of(broken_law<keeps_the_forgotten>(), "the victim is no resident hook"));
    CHECK(speaks_of(broken_law<writes_to_the_forgotten>(), "written to after it was forgotten"));
    CHECK(speaks_of(broken_law<loses_count>(), "`validate` returned false"));
    CHECK(speaks_of(broken_law<allocates_on_touch>(), "a touch allocated memory"));
    CHECK(speaks_of(broken_law<settles_too_early>(), "a touch changed what was `settled`"));
    CHECK(speaks_of(broken_law<clears_all_but_the_victim>(), "there are no residents but `victim` returned a hook"));
    CHECK(speaks_of(broken_law<names_nobody>(), "policy_laws(seed 1, step "));
}
