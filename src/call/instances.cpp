#include <memo/call/instances.hpp>

#include <memo/base/fork.hpp>
#include <memo/base/sync.hpp>

#include <cstddef>
#include <mutex>
#include <unordered_map>

namespace memo::detail {

struct instances::table final : fork_aware {
    struct object {
        std::uint64_t number = 0;
        void const* first = nullptr;  // of its members
        std::size_t members = 0;
    };

    detail::mutex mutex;
    std::uint64_t last = 0;
    std::unordered_map<void const*, object> objects;
    fork_enrolment enrolment{*this};

private:
    void before_fork() noexcept override { mutex.lock(); }
    void after_fork(fork_side) noexcept override { mutex.unlock(); }
};

instances::instances() : table_{std::make_unique<table>()} {}
instances::~instances() = default;

std::uint64_t instances::enter(void const* object, void const* member) {
    std::lock_guard const lock{table_->mutex};
    auto& known = table_->objects[object];
    if (known.members == 0 || known.first == member)
        known = {++table_->last, member, 0};
    ++known.members;
    return known.number;
}

void instances::leave(void const* object, std::uint64_t number) noexcept {
    std::lock_guard const lock{table_->mutex};
    auto const at = table_->objects.find(object);
    if (at != table_->objects.end() && at->second.number == number && --at->second.members == 0)
        table_->objects.erase(at);
}

std::uint64_t instances::number_of(void const* object) const {
    std::lock_guard const lock{table_->mutex};
    auto const at = table_->objects.find(object);
    return at == table_->objects.end() ? 0 : at->second.number;
}

}  // namespace memo::detail
