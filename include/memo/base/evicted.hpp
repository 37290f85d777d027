#pragma once

#include <algorithm>
#include <cstddef>

namespace memo {

/// What became of an eviction. In memory it is always confirmed; a store behind a wire may not answer.
///
/// Once it is confirmed, no call that starts later gets a value whose computation started before.
class evicted {
public:
    enum class outcome { confirmed, indeterminate, failed };

    constexpr evicted() noexcept = default;
    constexpr explicit evicted(std::size_t count, outcome reached = outcome::confirmed) noexcept
        : count_{count}, outcome_{reached} {}

    /// Every entry meant is gone.
    constexpr bool confirmed() const noexcept { return outcome_ == outcome::confirmed; }
    /// The request left, no answer came: it may have been carried out.
    constexpr bool indeterminate() const noexcept { return outcome_ == outcome::indeterminate; }
    /// It was not carried out.
    constexpr bool failed() const noexcept { return outcome_ == outcome::failed; }
    /// How many entries went.
    constexpr std::size_t count() const noexcept { return count_; }

    /// Both together: as good as the worse of them.
    constexpr evicted& operator+=(evicted other) noexcept {
        count_ += other.count_;
        outcome_ = std::max(outcome_, other.outcome_);
        return *this;
    }
    friend constexpr evicted operator+(evicted left, evicted right) noexcept { return left += right; }
    friend constexpr bool operator==(evicted const&, evicted const&) = default;

private:
    std::size_t count_ = 0;
    outcome outcome_ = outcome::confirmed;
};

}  // namespace memo
