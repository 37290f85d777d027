#pragma once

#include <cstddef>

/// While one lives, the `nth` allocation of this thread from now on fails, 1 is the next. What replaces `operator new` stands in
/// memoized.cpp.
class shortage {
public:
    explicit shortage(std::size_t nth) noexcept;
    ~shortage();
    shortage(shortage const&) = delete;
    shortage& operator=(shortage const&) = delete;

    bool struck() const noexcept;

    /// While one lives, allocations of this thread neither fail nor count.
    class pause {
    public:
        pause() noexcept;
        ~pause();
        pause(pause const&) = delete;
        pause& operator=(pause const&) = delete;

    private:
        std::size_t left_;
    };
};
