#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/secret.hpp>
#include <memo/transport/link_fault.hpp>
#include <memo/transport/reply.hpp>
#include <memo/transport/request.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memo::detail {

using instant = std::chrono::steady_clock::time_point;

/// Where a Redis server is, and how to greet it.
struct redis_server {
    std::string host{};
    std::uint16_t port = 6379;
    std::string path{};      ///< of a unix socket, instead
    std::string user{};
    secret password{};
    unsigned db = 0;
    reply_limits most{};
    duration connect_timeout = std::chrono::milliseconds{250};  ///< within the time of the operation that needs it
    std::string caller{};    ///< who speaks in messages

    std::string address() const;
};

/// How it shows that replies are answers to these very questions.
enum class proof {
    echo,    ///< the server repeats a word that was never used before
    values,  ///< the caller sees it from the values
};

/// One connection to a Redis server. What went wrong once, an error, a timeout, bytes that nobody asked for, is not used again.
///
/// Throws:  link_fault; never with anything in it that was sent or received.
/// Threads: one at a time.
class redis_link {
public:
    /// Connects and greets: password, database, clock.
    redis_link(redis_server const& server, instant until);
    redis_link(redis_link const&) = delete;
    redis_link& operator=(redis_link const&) = delete;
    /// Closes the descriptor and says nothing more to the server, which may be talking with another process through it.
    ~redis_link();

    /// Sends all and returns all replies, error replies too, within the time.
    std::vector<reply> exchange(request& asked, instant until, proof how);

    bool sound() const noexcept { return sound_; }
    void condemn() noexcept { sound_ = false; }
    /// Closes the descriptor, and touches nothing else: for the child of a fork, where a thread that is no more was at work here.
    void desert() noexcept { socket_ = descriptor{}; }
    /// Whether nothing has come since the last reply, not even an end.
    bool quiet() const noexcept;
    bool closes_on_exec() const noexcept;

    /// A time by the server's clock, in microseconds since 1970, that it has not passed before `until`: it may refuse what comes
    /// later. None when the server does not tell its time.
    std::optional<std::int64_t> server_time(instant until) const noexcept;
    /// The reply to TIME, which came just now.
    void keep_time(reply const& answer);
    instant knows_time_since() const noexcept { return known_; }

private:
    class descriptor {
    public:
        explicit descriptor(int number = -1) noexcept : number_{number} {}
        descriptor(descriptor&& other) noexcept : number_{other.number_} { other.number_ = -1; }
        descriptor& operator=(descriptor&& other) noexcept;
        ~descriptor();
        int get() const noexcept { return number_; }

    private:
        int number_;
    };

    static descriptor connect(redis_server const& server, instant until);
    void greet(redis_server const& server, instant until);
    void send(std::string_view& unsent, reached& how_far);
    void receive(std::vector<reply>& replies, std::size_t wanted, reached how_far);
    void check_word(std::vector<reply>& replies);
    [[noreturn]] void refuse(std::string_view error_reply);
    [[noreturn]] void fail(std::string const& what, error_code code, reached how_far);

    std::string caller_;
    descriptor socket_;
    reply_reader reader_;
    bool sound_ = true;
    std::string word_;
    std::uint64_t words_ = 0;
    instant known_{};
    std::optional<std::int64_t> ahead_{};  ///< the server's clock, before the steady one
};

}  // namespace memo::detail
