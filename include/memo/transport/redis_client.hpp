#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/sync.hpp>
#include <memo/transport/redis_pool.hpp>
#include <memo/transport/reply.hpp>
#include <memo/transport/request.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memo::detail {

struct refusal;

/// A Lua script, and the name by which servers know it once they have seen it.
///
/// Threads: any. It holds no lock, so a fork finds it whole.
class redis_script {
public:
    explicit redis_script(std::string text) : text_{std::move(text)} {}

    std::string const& text() const noexcept { return text_; }
    /// Empty as long as no server has told it.
    std::string_view name() const noexcept;
    void learn(std::string_view name) noexcept;

private:
    std::string text_;
    enum class learnt { nothing, being_told, all };
    atomic<learnt> learnt_{learnt::nothing};
    std::array<char, 40> name_{};
};

/// Whether the server may still carry a script out when the caller has given up.
enum class lateness { harmless, refused };

/// Asks a Redis server, and does about its error replies what is to be done about them.
///
/// Throws:  link_fault, as the pool and its connections do, and for error replies.
/// Threads: any.
class redis_client {
public:
    redis_client(redis_server server, std::size_t connections, unsigned breaker_threshold)
        : pool_{std::move(server), connections, breaker_threshold} {}

    /// All replies, in order. What is a refusal among them means that nothing of memo's is there.
    std::vector<reply> ask(request& asked, instant until, proof how = proof::echo);

    /// The reply of a script. Its first argument is a time of the server's clock, in microseconds, after which it must do nothing
    /// and answer with the status `LATE`; empty means none. Whoever knows what the answer will be, and that no other question has
    /// the same, says so in `shown` and spares the server the word that it repeats.
    reply run(redis_script& script, std::vector<std::string_view> const& keys, std::vector<std::string_view> const& arguments,
              instant until, lateness late = lateness::harmless, std::string_view shown = {});

    /// Carries out the commands that `add` adds, all or none, and none when the server comes to it too late. `guard` is a key of
    /// the caller's own, which nobody uses.
    void all_or_nothing(std::string_view guard, std::function<void(request&)> const& add, instant until);

    redis_pool& pool() noexcept { return pool_; }
    redis_pool const& pool() const noexcept { return pool_; }

private:
    static constexpr duration longest_trust = std::chrono::minutes{1};

    std::vector<reply> exchange(redis_pool::loan& line, request& asked, instant until, proof how);
    /// Of the server, at the end of the time; clocks run apart, so it is asked for now and then.
    std::optional<std::int64_t> time_of(redis_pool::loan& line, instant until);
    [[noreturn]] void give_up(redis_pool::loan& line);
    [[noreturn]] void part(redis_pool::loan& line);
    [[noreturn]] void refuse(redis_pool::loan& line, refusal const& why);

    redis_pool pool_;
};

}  // namespace memo::detail
