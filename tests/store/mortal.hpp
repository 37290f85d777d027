#pragma once

#include "store/sample.hpp"

#include <memo/store/entry.hpp>

#include <cstddef>
#include <cstdint>

/// An entry that counts when it ends.
struct mortal final : memo::detail::entry {
    mortal(std::uint64_t number, std::size_t& count) : entry{sample::key{number}, {}, key_bytes}, ended{count} {}

    static void end(memo::detail::entry* gone) noexcept {
        auto* const one = static_cast<mortal*>(gone);
        ++one->ended;
        delete one;
    }

    std::size_t& ended;
    char key_bytes[64];
};
