#include <memo/base/stripes.hpp>

#include <memo/base/fork.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>

namespace memo::detail {

namespace {

class all_stripes final : fork_aware {
public:
    mutex& of(void const* object) noexcept {
        auto const mixed = reinterpret_cast<std::uintptr_t>(object) * 0x9e3779b97f4a7c15;  // by Fibonacci's ratio
        return stripes_[mixed >> 60].lock;
    }

private:
    struct alignas(64) stripe {
        mutex lock;
    };

    void before_fork() noexcept override {
        for (auto& one : stripes_)
            one.lock.lock();
    }
    void after_fork(fork_side) noexcept override {
        for (auto& one : stripes_)
            one.lock.unlock();
    }

    std::array<stripe, 16> stripes_;
    fork_enrolment enrolment_{*this};
};

}  // namespace

mutex& stripe_of(void const* object) noexcept {
    alignas(all_stripes) static std::byte room[sizeof(all_stripes)];
    static auto& all = *::new (static_cast<void*>(room)) all_stripes;  // never destroyed
    return all.of(object);
}

namespace {

// before there are threads: a fork while one of them makes these would leave the child half of them
[[maybe_unused]] auto const& made_early = stripe_of(nullptr);

}  // namespace

}  // namespace memo::detail
