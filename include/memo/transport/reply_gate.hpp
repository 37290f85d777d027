#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace memo::detail {

/// What one reply may be, at most.
struct reply_limits {
    std::size_t bytes = std::size_t{64} << 20;
    std::size_t elements = std::size_t{1} << 20;
};

/// Looks at what a Redis server sends before a parser does that trusts it: whether it is RESP2 at all, and within limits, so that
/// no length a peer invents is ever allocated. It keeps no bytes.
///
/// Cost:   headers and lines only; the inside of texts is skipped.
/// Source: https://redis.io/docs/reference/protocol-spec/
class reply_gate {
public:
    explicit reply_gate(reply_limits most = {}) noexcept : most_{most} {}

    /// How the bytes so far are to be judged.
    enum class verdict {
        more,     ///< the reply goes on
        whole,    ///< it ends here
        refused,  ///< no RESP2, and whatever comes is refused, too
        too_large,
    };
    struct judgement {
        verdict what;
        std::size_t passed;  ///< bytes that were looked at: all but what lies behind the end of a reply
    };

    /// Takes the next bytes, up to the end of the reply that they belong to.
    judgement look(std::string_view bytes) noexcept;

    static constexpr std::size_t deepest = 6;       ///< hiredis reads 7
    static constexpr std::size_t longest_line = 4096;

private:
    verdict header() noexcept;
    verdict length(std::int64_t given) noexcept;
    verdict end_of_value() noexcept;
    verdict refuse(verdict why = verdict::refused) noexcept;
    bool number(std::int64_t& into) const noexcept;

    enum class place { type, line, line_end, body, body_end, refused };

    reply_limits most_;
    place at_ = place::type;
    verdict last_ = verdict::more;
    char type_ = 0;
    std::array<char, 24> line_{};  // the beginning of it: all of a number
    std::size_t line_size_ = 0;
    std::size_t left_ = 0;         // of a body, with its line end
    std::size_t bytes_ = 0;        // of this reply
    std::size_t elements_ = 0;
    std::array<std::size_t, deepest> open_{};  // elements that are to come, of each list around
    std::size_t depth_ = 0;
};

}  // namespace memo::detail
