#include <memo/base/pool.hpp>

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/base/fork.hpp>
#include <memo/base/sync.hpp>

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <utility>

namespace memo::detail {

namespace {

using queue = std::list<std::function<void()>>;

/// While it lives, threads that start leave signals to others, but those that a thread brings upon itself.
class deafness {
public:
    deafness() noexcept {
        sigset_t outside;
        sigfillset(&outside);
        for (int const fault : {SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP})
            sigdelset(&outside, fault);
        pthread_sigmask(SIG_SETMASK, &outside, &before_);
    }
    deafness(deafness const&) = delete;
    deafness& operator=(deafness const&) = delete;
    ~deafness() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_;
};

}  // namespace

/// What the pool and its threads share: a thread that is busy for too long outlives the pool.
class pool::crew final : public fork_aware, public std::enable_shared_from_this<crew> {
public:
    crew(std::size_t threads, std::size_t most_waiting) : threads_{threads}, most_waiting_{most_waiting} {}

    void execute(std::function<void()>&& work) {
        queue come;
        queue orphans;
        come.push_back(std::move(work));
        std::lock_guard const lock{mutex_};
        orphans.swap(orphans_);
        if (closed_)
            throw error{error_code::refused, who() + ": it is closed, the process ends; start nothing in the background now"};
        if (waiting_.size() >= most_waiting_)
            throw error{error_code::full, who() + ": " + std::to_string(most_waiting_) +
                                              " tasks wait already; give the wrapper an executor of its own"};
        complete();
        waiting_.splice(waiting_.end(), come);
        came_.notify_one();
    }

    void close(duration patience) noexcept {
        auto const end = deadline(patience);
        queue dropped;
        queue orphans;
        std::list<member> ended;
        std::unique_lock lock{mutex_};
        closed_ = true;
        dropped.swap(waiting_);
        orphans.swap(orphans_);
        came_.notify_all();
        lock.unlock();
        dropped.clear();
        lock.lock();
        left_.wait_until(lock, end, [this] { return std::all_of(members_.begin(), members_.end(), [](auto const& one) {
                                                      return one.left || &one == own_;
                                                  }); });
        for (auto at = members_.begin(); at != members_.end();) {
            auto const one = at++;
            if (one->left)
                ended.splice(ended.end(), members_, one);
            else if (one->thread.joinable())
                one->thread.detach();
        }
        lock.unlock();
        for (auto& one : ended)
            if (one.thread.joinable())
                one.thread.join();
    }

    void before_fork() noexcept override { mutex_.lock(); }

    void after_fork(fork_side side) noexcept override {
        if (side == fork_side::child) {
            renew(came_);
            renew(left_);
            orphans_.splice(orphans_.end(), waiting_);
            for (auto& one : members_)
                if (&one != own_)
                    ::new (static_cast<void*>(&one.thread)) std::thread;
            members_.remove_if([](member const& one) { return &one != own_; });
        }
        mutex_.unlock();
    }

private:
    struct member {
        std::thread thread;
        bool left = false;
    };

    std::string who() const { return "pool(threads: " + std::to_string(threads_) + ")"; }

    /// Starts the threads that are missing; some are as good as all.
    void complete() {
        while (members_.size() < threads_) {
            try {
                deafness const for_signals;
                std::list<member> come(1);
                come.front().thread = std::thread{[self = shared_from_this(), &one = come.front()] { self->serve(one); }};
                members_.splice(members_.end(), come);
            } catch (std::exception const& reason) {
                if (members_.empty())
                    throw error{error_code::refused, who() + ": no thread can be had: " + reason.what() +
                                                         "; give the wrapper an executor of its own"};
                return;
            }
        }
    }

    void serve(member& own) {
        struct presence {
            crew& of;
            ~presence() { of.miss(*own_); }
        };
        own_ = &own;
        presence const here{*this};
        std::unique_lock lock{mutex_};
        while (came_.wait(lock, [this] { return closed_ || !waiting_.empty(); }), !closed_) {
            queue taken;
            taken.splice(taken.end(), waiting_, waiting_.begin());
            lock.unlock();
            try {
                taken.front()();
            } catch (...) {
                bool const is_cancellation = std::current_exception() == nullptr;
                if (is_cancellation)
                    throw;
            }
            taken.clear();
            lock.lock();
        }
    }

    /// A thread that leaves before the end was ended by its task; another takes its place.
    void miss(member& gone) noexcept {
        std::lock_guard const lock{mutex_};
        if (closed_) {
            gone.left = true;
            left_.notify_all();
            return;
        }
        gone.thread.detach();
        members_.remove_if([&](member const& one) { return &one == &gone; });
        try {
            complete();
        } catch (std::exception const&) {
        }
    }

    static constinit thread_local member* own_;

    std::size_t const threads_;
    std::size_t const most_waiting_;
    mutex mutex_;
    condition came_;
    condition left_;
    bool closed_ = false;
    queue waiting_;
    queue orphans_;  // waited in the process that this one was forked from; destroying them is user code, and waits for a call
    std::list<member> members_;
    fork_enrolment const enrolment_{*this};
};

constinit thread_local pool::crew::member* pool::crew::own_ = nullptr;

pool::pool(std::size_t threads, std::size_t most_waiting) : crew_{std::make_shared<crew>(threads, most_waiting)} {}

void pool::execute(std::function<void()> work) { crew_->execute(std::move(work)); }

void pool::close(duration patience) noexcept { crew_->close(patience); }

pool& default_pool() {
    static constinit std::atomic<pool*> only{nullptr};
    auto* known = only.load(std::memory_order_acquire);
    if (known == nullptr) {
        auto made = std::make_unique<pool>(2, 1'024);
        if (only.compare_exchange_strong(known, made.get())) {
            known = made.release();
            std::atexit([] { only.load()->close(); });
        }
    }
    return *known;
}

}  // namespace memo::detail
