#include "laws/machine.hpp"

#include "axes.hpp"
#include "laws/keys.hpp"
#include "laws/model.hpp"

#include <memo/manager.hpp>

#include <rapidcheck.h>
#include <rapidcheck/state.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>

namespace laws {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// One cache, its model, and the manager that strings go through.
class trial {
public:
    trial(axes::configuration how, subject_maker make, std::size_t capacity, bool at_once)
        : method_{how.wrapper == axes::kind::method}, capacity_{how.lives_in == axes::home::typed ? capacity : axes::full},
          of_{how, capacity_ == axes::full, at_once}, g_{make(of_, space_, capacity)} {}

    model& of() { return of_; }
    subject& g() { return *g_; }
    memo::manager& space() { return space_; }
    std::string text(int key) const { return (method_ ? "7:k:" : "k:") + std::to_string(key); }

    void audit() {
        of_.demand(g_->validate(), "the store is not sound");
        of_.demand(g_->size() <= capacity_, "more entries are held than there is room for");
        of_.audit(g_->size(), g_->stats());
        if (!of_.problem().empty())
            RC_FAIL(of_.problem());
    }

    /// The last handle goes: what is still to be done in the background must not run the function.
    void end() {
        g_.reset();
        auto const runs = of_.runs();
        while (of_.work()) {
        }
        if (of_.runs() != runs)
            RC_FAIL("a run began after the last handle had gone");
    }

private:
    bool method_;
    std::size_t capacity_;
    model of_;
    memo::manager space_;
    std::unique_ptr<subject> g_;
};

struct nothing {};
using command = rc::state::Command<nothing, trial>;

enum class verb {
    call, peek, contains, ttl, explain, set, refresh, uncached, evict, evict_tag, evict_key, evict_pattern, clear, clear_all,
    touch, advance, linger, fail, meanwhile, work, refuse, lose,
};

/// A line of a program.
class line final : public command {
public:
    line(verb what, int key, int number) : what_{what}, key_{key}, number_{number} {}

    void run(nothing const&, trial& on) const override {
        carry_out(on);
        on.audit();
    }

    void show(std::ostream& out) const override {
        auto const g = [&](char const* name) -> std::ostream& { return out << "g." << name << '('; };
        switch (what_) {
            case verb::call: out << "g(" << key_; break;
            case verb::peek: g("peek") << key_; break;
            case verb::contains: g("contains") << key_; break;
            case verb::ttl: g("ttl") << key_; break;
            case verb::explain: g("explain") << key_; break;
            case verb::set: g("set") << given() << ", " << key_; break;
            case verb::refresh: g("refresh") << key_; break;
            case verb::uncached: g("uncached") << key_; break;
            case verb::evict: g("evict") << key_; break;
            case verb::evict_tag: out << "m.evict_tag(\"g:" << group_of(key_) << '"'; break;
            case verb::evict_key: out << "m.evict_key(\"k:" << key_ << '"'; break;
            case verb::evict_pattern: out << "m.evict_pattern(\"k:" << key_ << "*\""; break;
            case verb::clear: out << "g.clear("; break;
            case verb::clear_all: out << "m.clear("; break;
            case verb::touch: g("touch") << number_ << "s, " << key_; break;
            case verb::advance: out << "time.advance(" << number_ << 's'; break;
            case verb::linger: out << "time.advance(" << lingering().count() << "ms"; break;
            case verb::fail: out << "f.fail(" << failures(); break;
            case verb::meanwhile: out << "f.meanwhile([](int key) { " << meanwhile() << "; }"; break;
            case verb::work: out << "background.work("; break;
            case verb::refuse: out << "background.refuse(" << failures(); break;
            case verb::lose: out << "background.lose("; break;
        }
        out << ");";
    }

private:
    long given() const { return 1'000'000L + number_; }
    milliseconds lingering() const { return number_ * milliseconds{50}; }
    int failures() const { return number_; }
    std::string meanwhile() const {
        auto const number = std::to_string(number_);
        switch (number_ % 4) {
            case 0: return "time.advance(" + number + "s)";
            case 1: return "g.evict(key)";
            case 2: return "g.set(" + std::to_string(given()) + ", key)";
            default: return "m.evict_tag(\"all\")";
        }
    }
    void interfere(trial& on, int key) const {
        switch (number_ % 4) {
            case 0: on.of().time.advance(seconds{number_}); break;
            case 1: on.of().forget(on.g().evict(key), [&](int other) { return other == key; }); break;
            case 2:
                on.g().set(given(), key);
                on.of().put(key, given());
                break;
            default: on.of().forget(on.space().evict_tag("all").count(), [](int) { return true; });
        }
    }

    void carry_out(trial& on) const {
        auto& of = on.of();
        auto& g = on.g();
        switch (what_) {
            case verb::call:
                try {
                    of.call(key_, [&] { return g.call(key_); });
                } catch (failure const&) {
                }
                break;
            case verb::peek: of.seen(key_, g.peek(key_)); break;
            case verb::contains: of.found(key_, g.contains(key_)); break;
            case verb::ttl: of.remains(key_, g.ttl(key_)); break;
            case verb::explain: of.explained(key_, g.explain(key_)); break;
            case verb::set:
                g.set(given(), key_);
                of.put(key_, given());
                break;
            case verb::refresh: of.refresh(key_, [&] { return g.refresh(key_); }); break;
            case verb::uncached: of.uncached(key_, [&] { return g.uncached(key_); }); break;
            case verb::evict: of.forget(g.evict(key_), [&](int other) { return other == key_; }); break;
            case verb::evict_tag:
                of.forget(on.space().evict_tag("g:" + std::to_string(group_of(key_))).count(),
                          [&](int other) { return group_of(other) == group_of(key_); });
                break;
            case verb::evict_key:
                of.forget(on.space().evict_key(on.text(key_)).count(), [&](int other) { return other == key_; });
                break;
            case verb::evict_pattern:
                of.forget(on.space().evict_pattern(on.text(key_) + "*").count(),
                          [&](int other) { return std::to_string(other).starts_with(std::to_string(key_)); });
                break;
            case verb::clear: of.forget(g.clear(), [](int) { return true; }); break;
            case verb::clear_all: of.forget(on.space().clear().count(), [](int) { return true; }); break;
            case verb::touch: of.touch(key_, seconds{number_}, g.touch(seconds{number_}, key_)); break;
            case verb::advance: of.time.advance(seconds{number_}); break;
            case verb::linger: of.time.advance(lingering()); break;
            case verb::fail: of.fail(failures()); break;
            case verb::meanwhile: of.meanwhile([this, &on](int key) { interfere(on, key); }); break;
            case verb::work: of.work(); break;
            case verb::refuse: of.refuse(failures()); break;
            case verb::lose: of.lose(); break;
        }
    }

    verb what_;
    int key_;
    int number_;
};

rc::Gen<std::shared_ptr<command const>> any_line() {
    auto const what = rc::gen::weightedElement<verb>(
        {{40, verb::call}, {5, verb::peek}, {3, verb::contains}, {4, verb::ttl}, {4, verb::explain}, {8, verb::set},
         {4, verb::refresh}, {2, verb::uncached}, {5, verb::evict}, {3, verb::evict_tag}, {2, verb::evict_key},
         {2, verb::evict_pattern}, {1, verb::clear}, {1, verb::clear_all}, {5, verb::touch}, {9, verb::advance},
         {10, verb::linger}, {5, verb::fail}, {4, verb::meanwhile}, {6, verb::work}, {2, verb::refuse}, {1, verb::lose}});
    auto const key = rc::gen::oneOf(rc::gen::inRange(0, 2), rc::gen::inRange(0, keys));
    return rc::gen::map(rc::gen::tuple(what, key, rc::gen::inRange(0, 13)), [](auto const& parts) {
        return std::apply([](auto... part) -> std::shared_ptr<command const> { return std::make_shared<line>(part...); }, parts);
    });
}

struct program {
    axes::configuration how;
    std::size_t capacity;
    bool at_once;
    rc::state::Commands<command> lines;
};

void showValue(program const& one, std::ostream& out) {
    out << "auto g = " << one.how << ", memo::max_size(" << one.capacity << ')';
    if (axes::in_background(one.how.ages))
        out << ", memo::executor(" << (one.at_once ? "at_once" : "background") << ')';
    out << ");\n";
    for (auto const& each : one.lines) {
        each->show(out);
        out << '\n';
    }
}

}  // namespace

bool obeys(axes::configuration how, subject_maker make) {
    constexpr double length = 12;
    auto const lines = rc::gen::scale(length, rc::state::gen::commands(nothing{}, [](nothing const&) { return any_line(); }));
    auto const programs = rc::gen::map(
        rc::gen::tuple(rc::gen::elementOf(axes::capacities), rc::gen::arbitrary<bool>(), lines), [how](auto const& parts) {
            return program{how, std::get<0>(parts), std::get<1>(parts), std::get<2>(parts)};
        });
    std::ostringstream title;
    title << how << "): every verb answers as the model does";
    return rc::check(title.str(), [&] {
        auto const one = *programs;
        trial on{how, make, one.capacity, one.at_once};
        rc::state::runAll(one.lines, nothing{}, on);
        on.end();
    });
}

}  // namespace laws
