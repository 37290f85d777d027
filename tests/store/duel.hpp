#pragma once

#include "store/model.hpp"
#include "store/sample.hpp"

#include <memo/base/stats.hpp>
#include <memo/store/memory.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace duel {

using memo::duration;
using memo::evict_cause;
using memo::detail::terms;

enum class verb {
    get,
    recall,
    begin,
    open,
    renew,
    commit,
    abandon,
    relieve,
    postpone,
    set,
    erase,
    erase_text,
    erase_tag,
    erase_if,
    erase_all,
    touch,
    advance,
    sweep
};

struct command {
    verb what;
    std::uint64_t key;
    unsigned chance;

    friend std::ostream& operator<<(std::ostream& out, command const& one) {
        static constexpr char const* names[]{"get",      "recall", "begin",      "open",      "renew",    "commit",
                                             "abandon",  "relieve", "postpone",  "set",       "erase",    "erase_text",
                                             "erase_tag", "erase_if", "erase_all", "touch",    "advance",  "sweep"};
        return out << names[static_cast<std::size_t>(one.what)] << '(' << one.key << ", " << one.chance << ')';
    }
};

inline constexpr std::uint64_t keys = 14;

inline rc::Gen<std::vector<command>> commands() {
    auto const verbs = rc::gen::weightedElement<verb>({{6, verb::get},
                                                       {3, verb::recall},
                                                       {5, verb::begin},
                                                       {2, verb::open},
                                                       {2, verb::renew},
                                                       {6, verb::commit},
                                                       {1, verb::abandon},
                                                       {1, verb::relieve},
                                                       {2, verb::postpone},
                                                       {6, verb::set},
                                                       {1, verb::erase},
                                                       {1, verb::erase_text},
                                                       {1, verb::erase_tag},
                                                       {1, verb::erase_if},
                                                       {1, verb::erase_all},
                                                       {2, verb::touch},
                                                       {3, verb::advance},
                                                       {2, verb::sweep}});
    return rc::gen::scale(3, rc::gen::container<std::vector<command>>(rc::gen::construct<command>(
                                 verbs, rc::gen::inRange<std::uint64_t>(0, keys), rc::gen::inRange(0U, 1U << 16))));
}

/// The store and the model, under the same commands. Pairs of keys share a place and a text.
template <class Held, class Order>
class match {
public:
    match(napkin::leaving policy, memo::detail::memory_limits limits, bool all_meet)
        : limits_{limits}, all_meet_{all_meet}, store_{limits, &watcher_}, model_{policy, limits} {}

    void play(command const& one) {
        std::size_t const number = leases_.empty() ? 0 : one.chance % leases_.size();
        auto const where = key(one.key);
        switch (one.what) {
            case verb::get:
                agree_on(store_.get(where, now_), model_.get(one.key, now_));
                break;
            case verb::recall:
                recall(one);
                break;
            case verb::begin:
                begin(one);
                break;
            case verb::open:
                leases_.push_back(sample::lease_for(where, tags(one.chance)));
                store_.open(leases_.back(), one.chance % 2 == 0);
                model_.open({one.key, tags(one.chance), one.chance % 2 == 0});
                break;
            case verb::renew: {
                auto const mine = sample::lease_for(where, tags(one.chance));
                auto const leads = store_.renew(mine, one.chance % 2 == 0);
                RC_ASSERT(leads == model_.renew({one.key, tags(one.chance), one.chance % 2 == 0}));
                if (leads) leases_.push_back(mine);
                break;
            }
            case verb::commit:
                if (!leases_.empty()) {
                    auto kept = random_terms(one.chance);
                    kept.tags = leases_[number]->tags();
                    auto const outcome = store_.commit(*leases_[number], fresh(), kept, 0);
                    expect_victims(model_.runs[number].key);
                    RC_ASSERT(outcome == model_.commit(number, made_, kept));
                }
                break;
            case verb::abandon:
                if (!leases_.empty()) {
                    store_.abandon(*leases_[number]);
                    model_.abandon(number);
                }
                break;
            case verb::relieve:
                if (!leases_.empty()) {
                    store_.relieve(*leases_[number]);
                    model_.relieve(number);
                }
                break;
            case verb::postpone:
                if (!leases_.empty()) {
                    auto const until = now_ + duration{one.chance % 50};
                    store_.postpone(*leases_[number], until);
                    model_.postpone(number, until);
                }
                break;
            case verb::set: {
                auto kept = random_terms(one.chance);
                kept.tags = tags(one.chance);
                auto const outcome = store_.set(where, fresh(), kept, 0);
                expect_victims(one.key);
                RC_ASSERT(outcome == model_.set(one.key, made_, kept));
                break;
            }
            case verb::erase:
                RC_ASSERT(store_.erase(where).count() == model_.erase(one.key));
                break;
            case verb::erase_text:
                RC_ASSERT(store_.erase_text(where.place, where.text).count() ==
                          model_.erase_if(evict_cause::explicit_,
                                          [&](auto const& held) { return held.key / 2 == one.key / 2; }));
                break;
            case verb::erase_tag: {
                auto const wanted = tags(one.chance);
                if (!wanted.empty())
                    RC_ASSERT(store_.erase_tag(wanted.back()).count() == model_.erase_tag(wanted.back()));
                break;
            }
            case verb::erase_if: {
                auto const ending = static_cast<char>('0' + one.chance % 10);
                auto const found =
                    store_.erase_if(evict_cause::pattern, [&](auto const& of) { return of.identity.back() == ending; });
                RC_ASSERT(found.count() == model_.erase_if(evict_cause::pattern, [&](auto const& held) {
                    return key(held.key).identity.back() == ending;
                }));
                break;
            }
            case verb::erase_all:
                RC_ASSERT(store_.erase_all().count() == model_.erase_if(evict_cause::cleared, [](auto const&) { return true; }));
                break;
            case verb::touch: {
                auto const ttl =
                    one.chance % 5 == 0 ? duration::max() : duration{static_cast<int>(one.chance % 30) - 2};
                RC_ASSERT(store_.touch(where, ttl, now_) == model_.touch(one.key, ttl, now_));
                break;
            }
            case verb::advance:
                now_ += duration{one.chance % 6};
                break;
            case verb::sweep:
                sweep();
                break;
        }
        agree();
    }

private:
    sample::key key(std::uint64_t number) const {
        sample::key made{number, all_meet_ ? number / 2 % 2 : number / 2 * 0x9E3779B97F4A7C15};
        made.text = "k:" + std::to_string(number / 2);
        return made;
    }

    Held fresh() { return sample::result<Held>(++made_); }

    terms random_terms(unsigned chance) const {
        auto kept = sample::living(now_, chance % 4 == 0 ? duration{chance / 4 % 25 + 1} : duration::max(),
                                   chance % 6 == 0 ? duration{chance / 6 % 9 + 1} : duration::max());
        kept.grace = duration{chance / 5 % 3 == 0 ? chance / 32 % 20 : 0};
        kept.weight = chance / 16 % 6;
        kept.cost = duration{chance};
        return kept;
    }

    static std::vector<std::string> tags(unsigned chance) {
        static std::vector<std::vector<std::string>> const sets{{}, {}, {"a"}, {"b", "a"}, {"a", "a"}, {"c", "b", "c"}};
        return sets[chance / 8 % sets.size()];
    }

    void recall(command const& one) {
        auto const found = store_.recall(key(one.key), now_);
        agree_on(found ? std::optional{found->result} : std::nullopt, model_.recall(one.key, now_));
        if (found) agree_on_times(found->made, *model_.inspect(one.key, now_));
    }

    void begin(command const& one) {
        bool const shares = one.chance % 4 != 0;
        auto const mine = sample::lease_for(key(one.key), tags(one.chance));
        auto const start = store_.begin(mine, now_, shares);
        auto const hit = model_.get(one.key, now_);
        agree_on(start.hit, hit);
        if (hit) {
            RC_ASSERT(start.joined == nullptr);
            return;
        }
        auto const joined = model_.begin({one.key, tags(one.chance), shares});
        if (joined) {
            RC_ASSERT(start.joined != nullptr);
            RC_ASSERT(start.joined->standing());
            RC_ASSERT(start.joined->key() == mine->key());
            return;
        }
        RC_ASSERT(start.joined == nullptr);
        leases_.push_back(mine);
    }

    /// With several orders the model lets those leave that the store let leave, in the order in which they did.
    void expect_victims(std::uint64_t stored) {
        if (limits_.exact_order) return;
        std::deque<std::uint64_t> victims;
        for (auto const& [identity, cause] : watcher_.seen)
            if (cause == evict_cause::capacity || (cause == evict_cause::expired && std::stoull(identity) != stored))
                victims.push_front(std::stoull(identity));
        model_.follow(std::move(victims));
    }

    /// What expired an interval ago or earlier is gone; of what expired since, the store may keep any.
    void sweep() {
        store_.sweep(now_);
        for (auto const& [identity, cause] : watcher_.seen) model_.drop_expired(std::stoull(identity), now_);
        RC_ASSERT(!model_.holds_expired(now_ - limits_.cleanup_interval));
    }

    void agree_on(std::optional<Held> const& got, std::optional<std::int64_t> const& wanted) {
        RC_ASSERT(got.has_value() == wanted.has_value());
        if constexpr (std::is_same_v<Held, sample::text_ptr>)
            RC_ASSERT((!wanted || **got == *sample::result<Held>(*wanted)));
        else
            RC_ASSERT(got == wanted);
    }

    void agree() {
        RC_ASSERT(store_.validate());
        RC_ASSERT(store_.size() == model_.entries.size());
        RC_ASSERT(model_.entries.size() <= limits_.entries);
        RC_ASSERT(model_.weight() <= limits_.weight);
        for (std::uint64_t number = 0; number != keys; ++number) {
            auto const* const held = model_.inspect(number, now_);
            auto const where = key(number);
            agree_on(store_.peek(where, now_),
                     held == nullptr || !held->fresh(now_) ? std::nullopt : std::optional{held->result});
            auto const facts = store_.facts(where, now_);
            RC_ASSERT(facts.has_value() == (held != nullptr));
            if (held == nullptr) continue;
            agree_on_times(*facts, *held);
            RC_ASSERT(facts->tags == held->kept.tags);
        }
        for (std::size_t number = 0; number != leases_.size(); ++number)
            RC_ASSERT(leases_[number]->standing() == model_.runs[number].standing);
        agree_on_removals();
    }

    void agree_on_times(memo::detail::vintage const& made, napkin::entry const& held) {
        auto const ends = std::min(held.fresh_until, held.idle_at);
        RC_ASSERT(made.fresh(now_) == held.fresh(now_));
        RC_ASSERT(made.age(now_) == now_ - held.kept.created);
        RC_ASSERT(made.remaining(now_) == (ends == duration::max() ? ends : ends - now_));
        RC_ASSERT(made.gone_at == std::min(held.expires_at, held.idle_at));
        RC_ASSERT(made.cost == held.kept.cost);
        RC_ASSERT(made.failures == held.failures);
        RC_ASSERT(made.retry_at == held.retry_at);
    }

    void agree_on_removals() {
        std::multiset<std::pair<std::string, evict_cause>> expected;
        for (auto const& [number, cause] : model_.removed) {
            expected.emplace(std::to_string(number), cause);
            ++gone_[static_cast<std::size_t>(cause)];
        }
        RC_ASSERT(expected == std::multiset(watcher_.seen.begin(), watcher_.seen.end()));
        model_.removed.clear();
        watcher_.seen.clear();
        memo::stats sum;
        store_.count_into(sum);
        RC_ASSERT(sum.evictions_by_cause == gone_);
        RC_ASSERT(sum.expirations == gone_[static_cast<std::size_t>(evict_cause::expired)]);
        RC_ASSERT(sum.hits == model_.hits);
        RC_ASSERT(sum.items == model_.entries.size());
    }

    memo::detail::memory_limits limits_;
    bool all_meet_;
    sample::witness watcher_;
    memo::detail::memory_store<Held, Order> store_;
    napkin::store model_;
    std::vector<std::shared_ptr<memo::detail::lease>> leases_;
    std::array<std::uint64_t, memo::evict_causes> gone_{};
    duration now_ = std::chrono::microseconds{1};
    std::int64_t made_ = 0;
};

}  // namespace duel
