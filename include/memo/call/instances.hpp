#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace memo::detail {

/// A function is called on none.
struct no_object {
    static constexpr bool numbered() noexcept { return false; }
};

/// The object that a method is called on, and its number where objects have results of their own.
template <class Object>
struct object_ref {
    Object& object;
    std::uint64_t number = 0;

    bool numbered() const noexcept { return number != 0; }
};

/// The group of all entries of one object; no tag of a user's begins with this byte of its own.
inline std::string object_group(std::uint64_t number) {
    return '\x01' + std::to_string(number);
}

/// Numbers of the living objects that have results of their own. A number is never given twice, so a later object at the
/// same address is another one.
///
/// Threads: any.
class instances {
public:
    /// Returns: a new number, which the object at this address has from now on.
    std::uint64_t enter(void const* object) {
        auto const number = next_.fetch_add(1, std::memory_order_relaxed) + 1;
        std::lock_guard const lock{mutex_};
        numbers_[object] = number;
        return number;
    }

    void leave(void const* object, std::uint64_t number) noexcept {
        std::lock_guard const lock{mutex_};
        if (auto const at = numbers_.find(object); at != numbers_.end() && at->second == number)
            numbers_.erase(at);
    }

    /// Returns: 0 when the object has none.
    std::uint64_t number_of(void const* object) const {
        std::lock_guard const lock{mutex_};
        auto const at = numbers_.find(object);
        return at == numbers_.end() ? 0 : at->second;
    }

private:
    std::atomic<std::uint64_t> next_{0};
    mutable std::mutex mutex_;
    std::unordered_map<void const*, std::uint64_t> numbers_;
};

}  // namespace memo::detail
