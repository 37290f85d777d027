#include <memo/base/fork.hpp>

#include <memo/base/sync.hpp>

#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <mutex>

namespace memo::detail {

/// All who are enrolled, in order. Constant from the start and never destroyed, since wrappers in static storage enrol.
class fork_roll {
public:
    void enter(fork_enrolment& entry) {
        std::lock_guard const lock{mutex_};
        entry.earlier_ = last_;
        (last_ == nullptr ? first_ : last_->later_) = &entry;
        last_ = &entry;
    }

    void leave(fork_enrolment& entry) {
        std::lock_guard const lock{mutex_};
        (entry.earlier_ == nullptr ? first_ : entry.earlier_->later_) = entry.later_;
        (entry.later_ == nullptr ? last_ : entry.later_->earlier_) = entry.earlier_;
    }

    void before() noexcept {
        mutex_.lock();
        for (auto* at = first_; at != nullptr; at = at->later_)
            at->owner_->before_fork();
    }

    void after(fork_side side) noexcept {
        for (auto* at = last_; at != nullptr; at = at->earlier_)
            at->owner_->after_fork(side);
        mutex_.unlock();
    }

private:
    mutex mutex_;
    fork_enrolment* first_ = nullptr;
    fork_enrolment* last_ = nullptr;
};

namespace {

fork_roll roll;
constinit std::atomic<std::uint64_t> generation{0};

/// Not at the first enrolment: a fork in another thread at that moment would leave the child a roll that is locked. And who
/// installs early comes last before a fork, when the locks under which users call memo are held already.
[[maybe_unused]] int const installed = pthread_atfork([] { roll.before(); }, [] { roll.after(fork_side::parent); },
                                                      [] {
                                                          generation.fetch_add(1, std::memory_order_relaxed);
                                                          roll.after(fork_side::child);
                                                      });

}  // namespace

fork_enrolment::fork_enrolment(fork_aware& owner) : owner_{&owner} { roll.enter(*this); }

fork_enrolment::~fork_enrolment() { roll.leave(*this); }

std::uint64_t fork_generation() noexcept { return generation.load(std::memory_order_relaxed); }

}  // namespace memo::detail
