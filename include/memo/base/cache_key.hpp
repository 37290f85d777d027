#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace memo {

/// The name by which people, events and shared stores know an entry: the readable key where there is one, else
/// `prefix:function name:version:digest`. A name only: identity is decided by the arguments.
class cache_key {
public:
    cache_key() = default;
    explicit cache_key(std::string text) : text_{std::move(text)} {}

    std::string const& text() const noexcept { return text_; }
    operator std::string_view() const noexcept { return text_; }

    friend bool operator==(cache_key const&, cache_key const&) = default;
    friend auto operator<=>(cache_key const&, cache_key const&) = default;
    friend bool operator==(cache_key const& key, std::string_view text) { return key.text_ == text; }
    friend std::ostream& operator<<(std::ostream& out, cache_key const& key);

private:
    std::string text_;
};

}  // namespace memo

template <>
struct std::hash<memo::cache_key> {
    std::size_t operator()(memo::cache_key const& key) const noexcept { return std::hash<std::string>{}(key.text()); }
};
