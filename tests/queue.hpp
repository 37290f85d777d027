#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

/// An executor whose work waits until a test lets it run, and that refuses when a test says so.
///
/// Threads: any.
class work_queue {
public:
    void execute(std::function<void()> work) {
        std::lock_guard const lock{mutex_};
        if (refuses_)
            throw std::length_error{"work_queue: full"};
        waiting_.push_back(std::move(work));
    }

    void refuse(bool all) {
        std::lock_guard const lock{mutex_};
        refuses_ = all;
    }

    std::size_t size() const {
        std::lock_guard const lock{mutex_};
        return waiting_.size();
    }

    /// Runs what waits now, in order. Returns: how much that was.
    std::size_t run() {
        auto const due = taken();
        for (auto const& work : due)
            work();
        return due.size();
    }

    /// What waits will never run.
    void drop() { taken().clear(); }

private:
    std::vector<std::function<void()>> taken() {
        std::lock_guard const lock{mutex_};
        return std::exchange(waiting_, {});
    }

    mutable std::mutex mutex_;
    std::vector<std::function<void()>> waiting_;
    bool refuses_ = false;
};
