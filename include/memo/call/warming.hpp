#pragma once

#include <memo/base/sync.hpp>

#include <cstddef>
#include <exception>
#include <mutex>
#include <utility>

namespace memo {

/// How `warm` goes about it.
struct warm_options {
    std::size_t parallelism = 1;  ///< runs at a time, at most: the calling thread's and those of threads that the executor lends
};

}  // namespace memo

namespace memo::detail {

/// One warming of a range: the calling thread and those that come to its aid take the elements one after another.
///
/// Threads: `lead` is called once; `aid` from any thread, also when all is over.
template <class Iterator, class Sentinel, class Fill>
class warming {
public:
    warming(Iterator first, Sentinel last, std::size_t total, Fill const& fill)
        : next_{std::move(first)}, last_{std::move(last)}, total_{total}, fill_{fill} {}
    warming(warming const&) = delete;
    warming& operator=(warming const&) = delete;

    /// Takes elements until there are none, waits for who aids, and tells how far all is, each number once.
    ///
    /// Throws: what a filling threw first, after which no further one begins; what `progress` throws.
    template <class Progress>
    void lead(Progress& progress) {
        struct ending {
            warming& of;
            ~ending() { of.close(); }
        } const scope{*this};
        std::unique_lock lock{mutex_};
        for (std::size_t told = 0;;) {
            if (told != done_) {
                lock.unlock();
                progress(++told, total_);
                lock.lock();
            } else if (!fill_next(lock)) {
                if (helpers_ == 0)
                    break;
                changed_.wait(lock, [&] { return told != done_ || helpers_ == 0; });
            }
        }
        if (failure_ != nullptr)
            std::rethrow_exception(failure_);
    }

    void aid() {
        std::unique_lock lock{mutex_};
        if (over_)
            return;
        ++helpers_;
        while (fill_next(lock)) {
        }
        --helpers_;
        changed_.notify_all();
    }

private:
    /// Returns: whether there was an element. The lock is held before and after, and not while it is filled.
    bool fill_next(std::unique_lock<mutex>& lock) {
        if (over_ || failure_ != nullptr || next_ == last_)
            return false;
        auto const element = next_++;
        lock.unlock();
        std::exception_ptr failed;
        try {
            fill_(*element);
        } catch (...) {
            failed = std::current_exception();
        }
        lock.lock();
        if (failed == nullptr)
            ++done_;
        else if (failure_ == nullptr)
            failure_ = failed;
        changed_.notify_all();
        return true;
    }

    void close() {
        std::unique_lock lock{mutex_};
        over_ = true;
        changed_.wait(lock, [&] { return helpers_ == 0; });
    }

    Iterator next_;
    Sentinel last_;
    std::size_t total_;
    Fill const& fill_;
    mutex mutex_;
    condition changed_;
    std::size_t done_ = 0;
    std::size_t helpers_ = 0;
    std::exception_ptr failure_;
    bool over_ = false;
};

}  // namespace memo::detail
