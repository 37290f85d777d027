#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/fork.hpp>
#include <memo/base/sync.hpp>
#include <memo/transport/breaker.hpp>
#include <memo/transport/link_fault.hpp>
#include <memo/transport/redis_link.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

namespace memo::detail {

/// Connections to one server, made when they are needed and kept while they are well.
///
/// Throws:  link_fault.
/// Threads: any. In the child of a fork the connections are closed, and new ones made.
class redis_pool final : public fork_aware {
public:
    redis_pool(redis_server server, std::size_t most, unsigned breaker_threshold);
    redis_pool(redis_pool const&) = delete;
    redis_pool& operator=(redis_pool const&) = delete;

    /// A connection for one user, which goes back, or is closed, at the end of it.
    class loan {
    public:
        loan(redis_pool& from, std::unique_ptr<redis_link> link) noexcept : from_{&from}, link_{std::move(link)} {}
        loan(loan&&) noexcept = default;
        loan& operator=(loan&&) = delete;
        ~loan();
        redis_link* operator->() const noexcept { return link_.get(); }

    private:
        redis_pool* from_;
        std::unique_ptr<redis_link> link_;
    };

    /// Waits for a connection, or makes one; at once without any while the breaker is open.
    loan take(instant until);
    /// What `take` throws while nobody is let through, made once; else nothing. It takes no lock.
    std::exception_ptr known_fault() const noexcept { return breaker_.rests(real_time()) ? resting_ : nullptr; }
    /// Throws it, for those who want to spare themselves the question.
    void check() const {
        if (auto const fault = known_fault())
            std::rethrow_exception(fault);
    }
    /// How an exchange ended, for the breaker.
    void succeeded() noexcept { breaker_.succeeded(); }
    void failed() noexcept;
    bool resting() const noexcept { return breaker_.open(); }

    redis_server const& server() const noexcept { return server_; }
    /// How many connections there are.
    std::size_t size() noexcept;

    void before_fork() noexcept override;
    void after_fork(fork_side side) noexcept override;

private:
    std::unique_ptr<redis_link> idle_or_place(instant until);
    std::unique_ptr<redis_link> make(instant until);
    void lend(redis_link& link);
    void give_back(std::unique_ptr<redis_link> link) noexcept;
    void give_up_place() noexcept;

    redis_server const server_;
    std::size_t const most_;
    std::exception_ptr const resting_;
    breaker breaker_;
    mutex lock_;
    condition returned_;
    std::vector<std::unique_ptr<redis_link>> idle_;
    std::vector<redis_link*> lent_;
    std::size_t places_ = 0;  ///< idle, lent, and in the making
    fork_enrolment const enrolment_{*this};
};

}  // namespace memo::detail
