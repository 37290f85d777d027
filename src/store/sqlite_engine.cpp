#include "sqlite_engine.hpp"

#include "sqlite_connection.hpp"
#include "sqlite_file.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/base/fork.hpp>
#include <memo/base/sync.hpp>

#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace memo::detail {

namespace {

/// Views end between one and two of these after their last use.
constexpr auto watch_period = std::chrono::milliseconds{45};

/// The engines of this process. Never destroyed, since stores in static storage may end after it would.
class roll final : public fork_aware {
public:
    /// Returns: the one that is known, or else `fresh`, which is entered if there is one.
    std::shared_ptr<sqlite_engine> share(std::string const& path, std::shared_ptr<sqlite_engine> fresh) {
        std::vector<std::shared_ptr<sqlite_engine>>
            alive;  // beyond the lock: the last one who lets go of an engine must hold none
        std::lock_guard const lock{mutex_};
        for (auto const& one : all_)
            if (auto engine = one.lock())
                alive.push_back(std::move(engine));
        auto const meant = identity_of(path);
        for (auto const& engine : alive)
            if (engine->path() == path || (meant && identity_of(engine->path()) == meant))
                return engine;
        all_.assign(alive.begin(), alive.end());
        if (fresh != nullptr)
            all_.push_back(fresh);
        return fresh;
    }

    void before_fork() noexcept override { mutex_.lock(); }
    void after_fork(fork_side) noexcept override { mutex_.unlock(); }

private:
    mutex mutex_;
    std::vector<std::weak_ptr<sqlite_engine>> all_;
    fork_enrolment const enrolment_{*this};
};

roll& all_engines() {
    static auto& engines = *new roll;
    return engines;
}
[[maybe_unused]] auto const& made_early = all_engines();  // before there are threads, of which one may fork meanwhile

std::string full_path(std::string const& path) {
    std::error_code failed;
    auto const full = std::filesystem::weakly_canonical(std::filesystem::absolute(path, failed), failed);
    return failed ? path : full.string();
}

std::size_t seat_of_this_thread() noexcept {
    static std::atomic<std::size_t> threads{0};
    thread_local std::size_t const mine = threads.fetch_add(1, std::memory_order_relaxed);
    return mine;
}

}  // namespace

std::shared_ptr<sqlite_engine> sqlite_engine::at(std::string const& path) {
    auto const full = full_path(path);
    if (auto known = all_engines().share(full, nullptr))
        return known;
    return all_engines().share(full, std::make_shared<sqlite_engine>(full));
}

sqlite_engine::~sqlite_engine() {
    {
        std::lock_guard const lock{watch_mutex_};
        ending_ = true;
    }
    watch_changed_.notify_all();
    if (watcher_.joinable())
        watcher_.join();
}

std::string sqlite_engine::warning() {
    std::lock_guard const lock{notes_};
    return warning_;
}

void sqlite_engine::warn(std::string text) {
    std::lock_guard const lock{notes_};
    warning_ = std::move(text);
}

std::unique_lock<mutex> sqlite_engine::take_seat(seat*& mine, duration patience) {
    auto const first = seat_of_this_thread();
    moment end = moment::max();
    for (std::size_t tried = 0;; ++tried) {
        mine = &seats_[(first + tried) % seats];
        std::unique_lock held{mine->lock, std::try_to_lock};
        if (held.owns_lock())
            return held;
        if (tried % seats != seats - 1)
            continue;
        if (end == moment::max())
            end = deadline(patience);
        else if (std::chrono::steady_clock::now() >= end)
            throw sqlite_fault{error_code::timed_out, "all connections are busy; raise the timeout, or ask for less at once"};
        std::this_thread::sleep_for(std::chrono::microseconds{50});
    }
}

sqlite_connection& sqlite_engine::connect(seat& mine, moment end) {
    auto const now = identity_of(path_);
    if (mine.connection && (mine.connection->set_aside() || mine.connection->identity() != now)) {
        warn(mine.connection->set_aside() ? "the file was damaged and set aside as " + path_ + ".damaged; a fresh one was begun"
                                          : "the file was removed or replaced; a fresh one was begun");
        end_connection(mine);
    }
    if (!mine.connection) {
        deaf_to_size_limit const deaf;
        directory_lock const alone{path_, end};
        auto const identity = admit_file(path_);
        mine.connection.emplace(path_, identity, end);
    }
    mine.seen = real_time();
    return *mine.connection;
}

bool sqlite_engine::is_known(seat const& mine) noexcept {
    return mine.connection && !mine.connection->set_aside() && real_time() - mine.seen < watch_period;
}

void sqlite_engine::empty_log(seat& mine) {
    for (auto& one : seats_) {
        if (&one == &mine)
            continue;
        std::unique_lock const held{one.lock, std::try_to_lock};
        if (held.owns_lock() && one.connection)
            one.connection->end_view();
    }
    pages_before_emptying_ = pages_of_full_log;
    if (!mine.connection->empty_log())
        pages_before_emptying_ += mine.connection->pages_of_log() / 2 + pages_of_full_log;
}

bool sqlite_engine::recover(seat& mine, std::unique_lock<mutex>& held, sqlite_fault const& fault, bool first) {
    if (mine.connection)
        mine.connection->roll_back();
    if (fault.cure == sqlite_cure::nothing)
        return false;
    end_connection(mine);
    if (fault.cure == sqlite_cure::close_connection)
        return false;
    held.unlock();
    set_aside(fault.from, fault.what);
    return first && !fault.carried_out_perhaps;
}

void sqlite_engine::set_aside(file_identity damaged, std::string const& why) {
    std::lock_guard const alone{repair_};
    std::vector<std::unique_lock<mutex>> all;
    all.reserve(seats);
    for (auto& one : seats_) {
        all.emplace_back(one.lock);
        end_connection(one);
    }
    directory_lock const lock{path_, deadline(std::chrono::seconds{1})};
    if (set_file_aside(path_, damaged))
        warn(why + " (now " + path_ + ".damaged)");
}

run_ticket sqlite_engine::next_ticket() noexcept {
    auto const now =
        static_cast<run_ticket>(std::chrono::nanoseconds{std::chrono::system_clock::now().time_since_epoch()}.count());
    auto last = last_ticket_.load(std::memory_order_relaxed);
    run_ticket mine = 0;
    do {
        mine = std::max(now, last + 1);
    } while (!last_ticket_.compare_exchange_weak(last, mine, std::memory_order_relaxed));
    return mine;
}

void sqlite_engine::touch(std::int64_t row) noexcept {
    if (!watches_use_.load(std::memory_order_relaxed))
        return;
    auto& place = touched_[static_cast<std::size_t>(row) % touched_.size()];
    if (place.load(std::memory_order_relaxed) != row)
        place.store(row, std::memory_order_relaxed);
}

std::vector<std::int64_t> sqlite_engine::take_touched() {
    std::vector<std::int64_t> rows;
    taken_.store(real_time(), std::memory_order_relaxed);
    for (auto& place : touched_)
        if (place.load(std::memory_order_relaxed) != 0)
            rows.push_back(place.exchange(0, std::memory_order_relaxed));
    std::sort(rows.begin(), rows.end());
    return rows;
}

bool sqlite_engine::has_touched_for_long() const noexcept {
    return watches_use_.load(std::memory_order_relaxed) &&
           real_time() - taken_.load(std::memory_order_relaxed) >= std::chrono::seconds{1} &&
           std::any_of(touched_.begin(), touched_.end(),
                       [](auto const& place) { return place.load(std::memory_order_relaxed) != 0; });
}

bool sqlite_engine::watch_views() noexcept {
    if (watching_.load(std::memory_order_seq_cst))
        return true;
    std::lock_guard const lock{watch_mutex_};
    if (!watcher_.joinable()) {
        sigset_t all;
        sigset_t before;
        ::sigfillset(&all);
        for (int const fault : {SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP})
            ::sigdelset(&all, fault);
        ::pthread_sigmask(SIG_SETMASK, &all, &before);
        try {
            watcher_ = std::thread{[this] { watch(); }};
        } catch (std::exception const&) {
        }
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }
    if (!watcher_.joinable())
        return false;
    watching_.store(true, std::memory_order_seq_cst);
    watch_changed_.notify_all();
    return true;
}

void sqlite_engine::watch() {
    std::unique_lock lock{watch_mutex_};
    while (!ending_) {
        if (!watching_.load(std::memory_order_seq_cst)) {
            watch_changed_.wait(lock, [this] { return ending_ || watching_.load(std::memory_order_seq_cst); });
            continue;
        }
        if (watch_changed_.wait_for(lock, watch_period, [this] { return ending_; }))
            break;
        lock.unlock();
        end_old_views();
        lock.lock();
    }
}

/// Who begins a view holds its seat until it has seen that somebody watches; so none is missed between the two looks.
void sqlite_engine::end_old_views() noexcept {
    auto const now = tick_.fetch_add(1, std::memory_order_relaxed) + 1;
    watching_.store(false, std::memory_order_seq_cst);
    bool some = false;
    for (auto& one : seats_) {
        std::unique_lock const held{one.lock, std::try_to_lock};
        if (!held.owns_lock()) {
            some = true;
        } else if (one.connection && one.connection->has_view()) {
            if (one.connection->tick_of_view() + 1 < now)
                one.connection->end_view();
            else
                some = true;
        }
    }
    if (some)
        watching_.store(true, std::memory_order_seq_cst);
}

void sqlite_engine::before_fork() noexcept {
    repair_.lock();
    for (auto& one : seats_) {
        one.lock.lock();
        end_connection(one);
    }
    gate_.before_fork();
    notes_.lock();
    watch_mutex_.lock();
}

void sqlite_engine::after_fork(fork_side side) noexcept {
    if (side == fork_side::child) {
        ::sqlite3_randomness(0, nullptr);
        renew(watch_changed_);
        ::new (static_cast<void*>(&watcher_)) std::thread;
        watching_.store(false, std::memory_order_relaxed);
    }
    watch_mutex_.unlock();
    notes_.unlock();
    gate_.after_fork(side);
    for (auto& one : seats_)
        one.lock.unlock();
    repair_.unlock();
}

}  // namespace memo::detail
