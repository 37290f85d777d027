#include <memo/codec/traits.hpp>

#include <memo/base/hash.hpp>

#include <cstdint>
#include <string_view>

namespace memo::detail {

std::uint64_t fingerprint(std::string_view schema) noexcept {
    return digest_of(schema).low;
}

}  // namespace memo::detail
