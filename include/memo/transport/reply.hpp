#pragma once

#include <memo/transport/reply_gate.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

struct redisReader;
struct redisReply;

namespace memo::detail {

enum class reply_kind { nothing, text, status, refusal, number, list };

/// What a Redis server answered, as long as the `reply` lives that it is in.
class reply_view {
public:
    explicit reply_view(redisReply const* from) noexcept : from_{from} {}

    reply_kind kind() const noexcept;
    bool is_text() const noexcept { return kind() == reply_kind::text; }
    bool is_list() const noexcept { return kind() == reply_kind::list; }
    /// Of a text, a status or a refusal; else empty.
    std::string_view text() const noexcept;
    /// Else 0.
    std::int64_t number() const noexcept;
    /// Elements of a list; else 0.
    std::size_t size() const noexcept;
    /// Requires: `i` is below the size.
    reply_view operator[](std::size_t i) const noexcept;

private:
    redisReply const* from_;
};

/// Owns one reply, and all that is in it.
class reply {
public:
    explicit reply(redisReply* whole) noexcept : whole_{whole} {}
    reply_view view() const noexcept { return reply_view{whole_.get()}; }

private:
    struct release {
        void operator()(redisReply* whole) const noexcept;
    };
    std::unique_ptr<redisReply, release> whole_;
};

/// Bytes of a server in, replies out: hiredis reads them, behind the gate.
class reply_reader {
public:
    /// Throws: bad_alloc.
    explicit reply_reader(reply_limits most);

    using verdict = reply_gate::verdict;
    /// Takes the next bytes; those behind the end of a reply wait for the next call. Returns: `more` when all are taken.
    /// Requires: after a refusal nobody asks again.
    verdict read(std::string_view& bytes);
    /// The reply that just became whole.
    reply take();

private:
    struct release {
        void operator()(redisReader* reader) const noexcept;
    };
    reply_gate gate_;
    std::unique_ptr<redisReader, release> reader_;
    std::optional<reply> whole_;
};

}  // namespace memo::detail
