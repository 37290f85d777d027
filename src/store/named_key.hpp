#pragma once

#include <memo/base/hash.hpp>
#include <memo/base/key_view.hpp>
#include <memo/store/byte_store.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

namespace memo::detail {

/// A name as a key: the length of the family, the family, the name. It stands where its name alone falls, so that a text reaches
/// it in every family.
class named_key {
public:
    explicit named_key(entry_name at)
        : size_{sizeof(std::size_t) + at.family.size() + at.name.size()}, place_{place_of(at.name)} {
        if (size_ > near_.size()) far_ = std::make_unique_for_overwrite<char[]>(size_);
        auto* to = begin();
        auto const length = at.family.size();
        std::memcpy(to, &length, sizeof length);
        to += sizeof length;
        to += at.family.copy(to, length);
        at.name.copy(to, at.name.size());
    }

    key_view key() const noexcept { return {place_, {far_ ? far_.get() : near_.data(), size_}, {}}; }

private:
    char* begin() noexcept { return far_ ? far_.get() : near_.data(); }

    std::size_t size_;
    std::uint64_t place_;
    std::unique_ptr<char[]> far_;
    std::array<char, 256> near_;
};

inline entry_name name_of(key_view const& key) noexcept {
    std::size_t length = 0;
    std::memcpy(&length, key.identity.data(), sizeof length);
    auto const both = key.identity.substr(sizeof length);
    return {both.substr(0, length), both.substr(length)};
}

}  // namespace memo::detail
