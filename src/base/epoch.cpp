#include <memo/base/epoch.hpp>

#include <memo/base/fork.hpp>

#include <pthread.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>

#ifdef __linux__
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace memo::detail {

alignas(64) constinit std::atomic<std::uint64_t> epochs::now{1};  // which every pin reads
alignas(64) constinit std::atomic<std::uint64_t> epochs::passed{1};
constinit std::atomic<bool> epochs::asymmetric{false};
constinit thread_local reader* epochs::mine = nullptr;

namespace {

long membarrier([[maybe_unused]] int command) noexcept {
#ifdef __linux__
    return syscall(__NR_membarrier, command, 0, 0);
#else
    return -1;
#endif
}

bool enlist_for_membarrier() noexcept {
#ifdef __linux__
    return membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0;
#else
    return false;
#endif
}

/// Makes all other threads pass a fence. Returns: whether they did; a system that takes the right back is asked once more, and then readers
/// pass their own, from the next time on that they begin to read.
bool fence_elsewhere() noexcept {
#ifdef __linux__
    if (!epochs::asymmetric.load(std::memory_order_seq_cst))
        return true;
    if (membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0 ||
        (enlist_for_membarrier() && membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0))
        return true;
    epochs::asymmetric.store(false, std::memory_order_seq_cst);
    return false;
#else
    return true;
#endif
}

/// Readers, in blocks that are never freed: a thread may read until the process ends.
struct block {
    std::array<reader, 64> readers{};
    std::atomic<block*> next{nullptr};
};

constinit block first_block{};
constinit std::atomic<std::uint32_t> most_readers{0};  // that ever were together

/// Calls `fn` with every reader there was, until it says to stop. Returns: whether it never did.
template <class Fn>
bool each_reader(Fn const& fn) noexcept {
    auto left = most_readers.load(std::memory_order_seq_cst);
    for (auto* here = &first_block; here != nullptr; here = here->next.load(std::memory_order_acquire))
        for (auto& one : here->readers)
            if (left-- == 0)
                return true;
            else if (!fn(one))
                return false;
    return true;
}

/// Gives every thread its reader. Constant from the start and never destroyed, since static objects call at the very end.
class enrolment_office {
public:
    reader* enroll() noexcept {
        std::call_once(opened_, [] {
            epochs::asymmetric.store(enlist_for_membarrier(), std::memory_order_relaxed);
            has_key_ = pthread_key_create(&key_, [](void* leaving) { leave(static_cast<reader*>(leaving)); }) == 0;
        });
        auto* const mine = take();
        if (mine != nullptr) {
            epochs::mine = mine;
            if (has_key_.load(std::memory_order_relaxed))
                pthread_setspecific(key_, mine);
        }
        return mine;
    }

    /// This code may be unloaded, and threads that end after that know nothing of it.
    static void close() noexcept {
        if (has_key_.exchange(false))
            pthread_key_delete(key_);
    }

private:
    /// Of a thread that ends; should it read once more, in the destructor of some other thread-local, it enrols once more.
    static void leave(reader* leaving) noexcept {
        epochs::mine = nullptr;
        leaving->since.store(0, std::memory_order_release);
        leaving->taken.store(false, std::memory_order_release);
    }

    static void count(std::uint32_t together) noexcept {
        auto most = most_readers.load(std::memory_order_relaxed);
        while (most < together && !most_readers.compare_exchange_weak(most, together, std::memory_order_seq_cst)) {
        }
    }

    static reader* take() noexcept {
        std::uint32_t number = 0;
        for (auto* here = &first_block;;) {
            for (auto& one : here->readers) {
                bool free = false;
                if (one.taken.compare_exchange_strong(free, true, std::memory_order_acq_rel)) {
                    one.number = number;
                    count(number + 1);
                    return &one;
                }
                ++number;
            }
            auto* following = here->next.load(std::memory_order_acquire);
            if (following == nullptr) {
                auto* const made = new (std::nothrow) block;
                if (made == nullptr)
                    return nullptr;
                if (here->next.compare_exchange_strong(following, made, std::memory_order_acq_rel))
                    following = made;
                else
                    delete made;
            }
            here = following;
        }
    }

    static inline pthread_key_t key_{};
    static inline std::atomic<bool> has_key_{false};  // if not, readers stay enrolled when their threads end
    static inline std::once_flag opened_{};
};

/// The threads that did not come along into the child of a fork read nothing any more.
class other_threads final : fork_aware {
    void before_fork() noexcept override {}
    void after_fork(fork_side side) noexcept override {
        if (side == fork_side::parent)
            return;
        each_reader([](reader& one) {
            if (&one != epochs::mine) {
                one.since.store(0, std::memory_order_relaxed);
                one.taken.store(false, std::memory_order_relaxed);
            }
            return true;
        });
    }

    fork_enrolment enrolment_{*this};
};

other_threads const watched_over_forks;

struct closing_time {
    ~closing_time() { enrolment_office::close(); }
} const closes_the_office;

}  // namespace

reader* epochs::enroll() noexcept { return enrolment_office{}.enroll(); }

std::uint64_t grace::announce() noexcept { return epochs::now.fetch_add(0, std::memory_order_seq_cst) + 1; }

std::uint64_t grace::begin() noexcept {
    auto const begun = epochs::now.fetch_add(1, std::memory_order_seq_cst) + 1;
    if (!fence_elsewhere())
        return begun;
    auto passed = epochs::passed.load(std::memory_order_relaxed);
    while (passed < begun && !epochs::passed.compare_exchange_weak(passed, begun, std::memory_order_release, std::memory_order_relaxed)) {
    }
    return begun;
}

bool grace::over(std::uint64_t since) noexcept {
    return begun(since) && each_reader([since](reader const& one) {
        auto const reading = one.since.load(std::memory_order_seq_cst);
        return reading == 0 || reading >= since;
    });
}

}  // namespace memo::detail
