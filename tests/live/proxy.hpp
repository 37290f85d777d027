#pragma once

#include "live/redis_server.hpp"

#include <memo/transport/reply_gate.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace live {

/// Some bytes on their way, and what becomes of the connection behind them.
struct piece {
    std::string bytes{};
    std::chrono::nanoseconds after{};  ///< so long behind the piece before, or behind now
    enum class end { none, closed, reset } then = end::none;
};

/// What becomes of the bytes of one side that came together. It may keep state; one thread calls it.
using script = std::function<std::vector<piece>(std::string bytes)>;

inline script pass() {
    return [](std::string bytes) { return std::vector<piece>{{std::move(bytes)}}; };
}
inline script delay(std::chrono::nanoseconds by) {
    return [by](std::string bytes) { return std::vector<piece>{{std::move(bytes), by}}; };
}
inline script black_hole() {
    return [](std::string) { return std::vector<piece>{}; };
}
inline script dribble(std::chrono::nanoseconds gap) {
    return [gap](std::string const& bytes) {
        std::vector<piece> all;
        for (char const byte : bytes)
            all.push_back({std::string(1, byte), gap});
        return all;
    };
}
/// The connection ends behind so many bytes.
inline script cut_at(std::size_t size, piece::end how = piece::end::closed) {
    return [size, how](std::string bytes) mutable {
        bool const ends = bytes.size() >= size;
        bytes.resize(std::min(bytes.size(), size));
        size -= bytes.size();
        return std::vector<piece>{{std::move(bytes), {}, ends ? how : piece::end::none}};
    };
}
/// Flips a bit of one byte of each that comes.
inline script corrupt(std::size_t at) {
    return [at](std::string bytes) {
        bytes[std::min(at, bytes.size() - 1)] ^= 0x10;
        return std::vector<piece>{{std::move(bytes)}};
    };
}
/// These bytes, whatever the server says.
inline script inject(std::string instead) {
    return [instead](std::string) { return std::vector<piece>{{instead}}; };
}

/// The whole replies that stand in bytes; what is left over is the last.
inline std::vector<std::string> replies_in(std::string_view bytes) {
    std::vector<std::string> all;
    memo::detail::reply_gate gate;
    while (!bytes.empty()) {
        auto const size = gate.look(bytes).passed;
        all.emplace_back(bytes.substr(0, size));
        bytes.remove_prefix(size);
    }
    return all;
}

/// Stands between clients and a server on the loopback, and does to what they say as it is told.
class proxy {
public:
    explicit proxy(std::uint16_t server_port)
        : server_port_{server_port}, listener_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        auto address = loopback(0);
        socklen_t size = sizeof(address);
        if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 64) != 0 ||
            getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::runtime_error{"live: the proxy has no port"};
        port_ = ntohs(address.sin_port);
        thread_ = std::jthread{[this](std::stop_token const& stop) { run(stop); }};
    }
    proxy(proxy const&) = delete;
    proxy& operator=(proxy const&) = delete;
    ~proxy() {
        thread_.request_stop();
        thread_.join();
        close(listener_);
    }

    std::uint16_t port() const noexcept { return port_; }

    /// From now on, also on connections that stand; each has a copy.
    void answers(script of_server) { set(&sides::server, std::move(of_server)); }
    void questions(script of_client) { set(&sides::client, std::move(of_client)); }
    void behave() {
        answers(pass());
        questions(pass());
    }
    /// To all clients at once, unasked.
    void say(std::string bytes) {
        std::lock_guard const held{lock_};
        unasked_ += std::move(bytes);
    }
    /// How many connections have been taken.
    std::size_t taken() const {
        std::lock_guard const held{lock_};
        return taken_;
    }

private:
    using clock = std::chrono::steady_clock;
    struct sides {
        script client = pass();
        script server = pass();
    };
    struct way {
        int from;
        int to;
        script does;
        std::deque<std::pair<clock::time_point, piece>> waiting{};
    };
    struct connection {
        way there;
        way back;
        std::size_t era;
        bool over = false;
        bool left = false;  // by the client: what it said still goes to the server
    };

    static sockaddr_in loopback(std::uint16_t port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        return address;
    }

    void set(script sides::*which, script chosen) {
        std::lock_guard const held{lock_};
        sides_.*which = std::move(chosen);
        ++era_;
    }

    void run(std::stop_token const& stop) {
        while (!stop.stop_requested()) {
            auto next = clock::now() + std::chrono::milliseconds{5};
            std::vector<pollfd> asked{{listener_, POLLIN, 0}};
            for (auto const& each : all_) {
                asked.push_back({each.left ? -1 : each.there.from, POLLIN, 0});
                asked.push_back({each.back.from, POLLIN, 0});
                for (auto const* const side : {&each.there, &each.back})
                    next = side->waiting.empty() ? next : std::min(next, side->waiting.front().first);
            }
            auto const left = std::max(std::chrono::nanoseconds{next - clock::now()}, std::chrono::nanoseconds{0});
            timespec const wait{0, static_cast<long>(left.count())};
            ppoll(asked.data(), asked.size(), &wait, nullptr);
            std::size_t at = 1;
            auto const unasked = next_unasked();
            for (auto& each : all_) {
                renew(each);
                if (!unasked.empty())
                    each.back.waiting.emplace_back(clock::now(), piece{unasked});
                take(each, each.there, asked[at++].revents);
                take(each, each.back, asked[at++].revents);
                give(each, each.there);
                give(each, each.back);
            }
            all_.remove_if([](connection& each) { return each.over && finish(each); });
            if ((asked.front().revents & POLLIN) != 0)
                enter();
        }
        for (auto& each : all_)
            finish(each);
    }

    void enter() {
        int const client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        int const server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        auto const address = loopback(server_port_);
        int const yes = 1;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
        setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
        bool const reached = connect(server, reinterpret_cast<sockaddr const*>(&address), sizeof(address)) == 0;
        std::lock_guard const held{lock_};
        ++taken_;
        all_.push_back({{client, server, sides_.client}, {server, client, sides_.server}, era_, !reached});
    }

    std::string next_unasked() {
        std::lock_guard const held{lock_};
        return std::exchange(unasked_, {});
    }

    void renew(connection& each) {
        std::lock_guard const held{lock_};
        if (each.era == era_)
            return;
        each.era = era_;
        each.there.does = sides_.client;
        each.back.does = sides_.server;
    }

    static void take(connection& whole, way& side, short ready) {
        if (ready == 0 || whole.over)
            return;
        std::array<char, 65536> buffer;
        auto const size = recv(side.from, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (size <= 0) {
            bool const ended = size == 0 || errno != EAGAIN;
            whole.left = whole.left || (ended && &side == &whole.there);
            whole.over = whole.over || (ended && (&side == &whole.back || side.waiting.empty()));
            return;
        }
        auto due = side.waiting.empty() ? clock::now() : std::max(clock::now(), side.waiting.back().first);
        for (auto& each : side.does(std::string{buffer.data(), static_cast<std::size_t>(size)}))
            side.waiting.emplace_back(due += each.after, std::move(each));
    }

    static void give(connection& whole, way& side) {
        while (!whole.over && !side.waiting.empty() && side.waiting.front().first <= clock::now()) {
            auto const& front = side.waiting.front().second;
            if (whole.left && &side == &whole.back) {
                side.waiting.clear();
                break;
            }
            whole.over =
                ::send(side.to, front.bytes.data(), front.bytes.size(), MSG_NOSIGNAL) < 0 || front.then != piece::end::none;
            if (front.then == piece::end::reset) {
                linger const at_once{1, 0};
                setsockopt(side.to, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
            }
            side.waiting.pop_front();
        }
        whole.over = whole.over || (whole.left && whole.there.waiting.empty());
    }

    static bool finish(connection& each) {
        close(each.there.from);
        close(each.back.from);
        return true;
    }

    std::uint16_t server_port_;
    int listener_;
    std::uint16_t port_ = 0;
    mutable std::mutex lock_;
    sides sides_;
    std::size_t era_ = 0;
    std::size_t taken_ = 0;
    std::string unasked_;
    std::list<connection> all_;
    std::jthread thread_;
};

}  // namespace live
