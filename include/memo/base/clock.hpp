#pragma once

#include <chrono>
#include <concepts>
#include <memory>
#include <ratio>
#include <type_traits>
#include <utility>

namespace memo {

/// Spans of time and, since an arbitrary start, points in it. `duration::max()` is forever.
using duration = std::chrono::nanoseconds;

/// A lifetime without end: `memo::ttl(memo::forever)`.
inline constexpr struct forever_t {
    constexpr operator duration() const noexcept { return duration::max(); }
} forever{};

}  // namespace memo

namespace memo::detail {

template <class T>
inline constexpr bool is_chrono_duration = false;
template <class Rep, class Period>
inline constexpr bool is_chrono_duration<std::chrono::duration<Rep, Period>> = true;

/// Anything that says how long: a `std::chrono::duration` or `memo::forever`.
template <class T>
concept time_span = is_chrono_duration<T> || std::same_as<T, forever_t>;

/// Nanoseconds, saturated: what is too long is forever, what is too far below zero is the least duration, and NaN is zero.
/// A positive span below one nanosecond is one nanosecond.
template <time_span Span>
constexpr duration saturate(Span span) {
    if constexpr (std::same_as<Span, forever_t>) {
        return duration::max();
    } else {
        using scale = std::ratio_divide<typename Span::period, std::nano>;
        auto const nanoseconds = static_cast<long double>(span.count()) * scale::num / scale::den;
        if (!(nanoseconds == nanoseconds))
            return duration::zero();
        if (nanoseconds >= static_cast<long double>(duration::max().count()))
            return duration::max();
        if (nanoseconds <= static_cast<long double>(duration::min().count()))
            return duration::min();
        if (nanoseconds > 0 && nanoseconds < 1)
            return duration{1};
        if constexpr (std::integral<typename Span::rep> && scale::den == 1)
            return duration{static_cast<duration::rep>(span.count()) * scale::num};
        else
            return duration{static_cast<duration::rep>(nanoseconds)};
    }
}

/// `start + span` for a span of zero or more, saturated to forever.
constexpr duration later(duration start, duration span) {
    return start.count() > 0 && span > duration::max() - start ? duration::max()
           : span == duration::max()                           ? duration::max()
                                                               : start + span;
}

/// `end - start`, saturated.
constexpr duration between(duration start, duration end) {
    auto const nothing = duration::zero();
    return start < nothing && end > duration::max() + start   ? duration::max()
           : start > nothing && end < duration::min() + start ? duration::min()
                                                              : end - start;
}

/// The steady clock's.
inline duration real_time() {
    return std::chrono::steady_clock::now().time_since_epoch();
}

/// Two times, and the present one is between them.
struct time_bounds {
    duration before;
    duration after;
};

/// Bounds of the steady clock's time, some milliseconds apart, for a quarter of its cost.
time_bounds real_time_bounds() noexcept;

/// The time since 1970, as other processes and machines know it. It may be set, back and forth.
struct wall_clock {
    std::chrono::system_clock::time_point now() const { return std::chrono::system_clock::now(); }
};

/// The real time at which a span from now ends.
inline std::chrono::steady_clock::time_point deadline(duration span) {
    return std::chrono::steady_clock::time_point{later(real_time(), span)};
}

/// Anything with `now()` that returns a `std::chrono::time_point`.
template <class T>
concept time_teller = requires(std::remove_reference_t<T>& clock) { saturate(clock.now().time_since_epoch()); };

/// An option that carries a clock: `memo::clock(c)`.
template <class T>
concept carries_clock = requires(T& option) {
    option.value;
    requires time_teller<decltype(option.value)>;
};

/// A lifetime that an aggregate of options takes from any span of time.
struct lifetime {
    duration value = duration::max();

    constexpr lifetime() noexcept = default;
    template <time_span Span>
    constexpr lifetime(Span span) : value{saturate(span)} {}
};

/// The clock of a wrapper: the steady clock, or one that was handed in.
///
/// Threads: as its clock; the steady clock from any.
/// Cost:    one indirect call beside the clock's own.
class time_source {
public:
    time_source() noexcept
        : read_{[](void*) { return real_time(); }}, bound_{[](time_source const&) { return real_time_bounds(); }} {}

    /// Keeps a temporary by value and an lvalue by reference.
    template <time_teller Clock>
        requires(!std::same_as<std::remove_cvref_t<Clock>, time_source>)
    time_source(Clock&& clock)
        : read_{[](void* kept) { return saturate(static_cast<std::remove_reference_t<Clock>*>(kept)->now().time_since_epoch()); }},
          bound_{[](time_source const& self) {
              auto const now = self.now();
              return time_bounds{now, now};
          }} {
        using kept = std::remove_const_t<std::remove_reference_t<Clock>>;
        if constexpr (std::is_lvalue_reference_v<Clock>)
            clock_ = std::shared_ptr<void>{std::shared_ptr<void>{}, const_cast<kept*>(&clock)};
        else
            clock_ = std::make_shared<kept>(std::forward<Clock>(clock));
    }

    template <carries_clock Option>
    time_source(Option option) : time_source{static_cast<decltype(option.value)&&>(option.value)} {}

    duration now() const { return read_(clock_.get()); }
    /// As near to each other as can be had cheaply; equal for a clock that was handed in.
    time_bounds bounds() const { return bound_(*this); }
    /// Whether it is the steady clock, which a run may be timed by, too.
    bool is_steady() const noexcept { return clock_ == nullptr; }

private:
    std::shared_ptr<void> clock_;
    duration (*read_)(void*);
    time_bounds (*bound_)(time_source const&);
};

}  // namespace memo::detail
