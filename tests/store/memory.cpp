#include "store/duel.hpp"
#include "store/sample.hpp"

#include <memo/policy/fifo.hpp>
#include <memo/policy/lfu.hpp>
#include <memo/policy/lru.hpp>
#include <memo/store/memory.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <chrono>
#include <cstdint>

using namespace std::chrono_literals;
using memo::detail::memory_limits;
using memo::detail::memory_store;
using sample::many;

namespace {

template <class Held, class Order>
void play_against_the_model(napkin::leaving policy) {
    for (std::size_t const entries : {std::size_t{1}, std::size_t{2}, std::size_t{10}, many}) {
        CHECK(rc::check([&](bool all_meet, bool exact_order) {
            auto const weight = *rc::gen::element(many, many, std::size_t{12}, std::size_t{4});
            duel::match<Held, Order> one{policy, {entries, weight, exact_order, 10ns}, all_meet};
            for (auto const& command : *duel::commands()) one.play(command);
        }));
    }
}

}  // namespace

TEST_CASE("memory: with fifo it does in every detail what the model does") {
    play_against_the_model<std::int64_t, memo::fifo_order>(napkin::leaving::fifo);
}

TEST_CASE("memory: with lru it does in every detail what the model does") {
    play_against_the_model<std::int64_t, memo::lru_order>(napkin::leaving::lru);
}

TEST_CASE("memory: with lfu it does in every detail what the model does") {
    play_against_the_model<std::int64_t, memo::lfu_order>(napkin::leaving::lfu);
}

TEST_CASE("memory: results behind a pointer are held as those in place are") {
    play_against_the_model<sample::text_ptr, memo::fifo_order>(napkin::leaving::fifo);
    play_against_the_model<sample::text_ptr, memo::lru_order>(napkin::leaving::lru);
    play_against_the_model<sample::text_ptr, memo::lfu_order>(napkin::leaving::lfu);
}
