#include <memo/base/secret.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <ostream>
#include <string_view>
#include <utility>

namespace memo::detail {

void wipe(void* bytes, std::size_t size) noexcept {
    auto* const at = static_cast<unsigned char volatile*>(bytes);
    for (std::size_t i = 0; i != size; ++i)
        at[i] = 0;
}

}  // namespace memo::detail

namespace memo {

secret::secret(copy_of, std::string_view text)
    : bytes_{text.empty() ? nullptr : std::make_unique<char[]>(text.size())}, size_{text.size()} {
    std::ranges::copy(text, bytes_.get());
}

secret::secret(secret&& other) noexcept : bytes_{std::move(other.bytes_)}, size_{std::exchange(other.size_, 0)} {}

secret& secret::operator=(secret other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    return *this;
}

secret::~secret() { detail::wipe(bytes_.get(), size_); }

std::ostream& operator<<(std::ostream& out, secret const&) { return out << "***"; }

}  // namespace memo
