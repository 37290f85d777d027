#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <ostream>

/// What a cache promises of one key, as one thread would see it: the model for histories of calls, `set`, `evict` and their kin.
namespace one_key {

/// Numbers of results, from 1 on; 0 is none. A run has the number of its result.
using number = std::uint8_t;

enum class deed : std::uint8_t {
    look,     ///< without a run: what was found, or nothing; what a run threw is not found
    have,     ///< whether anything was found: 1 or 0; of what a run threw, either
    get,      ///< a call that did not run itself: a result that is stored, or of a run that it joined
    begin,    ///< a call that runs: nothing is stored, and nobody runs whom it could join
    open,     ///< a run that is wanted whatever is stored
    commit,   ///< the run is over: its result is stored, unless something later came before
    abandon,  ///< the run is over, and has no result to be stored
    fail,     ///< the run threw what is remembered, where nothing is stored that answers
    put,
    drop,     ///< evict, by whatever name
    // of a run that began while an eviction of many was under way, which need not be joined:
    begin_stopped,
    open_stopped,
    stop,         ///< it is over: its result is not kept, and what it would have replaced goes
    fail_stopped, ///< it threw what would be remembered
};

/// Whether calls share runs.
enum class sharing : std::uint8_t {
    never,
    sometimes,  ///< who waited too long runs itself
    always,
};

struct operation {
    deed what;
    number result = 0;
};

/// A result, and the runs that may still store theirs, in the order in which they began.
class model {
public:
    explicit model(sharing runs = sharing::always) noexcept : runs_{runs} {}

    bool operator==(model const&) const = default;
    std::size_t hash() const noexcept {
        std::size_t sum = stored_;
        for (std::size_t at = 0; at != count_; ++at)
            sum = sum * 257 + running_[at];
        return sum;
    }

    bool apply(operation const& one) noexcept {
        switch (one.what) {
            case deed::look: return (thrown_ ? 0 : stored_) == one.result;
            case deed::have: return thrown_ || (stored_ != 0) == (one.result != 0);
            case deed::get: return stored_ == one.result || (runs_ != sharing::never && place_of(one.result) != count_);
            case deed::begin: return stored_ == 0 && may_begin() && enter(one.result);
            case deed::open: return enter(one.result);
            case deed::commit: return finish(one.result, true);
            case deed::abandon: return finish(one.result, false);
            case deed::fail: return fail(one.result);
            case deed::put: return store(one.result, count_);
            case deed::drop: return store(0, count_);
            case deed::begin_stopped: return stored_ == 0 && may_begin() && enter(one.result) && mark(one.result);
            case deed::open_stopped: return enter(one.result) && mark(one.result);
            case deed::stop: return stop(one.result);
            case deed::fail_stopped: return apply({stored_ == 0 || thrown_ ? deed::stop : deed::abandon, one.result});
        }
        return false;
    }

private:
    std::size_t place_of(number run) const noexcept {
        std::size_t at = 0;
        while (at != count_ && running_[at] != run)
            ++at;
        return at;
    }
    bool may_begin() const noexcept {
        for (std::size_t at = 0; at != count_; ++at)
            if (runs_ == sharing::always && !stopped_[at])
                return false;
        return true;
    }
    bool mark(number run) noexcept { return stopped_[place_of(run)] = true; }
    bool enter(number run) noexcept {
        if (count_ == running_.size())
            return false;
        running_[count_++] = run;
        return true;
    }
    /// A result comes, and the first so many runs are outdated by it.
    bool store(number result, std::size_t outdated) noexcept {
        stored_ = result;
        thrown_ = false;
        remove(0, outdated);
        return true;
    }
    bool finish(number run, bool stores) noexcept {
        auto const at = place_of(run);
        if (at != count_)
            stores ? static_cast<void>(store(run, at + 1)) : remove(at, 1);
        return true;
    }
    bool stop(number run) noexcept {
        auto const at = place_of(run);
        return at == count_ || store(0, at + 1);
    }
    bool fail(number run) noexcept {
        bool const stands = place_of(run) != count_;
        bool const stores = stored_ == 0 || thrown_;
        finish(run, stores);
        thrown_ = thrown_ || (stands && stores);
        return true;
    }
    void remove(std::size_t first, std::size_t many) noexcept {
        for (auto at = first; at != running_.size(); ++at)
            running_[at] = at + many < count_ ? running_[at + many] : number{0}, stopped_[at] = at + many < count_ && stopped_[at + many];
        count_ = static_cast<number>(count_ - many);
    }

    number stored_ = 0;
    number count_ = 0;
    bool thrown_ = false;
    sharing runs_;
    std::array<number, 13> running_{};
    std::array<bool, 13> stopped_{};
};

inline std::ostream& operator<<(std::ostream& out, operation const& one) {
    constexpr std::array words{"look", "have", "get", "begin", "open", "commit", "abandon", "fail", "put", "drop",
                               "begin stopped", "open stopped", "stop", "fail stopped"};
    return out << words[static_cast<std::size_t>(one.what)] << " " << static_cast<int>(one.result);
}

}  // namespace one_key
