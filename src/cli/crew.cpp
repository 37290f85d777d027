#include "crew.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace memo::sim {
namespace {

using namespace std::chrono_literals;

class crew {
public:
    crew(std::size_t count, progress& how_far, std::function<void(std::size_t)> const& job)
        : count_{count}, how_far_{how_far}, job_{job}, working_{std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, count)} {
        for (std::size_t threads = working_; threads != 0; --threads)
            threads_.emplace_back([this] { work(); });
    }

    /// Whether all have gone home within the time.
    bool gone_within(std::chrono::milliseconds time) {
        std::unique_lock lock{mutex_};
        return gone_.wait_for(lock, time, [&] { return working_ == 0; });
    }

    void rethrow() const {
        if (fault_ != nullptr)
            std::rethrow_exception(fault_);
    }

private:
    void work() {
        try {
            for (auto mine = next_++; mine < count_ && !how_far_.given_up(); mine = next_++)
                job_(mine);
        } catch (...) {
            how_far_.give_up();
            std::lock_guard const lock{mutex_};
            if (fault_ == nullptr)
                fault_ = std::current_exception();
        }
        std::lock_guard const lock{mutex_};
        if (--working_ == 0)
            gone_.notify_one();
    }

    std::size_t const count_;
    progress& how_far_;
    std::function<void(std::size_t)> const& job_;
    std::atomic<std::size_t> next_ = 0;
    std::mutex mutex_;
    std::condition_variable gone_;
    std::size_t working_;
    std::exception_ptr fault_;
    std::vector<std::jthread> threads_;
};

}  // namespace

void work_off(std::string const& doing, std::size_t count, progress& how_far, std::function<void(std::size_t)> const& job) {
    if (count == 0)
        return;
    crew workers{count, how_far, job};
    bool const drawn = ::isatty(STDERR_FILENO) == 1;
    auto const began = std::chrono::steady_clock::now();
    constexpr auto clear_line = "\r\x1b[K";
    while (!workers.gone_within(drawn ? 100ms : 1h)) {
        std::chrono::duration<double> const taken = std::chrono::steady_clock::now() - began;
        if (drawn)
            std::fprintf(stderr, "%s%s", clear_line, bar(doing, how_far.share(), taken.count()).c_str());
    }
    if (drawn)
        std::fputs(clear_line, stderr);
    workers.rethrow();
}

}  // namespace memo::sim
