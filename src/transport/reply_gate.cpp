#include <memo/transport/reply_gate.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace memo::detail {

reply_gate::judgement reply_gate::look(std::string_view bytes) noexcept {
    std::size_t at = 0;
    while (at != bytes.size()) {
        auto answer = verdict::more;
        std::size_t step = 1;
        char const byte = bytes[at];
        switch (at_) {
            case place::type:
                type_ = byte;
                line_size_ = 0;
                at_ = place::line;
                if (std::string_view{"+-:$*"}.find(byte) == std::string_view::npos)
                    answer = refuse();
                break;
            case place::line:
                if (byte == '\r')
                    at_ = place::line_end;
                else if (byte == '\n' || line_size_ == longest_line)
                    answer = refuse();
                else if (line_size_++ < line_.size())
                    line_[line_size_ - 1] = byte;
                break;
            case place::line_end: answer = byte == '\n' ? header() : refuse(); break;
            case place::body:
                step = std::min(left_ - 2, bytes.size() - at);
                left_ -= step;
                if (left_ == 2)
                    at_ = place::body_end;
                break;
            case place::body_end:
                if (byte != (left_ == 2 ? '\r' : '\n'))
                    answer = refuse();
                else if (--left_ == 0)
                    answer = end_of_value();
                break;
            case place::refused: return {last_, at};
        }
        at += step;
        bytes_ += step;
        if (answer == verdict::more && bytes_ > most_.bytes)
            answer = refuse(verdict::too_large);
        if (answer == verdict::whole)
            bytes_ = elements_ = 0;
        if (answer != verdict::more)
            return {answer, at};
    }
    return {at_ == place::refused ? last_ : verdict::more, at};
}

/// The line behind a type is complete.
reply_gate::verdict reply_gate::header() noexcept {
    if (type_ == '+' || type_ == '-')
        return end_of_value();
    std::int64_t given = 0;
    if (!number(given))
        return refuse();
    return type_ == ':' ? end_of_value() : length(given);
}

reply_gate::verdict reply_gate::length(std::int64_t given) noexcept {
    if (given < -1)
        return refuse();
    if (given == -1)
        return end_of_value();
    auto const size = static_cast<std::size_t>(given);
    if (type_ == '$') {
        if (size > most_.bytes || bytes_ > most_.bytes - size)
            return refuse(verdict::too_large);
        left_ = size + 2;
        at_ = size == 0 ? place::body_end : place::body;
        return verdict::more;
    }
    if (size > most_.elements || elements_ > most_.elements - size)
        return refuse(verdict::too_large);
    elements_ += size;
    if (size == 0)
        return end_of_value();
    if (depth_ == deepest)
        return refuse(verdict::too_large);
    open_[depth_++] = size;
    at_ = place::type;
    return verdict::more;
}

reply_gate::verdict reply_gate::end_of_value() noexcept {
    at_ = place::type;
    while (depth_ != 0) {
        if (--open_[depth_ - 1] != 0)
            return verdict::more;
        --depth_;
    }
    return verdict::whole;
}

reply_gate::verdict reply_gate::refuse(verdict why) noexcept {
    at_ = place::refused;
    return last_ = why;
}

/// Digits, with a minus or without: what every parser reads alike.
bool reply_gate::number(std::int64_t& into) const noexcept {
    if (line_size_ > line_.size())
        return false;
    auto const* const end = line_.data() + line_size_;
    auto const [stopped, fault] = std::from_chars(line_.data(), end, into);
    return fault == std::errc{} && stopped == end;
}

}  // namespace memo::detail
