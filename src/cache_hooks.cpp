#include <memo/cache_hooks.hpp>

#include <memo/base/error.hpp>

#include <exception>
#include <mutex>

namespace memo::detail {

void check_text(char const* text) {
    if (text == nullptr)
        throw value_error{"memo::cache: a null pointer is no text; give text, or erase the key"};
}

cache_hooks::cache_hooks() = default;
cache_hooks::~cache_hooks() = default;

std::shared_ptr<typed_hooks const> cache_hooks::of(std::type_index type) const {
    if (!hooked_.load(std::memory_order_acquire))
        return nullptr;
    auto const all = registered();
    auto const found = all->types.find(type);
    return found == all->types.end() ? nullptr : found->second;
}

void cache_hooks::add(std::type_index type, std::function<void(typed_hooks&)> const& addition) {
    replace([&](registry& all) {
        auto& place = all.types[type];
        auto more = place == nullptr ? typed_hooks{} : *place;
        addition(more);
        place = std::make_shared<typed_hooks const>(std::move(more));
    });
    hooked_.store(true, std::memory_order_release);
}

void cache_hooks::listen(event_listener fn) {
    auto fresh = std::make_shared<event_listener const>(std::move(fn));
    replace([&](registry& all) { all.listeners.push_back(std::move(fresh)); });
    heard_.store(true, std::memory_order_release);
}

void cache_hooks::tell(event const& happening) const {
    auto const all = registered();
    if (all == nullptr)
        return;
    std::exception_ptr thrown;
    for (auto const& one : all->listeners) {
        try {
            (*one)(happening);
        } catch (...) {
            thrown = std::current_exception();
        }
    }
    if (thrown != nullptr)
        std::rethrow_exception(thrown);
}

std::shared_ptr<cache_hooks::registry const> cache_hooks::registered() const {
    std::lock_guard const lock{mutex_};
    return registered_;
}

/// Copies of functions run no user code: what users gave stands behind pointers.
void cache_hooks::replace(std::function<void(registry&)> const& change) {
    std::shared_ptr<registry const> old;
    std::lock_guard const lock{mutex_};
    auto fresh = registered_ == nullptr ? registry{} : *registered_;
    change(fresh);
    old = std::exchange(registered_, std::make_shared<registry const>(std::move(fresh)));
}

}  // namespace memo::detail
