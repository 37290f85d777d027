#include <memo/codec/decoding.hpp>

#include <memo/codec/traits.hpp>
#include <memo/codec/wire.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace memo::detail {

char const* value_reader::take(std::size_t size) {
    if (size > left())
        malformed("it ends too early");
    char const* const taken = at_;
    at_ += size;
    return taken;
}

std::uint64_t value_reader::length() {
    std::uint64_t taken = 0;
    char const* const behind = take_length(at_, end_, taken);
    if (behind == nullptr)
        malformed("a length is cut off, or longer than it need be");
    at_ = behind;
    return taken;
}

std::size_t value_reader::count(std::size_t size) {
    std::uint64_t const number = length();
    if (number > left())
        malformed("there are fewer bytes than elements");
    if (number > most_.elements)
        malformed("it has more elements than may be decoded");
    most_.elements -= static_cast<std::size_t>(number);
    spend(static_cast<std::size_t>(number), size);
    return static_cast<std::size_t>(number);
}

std::size_t value_reader::bulk(std::size_t size) {
    std::uint64_t const number = length();
    if (number > left() / size)
        malformed("there are fewer bytes than its length says");
    spend(static_cast<std::size_t>(number), size);
    return static_cast<std::size_t>(number);
}

void value_reader::spend(std::size_t number, std::size_t size) {
    if (size != 0 && number > most_.bytes / size)
        malformed("it takes more memory than may be decoded");
    most_.bytes -= number * size;
}

void value_reader::padding(std::size_t size) {
    char const* const zeros = take(size);
    if (std::any_of(zeros, zeros + size, [](char byte) { return byte != 0; }))
        malformed("an element without bytes has some");
}

void value_reader::finish() const {
    if (left() != 0)
        malformed("bytes follow it");
}

}  // namespace memo::detail
