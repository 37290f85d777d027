#include <memo/base/event.hpp>

#include <array>
#include <ostream>

namespace memo {

std::string_view to_string(event_kind kind) noexcept {
    constexpr std::array<std::string_view, 10> words{"hit",    "miss",  "store", "skip",    "evict",
                                                     "expire", "error", "stale", "refresh", "join"};
    return words[static_cast<std::size_t>(kind)];
}

std::string_view to_string(evict_cause cause) noexcept {
    constexpr std::array<std::string_view, evict_causes> words{"none",     "capacity", "expired", "explicit",
                                                               "replaced", "tag",      "pattern", "cleared"};
    return words[static_cast<std::size_t>(cause)];
}

std::ostream& operator<<(std::ostream& out, event_kind kind) {
    return out << to_string(kind);
}

std::ostream& operator<<(std::ostream& out, evict_cause cause) {
    return out << to_string(cause);
}

std::ostream& operator<<(std::ostream& out, event const& happening) {
    out << happening.kind << ' ' << happening.key;
    if (happening.cause != evict_cause::none)
        out << " (" << happening.cause << ')';
    return out;
}

}  // namespace memo
