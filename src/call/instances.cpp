#include <memo/call/instances.hpp>

#include <mutex>
#include <unordered_map>

namespace memo::detail {

struct instances::table {
    std::mutex mutex;
    std::uint64_t last = 0;
    std::unordered_map<void const*, std::uint64_t> numbers;
};

instances::instances() : table_{std::make_unique<table>()} {}
instances::~instances() = default;

std::uint64_t instances::enter(void const* object) {
    std::lock_guard const lock{table_->mutex};
    return table_->numbers[object] = ++table_->last;
}

void instances::leave(void const* object, std::uint64_t number) noexcept {
    std::lock_guard const lock{table_->mutex};
    if (auto const at = table_->numbers.find(object); at != table_->numbers.end() && at->second == number)
        table_->numbers.erase(at);
}

std::uint64_t instances::number_of(void const* object) const {
    std::lock_guard const lock{table_->mutex};
    auto const at = table_->numbers.find(object);
    return at == table_->numbers.end() ? 0 : at->second;
}

}  // namespace memo::detail
