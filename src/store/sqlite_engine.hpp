#pragma once

#include "sqlite_connection.hpp"
#include "sqlite_entries.hpp"
#include "sqlite_file.hpp"
#include "sqlite_gate.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/fork.hpp>
#include <memo/base/sync.hpp>
#include <memo/store/byte_store.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace memo::detail {

/// The connections of this process to one file. They are made when they are needed, at most one for each thread, and end when the
/// file was set aside, after a fault, and before a fork, since neither side could use or close them: SQLite's knowledge of locks
/// is the process's, and locks are not inherited.
class sqlite_engine final : public fork_aware {
public:
    explicit sqlite_engine(std::string path) : path_{std::move(path)} {}
    sqlite_engine(sqlite_engine const&) = delete;
    sqlite_engine& operator=(sqlite_engine const&) = delete;
    ~sqlite_engine();

    /// The one of this process for the file, whatever its name here.
    static std::shared_ptr<sqlite_engine> at(std::string const& path);

    eviction_fence fence;  ///< of all handles

    std::string const& path() const noexcept { return path_; }
    std::string warning();

    /// What `act(connection)` sees is the newest state of the file: nothing that was gone before the call began. It may be asked
    /// twice.
    template <class Act>
    auto read(duration patience, Act act);

    /// All of what `act(connection)` writes, or nothing. It may be asked twice.
    template <class Act>
    auto write(moment end, sqlite_sync sync, Act act);

    /// Whether another writer of this process waits.
    bool is_wanted() noexcept { return gate_.is_wanted(); }

    /// Later tickets are greater, also when a clock goes back.
    run_ticket next_ticket() noexcept;
    /// Remembers that a row was read, if that matters.
    void touch(std::int64_t row) noexcept;
    void watch_use(bool on) noexcept { watches_use_.store(on, std::memory_order_relaxed); }
    /// What was read since the last time.
    std::vector<std::int64_t> take_touched();
    /// Whether they were not taken for a while.
    bool has_touched_for_long() const noexcept;

    void before_fork() noexcept override;
    void after_fork(fork_side side) noexcept override;

private:
    struct seat {
        mutex lock;
        std::optional<sqlite_connection> connection;
        duration seen{};  ///< when its file was last seen to have the name
    };
    static constexpr std::size_t seats = 8;

    std::unique_lock<mutex> take_seat(seat*& mine, duration patience);
    /// The connection of a seat, to the file that has the name now.
    sqlite_connection& connect(seat& mine, moment end);
    /// Whether a read may take it for the file that has the name, as it takes a view that is kept.
    static bool is_known(seat const& mine) noexcept;
    void end_connection(seat& mine) noexcept { mine.connection.reset(); }
    /// Now and then, by whoever writes.
    void empty_log(seat& mine);
    /// After a fault: ends what must end. Returns: whether to try again.
    bool recover(seat& mine, std::unique_lock<mutex>& held, sqlite_fault const& fault, bool first);
    void set_aside(file_identity damaged, std::string const& why);
    void warn(std::string text);

    /// Views that nobody used for a while end by another thread.
    bool watch_views() noexcept;
    void end_old_views() noexcept;
    void watch();

    std::string const path_;
    std::array<seat, seats> seats_;
    sqlite_gate gate_;
    mutex repair_;

    static constexpr int pages_of_full_log = 1'000;
    int pages_before_emptying_ = pages_of_full_log;  // the writer's

    mutex notes_;
    std::string warning_;

    mutex watch_mutex_;
    condition watch_changed_;
    std::thread watcher_;
    std::atomic<bool> watching_ = false;
    bool ending_ = false;
    std::atomic<std::uint64_t> tick_ = 1;

    std::atomic<run_ticket> last_ticket_ = 0;
    std::atomic<bool> watches_use_ = false;
    std::array<std::atomic<std::int64_t>, 1024> touched_{};
    std::atomic<duration> taken_ = duration::zero();

    fork_enrolment const enrolment_{*this};
};

template <class Act>
auto sqlite_engine::read(duration patience, Act act) {
    for (bool first = true;; first = false) {
        seat* mine = nullptr;
        auto held = take_seat(mine, patience);
        try {
            auto const tick = tick_.load(std::memory_order_relaxed);
            if (mine->connection && mine->connection->has_newest_view(tick)) {
                mine->connection->allow(patience);
                return act(*mine->connection);
            }
            auto& connection = is_known(*mine) ? *mine->connection : connect(*mine, deadline(patience));
            connection.allow(patience);
            connection.begin_view(tick);
            auto result = act(connection);
            if (!connection.may_keep_view() || !watch_views())
                connection.end_view();
            return result;
        } catch (sqlite_fault const& fault) {
            if (!recover(*mine, held, fault, first))
                throw;
        } catch (...) {
            end_connection(*mine);
            throw;
        }
    }
}

template <class Act>
auto sqlite_engine::write(moment end, sqlite_sync sync, Act act) {
    struct turn {
        sqlite_gate& gate;
        turn(sqlite_gate& at, moment until) : gate{at} { gate.enter(until); }
        turn(turn const&) = delete;
        turn& operator=(turn const&) = delete;
        ~turn() { gate.leave(); }
    };
    turn const mine_now{gate_, end};
    deaf_to_size_limit const deaf;
    for (bool first = true;; first = false) {
        seat* mine = nullptr;
        auto held = take_seat(mine, between(real_time(), end.time_since_epoch()));
        try {
            auto& connection = connect(*mine, end);
            connection.allow(end);
            connection.begin_writing(sync);
            auto result = act(connection);
            connection.commit();
            if (connection.pages_of_log() >= pages_before_emptying_)
                empty_log(*mine);
            return result;
        } catch (sqlite_fault const& fault) {
            if (!recover(*mine, held, fault, first))
                throw;
        } catch (...) {
            end_connection(*mine);
            throw;
        }
    }
}

}  // namespace memo::detail
