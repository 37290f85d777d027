#pragma once

#include <memo/policy/concept.hpp>
#include <memo/testing/law_broken.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace memo::testing {

/// How long and over what `policy_laws` runs; equal plans make equal runs.
struct policy_plan {
    std::uint64_t seed = 1;
    std::size_t hooks = 50;
    std::size_t steps = 20'000;
    std::function<std::size_t()> allocations = {};  ///< how many there were so far; without it they are not judged
};

/// Runs random admits, touches, forgets and evictions through an `Order` and holds it to the contract of
/// `eviction_policy`. What a policy prefers is its own affair: that needs a test of its own.
///
/// Throws:   law_broken.
template <eviction_policy Order>
void policy_laws(policy_plan const& plan = {});

}  // namespace memo::testing

namespace memo::detail {

/// One hook at a time in memory that remembers whether anybody wrote to it while there was none.
template <class Hook>
class hook_place {
public:
    hook_place() { wipe(); }

    hook_place(hook_place const&) = delete;
    hook_place& operator=(hook_place const&) = delete;

    ~hook_place() {
        if (hook_ != nullptr) std::destroy_at(hook_);
    }

    [[nodiscard]] Hook* hook() const noexcept { return hook_; }

    Hook& open() { return *(hook_ = ::new (static_cast<void*>(room_)) Hook()); }

    void close() noexcept {
        std::destroy_at(hook_);
        hook_ = nullptr;
        wipe();
    }

    [[nodiscard]] bool untouched() const noexcept {
        return hook_ != nullptr || std::all_of(room_, room_ + sizeof(Hook), [](unsigned char b) { return b == blank; });
    }

private:
    static constexpr unsigned char blank = 0xA5;

    void wipe() noexcept { std::memset(room_, blank, sizeof(Hook)); }

    alignas(Hook) unsigned char room_[sizeof(Hook)];
    Hook* hook_ = nullptr;
};

template <class Order>
class policy_trial {
    using hook = typename Order::hook;

public:
    explicit policy_trial(testing::policy_plan const& plan)
        : plan_{plan}, chance_{plan.seed}, places_(std::max<std::size_t>(plan.hooks, 1)) {}

    void run() {
        agree();
        for (; step_ < plan_.steps; ++step_) {
            act();
            agree();
        }
        while (residents_ > 0) {
            evict();
            agree();
            ++step_;
        }
    }

private:
    using place = hook_place<hook>;

    void act() {
        if constexpr (clearing<Order>)
            if (chance_() % 1'000 == 0) return clear();
        place& chosen = places_[chance_() % places_.size()];
        if (chosen.hook() == nullptr) {
            order_.admit(chosen.open());
            ++residents_;
            return;
        }
        switch (chance_() % 8) {
            case 0:
                forget(chosen);
                break;
            case 1:
                evict();
                break;
            case 2:
                readmit(*chosen.hook());
                break;
            case 3:
                for (int times = 0; times != 20; ++times) touch(*chosen.hook());
                break;
            default:
                touch(*chosen.hook());
        }
    }

    void touch(hook& entry) {
        std::size_t const before = plan_.allocations ? plan_.allocations() : 0;
        if constexpr (noting<Order>) {
            note(entry);
        } else if constexpr (settling<Order>) {
            bool const settled = order_.settled(entry);
            auto const was = bytes_of(entry);
            order_.touch(entry);
            expect(!settled || bytes_of(entry) == was, "a touch changed what was `settled`", "say so of what no touch changes");
        } else {
            order_.touch(entry);
        }
        expect(!plan_.allocations || plan_.allocations() == before, "a touch allocated memory",
               "set aside in `admit` what a touch may need");
    }

    void note(hook& entry) {
        bool const settled = order_.settled(entry);
        auto const before = entry.reads.get();
        auto const touched = order_.touched(before);
        order_.touch(entry);
        expect(entry.reads.get() == touched && settled == (touched == before), "a touch is not what `touched` says",
               "let `touch` and `settled` ask `touched`");
    }

    using hook_bytes = std::array<unsigned char, sizeof(hook)>;
    static hook_bytes bytes_of(hook const& entry) noexcept {
        hook_bytes bytes;
        std::memcpy(bytes.data(), static_cast<void const*>(&entry), bytes.size());
        return bytes;
    }

    void forget(place& leaving) {
        order_.forget(*leaving.hook());
        leaving.close();
        --residents_;
    }

    void clear()
        requires clearing<Order>
    {
        order_.clear();
        for (auto& at : places_)
            if (at.hook() != nullptr) at.close();
        residents_ = 0;
    }

    void readmit(hook& entry) {
        order_.forget(entry);
        order_.admit(entry);
    }

    void evict() { forget(place_of(order_.victim())); }

    place& place_of(hook const* victim) {
        expect(victim != nullptr, "there are residents but `victim` returned null", "offer one of them");
        auto const found =
            std::find_if(places_.begin(), places_.end(), [victim](place const& at) { return at.hook() == victim; });
        expect(found != places_.end(), "the victim is no resident hook",
               "offer a hook that was admitted and not forgotten since");
        return *found;
    }

    void agree() {
        expect(order_.validate(), "`validate` returned false", "mend the order, or `validate`");
        hook* const victim = order_.victim();
        if (residents_ > 0) {
            static_cast<void>(place_of(victim));
        } else {
            expect(victim == nullptr, "there are no residents but `victim` returned a hook", "return null");
        }
        expect(order_.validate(), "`validate` returned false after `victim`", "choose without disturbing the order");
        expect(std::all_of(places_.begin(), places_.end(), [](place const& at) { return at.untouched(); }),
               "a hook was written to after it was forgotten", "drop every pointer to a hook in `forget`");
    }

    void expect(bool kept, std::string_view happened, std::string_view cure) const {
        if (kept) return;
        throw testing::law_broken{"policy_laws(seed " + std::to_string(plan_.seed) + ", step " + std::to_string(step_) +
                         "): " + std::string{happened} + "; " + std::string{cure}};
    }

    testing::policy_plan plan_;
    std::mt19937_64 chance_;
    std::size_t step_ = 0;
    std::size_t residents_ = 0;
    std::vector<place> places_;
    Order order_;
};

}  // namespace memo::detail

template <memo::eviction_policy Order>
void memo::testing::policy_laws(policy_plan const& plan) {
    memo::detail::policy_trial<Order>{plan}.run();
}
