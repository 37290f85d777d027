#include "interner.hpp"

#include <memo/base/hash.hpp>

#include <cstddef>
#include <limits>
#include <stdexcept>
#include <utility>

namespace memo::sim {

interner::interner() : slots_(1024) {}

std::uint32_t interner::number(std::string_view key) {
    auto const place = detail::digest_of(key).low;
    auto const mark = static_cast<std::uint32_t>(place >> 32);
    auto const mask = slots_.size() - 1;
    for (auto at = place & mask;; at = (at + 1) & mask) {
        slot& here = slots_[at];
        if (here.number != 0) {
            if (here.mark == mark && this->key(here.number - 1) == key)
                return here.number - 1;
            continue;
        }
        if (places_.size() == std::numeric_limits<std::uint32_t>::max() - 1)
            throw std::length_error{"more keys than 32 bits can number"};
        places_.push_back(place);
        bytes_ += key;
        ends_.push_back(bytes_.size());
        auto const number = static_cast<std::uint32_t>(places_.size());
        here = {mark, number};
        if (places_.size() * 2 > slots_.size())
            grow();
        return number - 1;
    }
}

std::string_view interner::key(std::uint32_t number) const noexcept {
    auto const begin = number == 0 ? 0 : ends_[number - 1];
    return std::string_view{bytes_}.substr(begin, ends_[number] - begin);
}

void interner::grow() {
    std::vector<slot> wider(slots_.size() * 4);
    auto const mask = wider.size() - 1;
    for (slot const held : slots_) {
        if (held.number == 0)
            continue;
        auto at = places_[held.number - 1] & mask;
        while (wider[at].number != 0)
            at = (at + 1) & mask;
        wider[at] = held;
    }
    slots_ = std::move(wider);
}

}  // namespace memo::sim
