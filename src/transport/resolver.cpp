#include <memo/transport/resolver.hpp>

#include <memo/base/sync.hpp>

#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace memo::detail {
namespace {

static_assert(sizeof(socket_address::bytes) >= sizeof(sockaddr_storage) && alignof(sockaddr_storage) <= 8);

constexpr int most_lookups = 16;
constinit atomic<int> lookups{0};

std::optional<std::vector<socket_address>> look_up(std::string const& host, std::uint16_t port, int flags) {
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0)
        return std::nullopt;
    std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> const all{found, &freeaddrinfo};
    std::vector<socket_address> addresses;
    for (auto const* at = found; at != nullptr; at = at->ai_next) {
        auto& address = addresses.emplace_back();
        address.family = at->ai_family;
        address.size = at->ai_addrlen;
        std::memcpy(address.bytes.data(), at->ai_addr, at->ai_addrlen);
    }
    return addresses;
}

struct lookup {
    mutex lock;
    condition done;
    bool over = false;
    std::vector<socket_address> found;
};

void run(std::shared_ptr<lookup> const& mine, std::string const& host, std::uint16_t port) noexcept {
    std::vector<socket_address> found;
    try {
        found = look_up(host, port, AI_ADDRCONFIG).value_or(std::vector<socket_address>{});
    } catch (std::bad_alloc const&) {
        found.clear();
    }
    {
        std::lock_guard const held{mine->lock};
        mine->found = std::move(found);
        mine->over = true;
    }
    mine->done.notify_all();
    --lookups;
}

}  // namespace

std::vector<socket_address> resolve(std::string const& host, std::uint16_t port, std::chrono::steady_clock::time_point until) {
    if (auto numeric = look_up(host, port, AI_NUMERICHOST))
        return std::move(*numeric);
    if (++lookups > most_lookups) {
        --lookups;
        return {};
    }
    auto const shared = std::make_shared<lookup>();
    try {
        std::thread{[shared, host, port] { run(shared, host, port); }}.detach();
    } catch (std::system_error const&) {
        --lookups;
        return {};
    }
    std::unique_lock held{shared->lock};
    shared->done.wait_until(held, until, [&] { return shared->over; });
    return std::move(shared->found);
}

std::vector<socket_address> unix_address(std::string const& path) {
    sockaddr_un address{};
    if (path.empty() || path.size() >= sizeof(address.sun_path))
        return {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    std::vector<socket_address> one(1);
    one.front().family = AF_UNIX;
    one.front().size = sizeof(address);
    std::memcpy(one.front().bytes.data(), &address, sizeof(address));
    return one;
}

}  // namespace memo::detail
