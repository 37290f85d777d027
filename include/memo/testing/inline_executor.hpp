#pragma once

#include <functional>

namespace memo {

/// Background work in the foreground: `execute` runs it at once, in the thread that calls, and what it throws comes through.
/// With `memo::executor(memo::inline_executor{})` a refresh is over when the call that began it returns.
///
/// Threads:  any.
class inline_executor {
public:
    void execute(std::function<void()> const& work) const { work(); }
};

}  // namespace memo
