#include <memo/transport/redis_pool.hpp>

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace memo::detail {

redis_pool::redis_pool(redis_server server, std::size_t most, unsigned breaker_threshold)
    : server_{std::move(server)},
      most_{most},
      resting_{std::make_exception_ptr(link_fault{
          server_.caller + ": the server failed several times in a row and is not asked for a while; start it, or mend the address",
          error_code::unreachable, reached::no})},
      breaker_{breaker_threshold} {
    idle_.reserve(most_);
    lent_.reserve(most_);
}

redis_pool::loan::~loan() {
    if (link_)
        from_->give_back(std::move(link_));
}

redis_pool::loan redis_pool::take(instant until) {
    if (!breaker_.admits(real_time()))
        std::rethrow_exception(resting_);
    for (;;) {
        auto link = idle_or_place(until);
        if (!link)
            return loan{*this, make(until)};
        if (link->quiet())
            return loan{*this, std::move(link)};
        link->condemn();
        give_back(std::move(link));
    }
}

/// Nothing: then a place for a new one is taken.
std::unique_ptr<redis_link> redis_pool::idle_or_place(instant until) {
    std::unique_lock held{lock_};
    if (!returned_.wait_until(held, until, [&] { return !idle_.empty() || places_ < most_; }))
        throw link_fault{server_.caller + ": all " + std::to_string(most_) + " connections are busy; raise `pool`",
                         error_code::timed_out, reached::no};
    if (idle_.empty()) {
        ++places_;
        return nullptr;
    }
    auto link = std::move(idle_.back());
    idle_.pop_back();
    lent_.push_back(link.get());
    return link;
}

std::unique_ptr<redis_link> redis_pool::make(instant until) {
    try {
        auto fresh = std::make_unique<redis_link>(server_, std::min(until, deadline(server_.connect_timeout)));
        std::lock_guard const held{lock_};
        lent_.push_back(fresh.get());
        return fresh;
    } catch (link_fault const&) {
        give_up_place();
        failed();
        throw;
    } catch (...) {
        give_up_place();
        throw;
    }
}

void redis_pool::give_back(std::unique_ptr<redis_link> link) noexcept {
    {
        std::lock_guard const held{lock_};
        if (std::erase(lent_, link.get()) == 0) {
            link->condemn();  // of the parent
        } else if (link->sound()) {
            idle_.push_back(std::move(link));
        } else {
            --places_;
        }
    }
    returned_.notify_one();
}

void redis_pool::give_up_place() noexcept {
    {
        std::lock_guard const held{lock_};
        --places_;
    }
    returned_.notify_one();
}

void redis_pool::failed() noexcept {
    auto const now = real_time();
    breaker_.failed(now, static_cast<std::uint64_t>(now.count()) * 0x9e3779b97f4a7c15U >> 20);
}

std::size_t redis_pool::size() noexcept {
    std::lock_guard const held{lock_};
    return places_;
}

void redis_pool::before_fork() noexcept { lock_.lock(); }

void redis_pool::after_fork(fork_side side) noexcept {
    if (side == fork_side::child) {
        for (auto* const link : lent_)
            link->desert();
        lent_.clear();
        idle_.clear();
        places_ = 0;
        renew(returned_);
    }
    lock_.unlock();
}

}  // namespace memo::detail
