#pragma once

#include "folder.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/store/redis.hpp>
#include <memo/transport/redis_link.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Servers that the tests start, and what they do to them.
namespace live {

/// A port of the loopback that nobody listens on, until somebody else takes it.
inline std::uint16_t free_port() {
    int const listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    bool const bound = bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    close(listener);
    if (!bound)
        throw std::runtime_error{"live: there is no free port"};
    return ntohs(address.sin_port);
}

/// Until it holds, or 20 seconds are over.
template <class Holds>
bool eventually(Holds holds) {
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        poll(nullptr, 0, 1);
    }
    return true;
}

/// A real redis-server on the loopback and on a unix socket, which keeps nothing on disk. It ends with this, or with its process.
class redis_server {
public:
    explicit redis_server(std::vector<std::string> settings = {}) : settings_{std::move(settings)} {
        for (int attempt = 0; attempt != 5 && !running(); ++attempt) {
            port_ = free_port();
            start();
        }
        if (!running())
            throw std::runtime_error{"live: redis-server does not start; install redis-server (tests/run does)"};
    }
    redis_server(redis_server const&) = delete;
    redis_server& operator=(redis_server const&) = delete;
    ~redis_server() { stop(); }

    std::uint16_t port() const noexcept { return port_; }
    std::string socket_path() const { return home_ / "socket"; }
    pid_t pid() const noexcept { return pid_; }

    memo::redis_options over_tcp() const {
        return {.host = "127.0.0.1", .port = port_, .timeout = patience, .connect_timeout = patience};
    }
    memo::redis_options over_unix() const { return {.path = socket_path(), .timeout = patience, .connect_timeout = patience}; }

    /// On the same port.
    void start() {
        std::vector<std::string> words{"redis-server",
                                       "--port",
                                       std::to_string(port_),
                                       "--bind",
                                       "127.0.0.1",
                                       "--unixsocket",
                                       socket_path(),
                                       "--dir",
                                       home_.path(),
                                       "--save",
                                       "",
                                       "--appendonly",
                                       "no",
                                       "--daemonize",
                                       "no",
                                       "--logfile",
                                       home_ / "log",
                                       "--loglevel",
                                       "warning"};
        words.insert(words.end(), settings_.begin(), settings_.end());
        std::vector<char*> arguments;
        for (auto& word : words)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        auto const parent = getpid();
        pid_ = fork();
        if (pid_ == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            int const nowhere = open("/dev/null", O_RDWR);
            dup2(nowhere, 0);
            dup2(nowhere, 1);
            dup2(nowhere, 2);
            if (getppid() == parent)
                execvp(arguments[0], arguments.data());
            _exit(127);
        }
        eventually([&] { return !running() || answers(); });
    }

    void stop() noexcept {
        if (pid_ <= 0)
            return;
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }

    /// A command of the test's own.
    memo::detail::reply command(std::vector<std::string_view> const& words) {
        memo::detail::redis_server there;
        there.path = socket_path();
        there.caller = "test";
        memo::detail::redis_link line{there, memo::detail::deadline(patience)};
        memo::detail::request asked;
        asked.add(words);
        return std::move(line.exchange(asked, memo::detail::deadline(patience), memo::detail::proof::echo).front());
    }

    void pause() const { kill(pid_, SIGSTOP); }
    void go_on() const { kill(pid_, SIGCONT); }

private:
    static constexpr std::chrono::seconds patience{5};

    bool running() {
        if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_)
            pid_ = -1;
        return pid_ > 0;
    }

    /// Whether it takes connections and speaks.
    bool answers() const {
        try {
            return memo::redis_store{over_unix()}->ping() > memo::duration::zero();
        } catch (memo::error const& fault) {
            return fault.code() == memo::error_code::refused;
        }
    }

    folder home_;
    std::vector<std::string> settings_;
    std::uint16_t port_ = 0;
    pid_t pid_ = -1;
};

/// Waits until a store answers, however short its patience, on a machine that is busy.
inline void reach(memo::shared_store const& store) {
    for (auto const given_up = std::chrono::steady_clock::now() + std::chrono::seconds{20};;)
        try {
            store->ping();
            return;
        } catch (memo::connection_error const&) {
            if (std::chrono::steady_clock::now() > given_up)
                throw;
        }
}

/// One for all tests of a program that need none of their own.
inline redis_server& server() {
    static redis_server one;
    return one;
}

}  // namespace live
