#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

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

/// The group is nothing that users see.
inline bool is_object_group(std::string_view tag) {
    return tag.starts_with('\x01');
}

/// Numbers of the living objects that have results of their own. A number is never given twice, so a later object at the
/// same address is another one.
///
/// Threads: any.
class instances {
public:
    instances();
    ~instances();

    /// A member of the object at this address begins to live; `leave` says that it ends.
    ///
    /// Returns: a new number for the first member, which the object has from now on; the same for its further members.
    std::uint64_t enter(void const* object, void const* member);
    void leave(void const* object, std::uint64_t number) noexcept;
    /// Returns: 0 when the object has none.
    std::uint64_t number_of(void const* object) const;

private:
    struct table;
    std::unique_ptr<table> table_;
};

}  // namespace memo::detail
