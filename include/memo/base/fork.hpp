#pragma once

#include <cstdint>
#include <new>

namespace memo::detail {

enum class fork_side { parent, child };

/// Who owns locks, or knows of threads, and lives on in the child of a `fork`, where no other thread does.
class fork_aware {
public:
    /// Takes all own locks, so that in the child, too, they guard something whole.
    virtual void before_fork() noexcept = 0;

    /// Lets them go. In the child it also forgets what belonged to threads that are no more: conditions begin anew (`renew`).
    virtual void after_fork(fork_side side) noexcept = 0;

protected:
    ~fork_aware() = default;
};

/// For as long as it lives, its owner is asked before and after each `fork` of this process: in order of enrolment before,
/// in reverse after. Let it be the last member of a final class, so that nobody is asked who is not whole.
///
/// Requires: the thread holds no lock that some `before_fork` takes, and is in none of these calls: all of them happen under
///           the lock of the roll, which is taken first.
/// Threads:  any. `vfork`, `posix_spawn` and a bare `clone` ask nobody.
class fork_enrolment {
public:
    explicit fork_enrolment(fork_aware& owner);
    fork_enrolment(fork_enrolment const&) = delete;
    fork_enrolment& operator=(fork_enrolment const&) = delete;
    ~fork_enrolment();

private:
    friend class fork_roll;

    fork_aware* owner_;
    fork_enrolment* earlier_ = nullptr;
    fork_enrolment* later_ = nullptr;
};

/// How many forks lie between the first process of this line and this one: another number is another process.
std::uint64_t fork_generation() noexcept;

/// Begins a lock or a condition anew in the child of a fork. Its holder and its waiters are no more, and the destructor of a condition
/// would wait for them.
template <class Abandoned>
void renew(Abandoned& abandoned) noexcept {
    ::new (static_cast<void*>(&abandoned)) Abandoned;
}

}  // namespace memo::detail
