#include <memo/base/executor.hpp>

#include <memo/base/pool.hpp>

#include <functional>
#include <utility>

namespace memo::detail {

worker::worker() noexcept
    : execute_{[](void*, std::function<void()>&& work) { default_pool().execute(std::move(work)); }} {}

}  // namespace memo::detail
