#pragma once

#include <concepts>
#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string_view>

namespace memo {

/// A password or a key: it prints as `***`, and its bytes are zeroed when it ends or is assigned to. Where it came from, a text
/// of the user's or of the environment, is left as it is.
class secret {
public:
    secret() noexcept = default;
    template <std::convertible_to<std::string_view> Text>
    secret(Text const& text) : secret{copy_of{}, text} {}
    secret(secret const& other) : secret{copy_of{}, other.reveal()} {}
    secret(secret&& other) noexcept;
    secret& operator=(secret other) noexcept;
    ~secret();

    bool empty() const noexcept { return size_ == 0; }
    /// The bytes, for those who must send them.
    std::string_view reveal() const noexcept { return {bytes_.get(), size_}; }

    friend bool operator==(secret const& left, secret const& right) noexcept { return left.reveal() == right.reveal(); }
    friend std::ostream& operator<<(std::ostream& out, secret const& hidden);

private:
    struct copy_of {};
    secret(copy_of, std::string_view text);

    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
};

}  // namespace memo

namespace memo::detail {

/// Zeroes bytes that nobody reads any more, which a compiler may not leave out.
void wipe(void* bytes, std::size_t size) noexcept;

}  // namespace memo::detail
