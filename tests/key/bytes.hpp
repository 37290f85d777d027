#pragma once

#include <memo/key/buffer.hpp>
#include <memo/key/writer.hpp>

#include <string>
#include <string_view>

/// The canonical bytes of these values, one after the other.
template <class... T>
std::string bytes_of(T const&... values) {
    memo::detail::key_buffer buffer;
    memo::key_writer w{buffer};
    w(values...);
    return std::string{buffer.view()};
}

inline std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (char const byte : bytes) {
        out += digits[static_cast<unsigned char>(byte) >> 4];
        out += digits[static_cast<unsigned char>(byte) & 0xf];
    }
    return out;
}

template <class... T>
std::string hex_of(T const&... values) {
    return to_hex(bytes_of(values...));
}
