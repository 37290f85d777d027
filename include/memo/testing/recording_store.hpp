#pragma once

#include <memo/base/evicted.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/testing/byte_decoration.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace memo {

/// Does what another byte store does, and counts every operation, also those that fail.
///
///     memo::recording_store const store{memo::memory_bytes_store{}};
///     auto get_user = memo::cached(fetch_user, memo::name("users.get"), memo::store(store));
///     get_user(42), get_user(42);
///     assert(store.count(memo::byte_operation::commit) == 1);
///
/// Threads: as the store inside; any may ask.
class recording_store : public shared_store {
public:
    explicit recording_store(shared_store inside) : recording_store{std::make_shared<recorder>(std::move(inside))} {}

    std::uint64_t count(byte_operation what) const noexcept { return recorder_->counts[static_cast<std::size_t>(what)].load(); }
    /// All operations together.
    std::uint64_t count() const noexcept {
        std::uint64_t sum = 0;
        for (auto const& one : recorder_->counts)
            sum += one.load();
        return sum;
    }
    void forget() noexcept {
        for (auto& one : recorder_->counts)
            one = 0;
    }

private:
    struct recorder final : detail::byte_decoration {
        explicit recorder(shared_store inside) : byte_decoration{std::move(inside)} {}

        void around(byte_operation what, action const& act) override { note(what), act(); }
        evicted around_evict(byte_operation what, eviction const& act) noexcept override { return note(what), act(); }
        void around_quietly(byte_operation what, action const& act) noexcept override { note(what), act(); }
        void note(byte_operation what) noexcept { ++counts[static_cast<std::size_t>(what)]; }

        std::array<std::atomic<std::uint64_t>, byte_operations> counts{};
    };

    explicit recording_store(std::shared_ptr<recorder> inside) : shared_store{inside}, recorder_{std::move(inside)} {}

    std::shared_ptr<recorder> recorder_;
};

}  // namespace memo
