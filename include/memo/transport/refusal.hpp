#pragma once

#include <memo/base/error.hpp>

#include <string_view>

namespace memo::detail {

/// What is done about an error reply of a Redis server. Each at most once, so that nothing loops.
enum class remedy {
    report,       ///< to the caller; the connection and the server are well
    miss,         ///< there is nothing of memo's under this key
    send_script,  ///< the server does not know the script: once more, with its text
    try_again,    ///< once more
    reconnect,    ///< report, and close the connection: another one may be better off
    rest,         ///< report, close, and count it as a failure of the server: after several, nobody asks for a while
};

/// One kind of error reply.
struct refusal {
    std::string_view word;  ///< how the reply begins
    remedy action;
    error_code code;
    std::string_view advice;  ///< what to do about it
};

/// The kind that an error reply is of, also when a script of an older server carries it inside; unknown ones are reported.
/// The text itself may hold keys and values: nobody repeats it.
refusal const& refusal_of(std::string_view error_reply) noexcept;

}  // namespace memo::detail
