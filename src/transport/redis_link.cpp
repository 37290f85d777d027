#include <memo/transport/redis_link.hpp>

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/base/sync.hpp>
#include <memo/transport/refusal.hpp>
#include <memo/transport/resolver.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace memo::detail {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

std::int64_t microseconds(instant at) noexcept {
    return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
}

/// What is ready; nothing once the time is over, also when there always is something. A signal does not cut it short.
short wait_for(int descriptor, short what, instant until) noexcept {
    for (;;) {
        auto const left = std::min(duration{until - steady_clock::now()}, duration{1h});
        if (left <= duration::zero())
            return 0;
        timespec const at_most{static_cast<std::time_t>(left / 1s), static_cast<long>((left % 1s).count())};
        pollfd asked{descriptor, what, 0};
        int const ready = ppoll(&asked, 1, &at_most, nullptr);
        if (ready > 0)
            return asked.revents;
        if (ready < 0 && errno != EINTR && errno != ENOMEM)
            return 0;
    }
}

void set(int descriptor, int level, int name, int value) noexcept {
    setsockopt(descriptor, level, name, &value, sizeof(value));
}

/// What is not acknowledged, or does not answer to a probe while nobody asks, is no connection.
void tune(int descriptor, int family) noexcept {
    if (family == AF_UNIX)
        return;
    set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
    set(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, 5000);
    set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, 15);
    set(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set(descriptor, IPPROTO_TCP, TCP_KEEPCNT, 3);
}

/// Returns: 0, or why there is no connection.
int connect_within(int descriptor, socket_address const& to, instant until) noexcept {
    auto const* const address = reinterpret_cast<sockaddr const*>(to.bytes.data());
    if (::connect(descriptor, address, static_cast<socklen_t>(to.size)) == 0)
        return 0;
    if (errno != EINPROGRESS && errno != EINTR)
        return errno;
    if (wait_for(descriptor, POLLOUT, until) == 0)
        return ETIMEDOUT;
    int fault = 0;
    socklen_t size = sizeof(fault);
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &fault, &size) == 0 ? fault : errno;
}

std::string describe(int fault) { return std::generic_category().message(fault); }

/// Requires: 0 is an end that the server made.
std::string broken(int fault) {
    return (fault == 0 ? std::string{"the server closed the connection"} : "the connection broke, " + describe(fault)) +
           "; see whether the server was restarted";
}

/// To begin words from: connections do not meet in theirs.
std::uint64_t first_word() noexcept {
    static constinit atomic<std::uint64_t> links{0};
    return (static_cast<std::uint64_t>(steady_clock::now().time_since_epoch().count()) << 20) ^ (++links << 40);
}

}  // namespace

std::string redis_server::address() const {
    return !path.empty() ? path : host.find(':') == std::string::npos ? host + ":" + std::to_string(port)
                                                                      : "[" + host + "]:" + std::to_string(port);
}

redis_link::descriptor& redis_link::descriptor::operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

redis_link::descriptor::~descriptor() {
    if (number_ >= 0)
        close(number_);
}

redis_link::redis_link(redis_server const& server, instant until)
    : caller_{server.caller}, socket_{connect(server, until)}, reader_{server.most}, words_{first_word()} {
    try {
        greet(server, until);
    } catch (link_fault const& fault) {
        throw link_fault{fault.what(), fault.code(), reached::no};
    }
}

redis_link::~redis_link() = default;

redis_link::descriptor redis_link::connect(redis_server const& server, instant until) {
    auto const failed = [&](std::string const& what, error_code code) {
        return link_fault{server.caller + ": " + what, code, reached::no};
    };
    auto const addresses = server.path.empty() ? resolve(server.host, server.port, until) : unix_address(server.path);
    if (addresses.empty())
        throw failed("the address is not known; see to its name, and to who resolves names", error_code::unreachable);
    int fault = 0;
    for (std::size_t i = 0; i != addresses.size(); ++i) {
        auto const& to = addresses[i];
        descriptor fresh{socket(to.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
        if (fresh.get() < 0)
            throw failed("no socket can be had, " + describe(errno) + "; close some", error_code::unreachable);
        tune(fresh.get(), to.family);
        auto const now = steady_clock::now();
        auto const share = std::max(until - now, steady_clock::duration::zero()) / static_cast<long>(addresses.size() - i);
        fault = connect_within(fresh.get(), to, now + share);
        if (fault == 0)
            return fresh;
    }
    if (fault == ETIMEDOUT)
        throw failed("no connection in time; see whether the server can be reached", error_code::timed_out);
    throw failed("no connection, " + describe(fault) + "; start the server, or mend the address", error_code::unreachable);
}

void redis_link::greet(redis_server const& server, instant until) {
    request greeting;
    if (!server.user.empty())
        greeting.add({"AUTH", server.user, server.password.reveal()});
    else if (!server.password.empty())
        greeting.add({"AUTH", server.password.reveal()});
    if (server.db != 0)
        greeting.add({"SELECT", std::to_string(server.db)});
    greeting.add({"TIME"});
    auto const replies = exchange(greeting, until, proof::echo);
    for (auto const& each : replies) {
        auto const told = each.view();
        if (told.kind() == reply_kind::refusal && (&each != &replies.back() || refusal_of(told.text()).action == remedy::rest))
            refuse(told.text());
    }
    keep_time(replies.back());
}

/// A server that does not tell its time to this user is asked without it.
void redis_link::keep_time(reply const& answer) {
    known_ = steady_clock::now();
    ahead_.reset();
    auto const told = answer.view();
    if (told.size() != 2)
        return;
    std::int64_t seconds = 0;
    std::int64_t rest = 0;
    auto const read = [](std::string_view text, std::int64_t& into) {
        return std::from_chars(text.data(), text.data() + text.size(), into).ec == std::errc{};
    };
    constexpr std::int64_t year_3000 = 32'503'680'000;
    if (read(told[0].text(), seconds) && read(told[1].text(), rest) && seconds >= 0 && seconds < year_3000)
        ahead_ = seconds * 1'000'000 + rest - microseconds(known_);
}

std::optional<std::int64_t> redis_link::server_time(instant until) const noexcept {
    return ahead_ ? std::optional{*ahead_ + microseconds(until)} : std::nullopt;
}

bool redis_link::quiet() const noexcept {
    char byte = 0;
    return recv(socket_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool redis_link::closes_on_exec() const noexcept { return (fcntl(socket_.get(), F_GETFD) & FD_CLOEXEC) != 0; }

std::vector<reply> redis_link::exchange(request& asked, instant until, proof how) {
    auto const bytes = asked.bytes().size();
    auto const commands = asked.size();
    if (how == proof::echo) {
        word_ = std::to_string(++words_);
        asked.add({"ECHO", word_});
    }
    std::string_view unsent = asked.bytes();
    auto how_far = reached::no;
    std::vector<reply> replies;
    replies.reserve(asked.size());
    try {
        send(unsent, how_far);
        while (replies.size() != asked.size()) {
            auto const ready = wait_for(socket_.get(), unsent.empty() ? POLLIN : POLLIN | POLLOUT, until);
            if (ready == 0)
                fail("no answer in time; see to the load of the server, or raise `timeout`", error_code::timed_out, how_far);
            if ((ready & POLLOUT) != 0)
                send(unsent, how_far);
            if ((ready & ~POLLOUT) != 0)
                receive(replies, asked.size(), how_far);
        }
        if (how == proof::echo)
            check_word(replies);
        asked.rewind(bytes, commands);
    } catch (...) {
        sound_ = false;
        throw;
    }
    return replies;
}

void redis_link::send(std::string_view& unsent, reached& how_far) {
    while (!unsent.empty()) {
        auto const sent = ::send(socket_.get(), unsent.data(), unsent.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (sent < 0)
            fail(broken(errno), error_code::unreachable, how_far);
        how_far = reached::perhaps;
        unsent.remove_prefix(static_cast<std::size_t>(sent));
    }
}

/// Takes what has come. What comes all the time is cut off by the caller, after each piece.
void redis_link::receive(std::vector<reply>& replies, std::size_t wanted, reached how_far) {
    std::array<char, 65536> buffer;
    auto const size = recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK))
        return;
    if (size <= 0)
        fail(broken(size == 0 ? 0 : errno), error_code::unreachable, how_far);
    std::string_view bytes{buffer.data(), static_cast<std::size_t>(size)};
    while (!bytes.empty()) {
        if (replies.size() == wanted)
            fail("the server said more than it was asked; see who stands in between", error_code::corrupt, how_far);
        switch (reader_.read(bytes)) {
            case reply_reader::verdict::more: return;
            case reply_reader::verdict::whole: replies.push_back(reader_.take()); break;
            case reply_reader::verdict::too_large:
                fail("an answer is larger than `max_reply` allows; raise it, or store less", error_code::too_large, how_far);
            case reply_reader::verdict::refused:
                fail("this is no Redis server; mend the address", error_code::foreign, how_far);
        }
    }
}

void redis_link::check_word(std::vector<reply>& replies) {
    auto const last = replies.back().view();
    if (last.kind() == reply_kind::refusal)
        refuse(last.text());
    if (!last.is_text() || last.text() != word_)
        fail("answers are out of step with questions; see who stands in between", error_code::corrupt, reached::perhaps);
    replies.pop_back();
}

void redis_link::refuse(std::string_view error_reply) {
    auto const& why = refusal_of(error_reply);
    fail("the server refuses, " + std::string{why.word} + "; " + std::string{why.advice}, why.code, reached::no);
}

void redis_link::fail(std::string const& what, error_code code, reached how_far) {
    sound_ = false;
    throw link_fault{caller_ + ": " + what, code, how_far};
}

}  // namespace memo::detail
