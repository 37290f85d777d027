#pragma once

#include "store/simple_bytes.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/evicted.hpp>
#include <memo/codec/record.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A byte store and a plain model of one are told the same things and must say the same.
///
///     byte_model::check([](memo::manual_clock const& clock) { return memo::memory_bytes_store{{.clock = clock}}; });
namespace byte_model {

enum class verb {
    get,
    get_many,
    set,
    set_many,
    add,
    amend,
    discard,
    erase,
    erase_several,
    erase_text,
    erase_pattern,
    erase_tag,
    erase_all,
    open,
    lead,
    commit,
    abandon,
    transact,
    scan,
    count,
    pass,
    clean,
};
inline constexpr int verbs = 22;

/// What is done, and numbers from which its arguments are chosen.
struct command {
    verb what;
    unsigned at;
    unsigned which;
    unsigned how;
};

inline constexpr std::array<std::string_view, 6> families{"c", "c2", "f:a:1:7", "f:a:1:7#", "f:a:2:7", "f:b:1:7"};
inline constexpr std::array<std::string_view, 6> names{"user:1", "user:2", "a*b", "aXb", "", "user:10"};
inline constexpr std::array<std::string_view, 7> scopes{"", "c", "f:", "f:a:", "f:a:1:", "f:a:1:7#", "x"};
inline constexpr std::array<std::string_view, 9> globs{"*", "user:*", "user:?", "*1", "[a-t]*", "a\\*b", "nobody*", "", "*[^0]"};
inline constexpr std::array<std::string_view, 5> tags{"t", "tt", "org:7", "", "x y"};

inline std::ostream& operator<<(std::ostream& to, command const& one) {
    return to << '{' << static_cast<int>(one.what) << ", " << one.at << ", " << one.which << ", " << one.how << '}';
}

/// What the two are and what was told them. `step` says what they disagree in.
class match {
public:
    /// `far_away` stores live by a real clock, so that no lifetimes end.
    enum class time { by_hand, far_away };

    match(memo::shared_store store, memo::manual_clock clock, time lives)
        : store_{std::move(store)}, clock_{clock}, lives_{lives}, model_{memo::detail::time_source{clock}} {}

    std::optional<std::string> step(command const& now) {
        said_.reset();
        play(now);
        return said_;
    }

private:
    template <class T>
    void same(T const& theirs, T const& ours, char const* what) {
        if (!(theirs == ours)) said_ = what;
    }
    void gone(memo::evicted theirs, memo::evicted ours) {
        same(theirs.count(), ours.count(), "an eviction counted otherwise");
        same(theirs.confirmed(), true, "an eviction was not confirmed");
        auto const all = all_names();
        same(store_->get_many(all), model_.get_many(all), "an eviction took others, or left some");
    }
    static std::vector<memo::entry_name> all_names() {
        std::vector<memo::entry_name> all;
        for (unsigned number = 0; number != families.size() * names.size(); ++number) all.push_back(name(number));
        return all;
    }

    template <class Pool>
    static auto pick(Pool const& pool, unsigned number) {
        return pool[number % pool.size()];
    }
    static memo::entry_name name(unsigned number) {
        return {pick(families, number), pick(names, number / static_cast<unsigned>(families.size()))};
    }
    /// Often the same few, so that things meet.
    static memo::entry_name one_name(command const& now) { return name(now.at % 3 == 0 ? now.at : now.at % 4 * 6); }

    /// A record, its tags and lifetime, as a wrapper would write it.
    struct written {
        std::vector<std::string> tags;
        memo::duration life;
        std::string record;

        memo::stored_bytes bytes() const { return {record, tags, life}; }
    };
    written write(unsigned how) {
        written one;
        for (std::size_t tag = 0; tag != tags.size(); ++tag)
            if ((how >> tag & 1U) != 0 && how % 3 != 0) one.tags.emplace_back(tags[tag]);
        one.life = memo::duration::max();
        if (lives_ == time::by_hand && how % 5 < 2)  // the clock goes by milliseconds, so that rounding up changes nothing
            one.life = std::chrono::milliseconds{1 + how % 7} - std::chrono::microseconds{how % 2 * 400};
        auto const text = std::to_string(++written_);
        auto const now = clock_.now().time_since_epoch();
        memo::detail::record from;
        from.family = "model";
        from.identity = text;
        from.times = {.created = now, .ttl = one.life, .touched = now, .read = now};
        from.tags.assign(one.tags.begin(), one.tags.end());
        from.payload = text;
        one.record = memo::detail::write_record(from);
        return one;
    }

    /// What is stored, something else, or nothing.
    std::string seen(memo::entry_name at, unsigned how) {
        auto const held = model_.get(at);
        if (held && how % 4 != 0) return std::string{memo::seal_of(*held)};
        return how % 8 < 4 ? std::string(memo::seal_size, 'z') : std::string{};
    }

    struct tickets {
        memo::entry_name at;
        memo::run_ticket theirs;
        memo::run_ticket ours;
    };
    tickets taken(command const& now) const { return taken_.empty() ? tickets{name(now.at), 0, 0} : pick(taken_, now.which); }
    void take(memo::entry_name at, memo::run_ticket theirs, memo::run_ticket ours) {
        same(theirs != 0, ours != 0, "a ticket was given otherwise");
        if (theirs == 0 || ours == 0) return;
        taken_.push_back({at, theirs, ours});
        if (taken_.size() > 12) taken_.erase(taken_.begin());
    }

    void play(command const& now);
    void write_many(command const& now);
    void open(command const& now);
    void scan(command const& now);
    void pass(command const& now);

    memo::shared_store store_;
    memo::manual_clock clock_;
    time lives_;
    simple::bytes model_;
    std::vector<tickets> taken_;
    std::optional<std::string> said_;
    int written_ = 0;
};

inline void match::play(command const& now) {
    auto const at = one_name(now);
    auto const one = std::span{&at, 1};
    auto const fresh = write(now.how);
    auto const scope = pick(scopes, now.which);
    switch (now.what) {
        case verb::get:
            return same(store_->get(at), model_.get(at), "`get` found otherwise");
        case verb::get_many: {
            std::array const all{at, name(now.which), name(now.how), at};
            return same(store_->get_many(all), model_.get_many(all), "`get_many` found otherwise");
        }
        case verb::set:
            return same(store_->set(at, fresh.bytes()), model_.set(at, fresh.bytes()), "`set` stored otherwise");
        case verb::set_many:
        case verb::transact:
            return write_many(now);
        case verb::add: {
            auto const known = seen(at, now.which);
            return same(store_->add(at, fresh.bytes(), known), model_.add(at, fresh.bytes(), known), "`add` stored otherwise");
        }
        case verb::amend: {
            auto const known = seen(at, now.which);
            return same(store_->amend(at, fresh.bytes(), known), model_.amend(at, fresh.bytes(), known),
                        "`amend` stored otherwise");
        }
        case verb::discard: {
            auto const known = seen(at, now.which);
            return same(store_->discard(at, known), model_.discard(at, known), "`discard` removed otherwise");
        }
        case verb::erase:
            return gone(store_->erase(one), model_.erase(one));
        case verb::erase_several: {
            std::array const all{at, name(now.which), name(now.how), at};
            return gone(store_->erase(all), model_.erase(all));
        }
        case verb::erase_text: {
            auto const text = pick(names, now.at);
            return gone(store_->erase_text(scope, text), model_.erase_text(scope, text));
        }
        case verb::erase_pattern: {
            auto const glob = pick(globs, now.at);
            return gone(store_->erase_pattern(scope, glob), model_.erase_pattern(scope, glob));
        }
        case verb::erase_tag: {
            auto const tag = pick(tags, now.which);
            return gone(store_->erase_tag(tag), model_.erase_tag(tag));
        }
        case verb::erase_all:
            return now.how % 4 == 0 ? gone(store_->erase_all(scope), model_.erase_all(scope)) : void();
        case verb::open:
            return open(now);
        case verb::lead:
            return take(at, store_->lead(at, fresh.tags), model_.lead(at, fresh.tags));
        case verb::commit: {
            auto const run = taken(now);
            auto const to = now.how % 8 == 0 ? at : run.at;
            return same(store_->commit(to, run.theirs, fresh.bytes()), model_.commit(to, run.ours, fresh.bytes()),
                        "`commit` ended otherwise");
        }
        case verb::abandon: {
            auto const run = taken(now);
            store_->abandon(run.at, run.theirs);
            return model_.abandon(run.at, run.ours);
        }
        case verb::scan:
            return scan(now);
        case verb::count:
            return same(store_->count(scope), model_.count(scope), "`count` counted otherwise");
        case verb::pass:
            return pass(now);
        case verb::clean:
            store_->sweep();
            return store_->flush();
    }
}

inline void match::write_many(command const& now) {
    auto const first = write(now.how);
    auto const second = write(now.which);
    if (now.what == verb::set_many) {
        std::array const all{std::pair{name(now.which), first.bytes()}, std::pair{one_name(now), second.bytes()}};
        store_->set_many(all);
        return model_.set_many(all);
    }
    std::array const all{memo::change{name(now.which), first.bytes()}, memo::change{name(now.how), std::nullopt},
                         memo::change{one_name(now), second.bytes()}};
    store_->transact(all);
    model_.transact(all);
}

inline void match::open(command const& now) {
    auto const run = taken(now);
    auto const at = now.how % 2 == 0 ? run.at : one_name(now);
    auto const known = seen(at, now.how / 2);
    auto const fresh = write(now.how);
    bool const joins = now.how % 3 != 0;
    auto const theirs = store_->open(at, fresh.tags, known, joins ? run.theirs : 0);
    auto const ours = model_.open(at, fresh.tags, known, joins ? run.ours : 0);
    same(theirs.record, ours.record, "`open` found otherwise");
    same(theirs.joined, ours.joined, "`open` joined otherwise");
    take(at, theirs.mine, ours.mine);
}

inline void match::scan(command const& now) {
    auto const all = [&](memo::byte_store& of) {
        std::set<std::string> found;
        std::string from;
        do {
            auto page = of.scan(pick(families, now.at), pick(globs, now.which), from);
            found.insert(page.names.begin(), page.names.end());
            from = std::move(page.next);
        } while (!from.empty());
        return found;
    };
    same(all(*store_), all(model_), "`scan` showed otherwise");
}

/// What is over is nowhere to be seen; whether a tag of it still ends runs is left open, so it goes from both.
inline void match::pass(command const& now) {
    if (lives_ != time::by_hand) return;
    std::vector<memo::entry_name> before;
    for (auto const at : all_names())
        if (model_.get(at)) before.push_back(at);
    clock_.advance(std::chrono::milliseconds{1 + now.how % 4});
    for (auto const at : before)
        if (!model_.get(at)) {
            same(store_->get(at), std::optional<std::string>{}, "what is over was shown");
            store_->erase(std::span{&at, 1});
            model_.erase(std::span{&at, 1});
        }
}

/// What a store says other than the model while it is told these; nothing when they agree.
inline std::optional<std::string> disagreement(memo::shared_store store, memo::manual_clock const& clock,
                                               std::vector<command> const& told, match::time lives = match::time::by_hand) {
    match both{std::move(store), clock, lives};
    for (auto const& now : told)
        if (auto said = both.step(now)) return said;
    return std::nullopt;
}

inline rc::Gen<std::vector<command>> commands() {
    auto const number = rc::gen::inRange(0U, 1'000'000U);
    return rc::gen::container<std::vector<command>>(rc::gen::build<command>(
        rc::gen::set(&command::what, rc::gen::map(rc::gen::inRange(0, verbs), [](int what) { return verb{what}; })),
        rc::gen::set(&command::at, number), rc::gen::set(&command::which, number), rc::gen::set(&command::how, number)));
}

/// By random commands; `make` gives an empty store that lives by the clock.
inline void check(std::function<memo::shared_store(memo::manual_clock const&)> const& make,
                  match::time lives = match::time::by_hand) {
    CHECK(rc::check([&] {
        memo::manual_clock const clock;
        auto const told = *rc::gen::scale(2.0, commands());
        auto const said = disagreement(make(clock), clock, told, lives);
        if (said) RC_FAIL(*said);
    }));
}

/// Many commands by chance, without shrinking.
inline std::optional<std::string> stress(std::function<memo::shared_store(memo::manual_clock const&)> const& make, unsigned seed,
                                         int rounds) {
    std::mt19937 chance{seed};
    for (int round = 0; round != rounds; ++round) {
        memo::manual_clock const clock;
        std::vector<command> told(80);
        for (auto& one : told)
            one = {verb{static_cast<int>(chance() % verbs)}, static_cast<unsigned>(chance() % 1'000'000),
                   static_cast<unsigned>(chance() % 1'000'000), static_cast<unsigned>(chance() % 1'000'000)};
        if (auto said = disagreement(make(clock), clock, told)) return said;
    }
    return std::nullopt;
}

}  // namespace byte_model
