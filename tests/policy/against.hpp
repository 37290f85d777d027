#pragma once

#include "replay.hpp"

#include <memo/policy/concept.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstddef>
#include <utility>
#include <vector>

/// Whether an order and a naive model of it, driven by the same random verbs, name the same victim at every step.
/// The model speaks of hooks by number: `admit(n)`, `touch(n)`, `forget(n)`, and `victim()`, -1 for none.
template <class Order, class Model>
bool same_victims() {
    return rc::check([] {
        constexpr int entries = 12;
        auto const verbs = *rc::gen::container<std::vector<std::pair<int, int>>>(
            rc::gen::pair(rc::gen::inRange(0, 10), rc::gen::inRange(0, entries)));
        Order order;
        Model model;
        std::vector<typename Order::hook> hooks(entries);
        std::vector<bool> resident(entries);
        auto const named = [&hooks](typename Order::hook const* hook) {
            return hook == nullptr ? -1 : static_cast<int>(hook - hooks.data());
        };
        for (auto [verb, number] : verbs) {
            if (verb == 0 && model.victim() >= 0) number = model.victim();
            auto const index = static_cast<std::size_t>(number);
            if (!resident[index]) {
                memo::detail::introduce(hooks[index], fixed_place(index), 1, 1);
                order.admit(hooks[index]);
                model.admit(number);
                resident[index] = true;
            } else if (verb < 3) {
                order.forget(hooks[index]);
                model.forget(number);
                resident[index] = false;
            } else {
                order.touch(hooks[index]);
                model.touch(number);
            }
            RC_ASSERT(named(order.victim()) == model.victim());
            RC_ASSERT(order.validate());
        }
    });
}
