#include <memo/codec/traits.hpp>

#include <memo/base/error.hpp>
#include <memo/base/hash.hpp>

#include <cstdint>
#include <exception>
#include <new>
#include <string>
#include <string_view>

namespace memo::detail {

void malformed(char const* why) {
    throw value_error{std::string{"codec: these bytes are no value of the type: "} + why +
                      "; erase the entry, or compute it anew"};
}

void loading_failed() {
    try {
        throw;
    } catch (error const&) {
        throw;
    } catch (std::bad_alloc const&) {
        throw;
    } catch (std::exception const&) {
        malformed("its load function refused them");
    }
}

void unstorable(char const* why) {
    throw value_error{std::string{"codec: this value cannot be stored: "} + why + "; use it without storing it"};
}

std::uint64_t fingerprint(std::string_view schema) noexcept {
    return digest_of(schema).low;
}

}  // namespace memo::detail
