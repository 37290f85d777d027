#pragma once

#include <memo/base/cache_key.hpp>
#include <memo/base/clock.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/size_explanation.hpp>
#include <memo/base/stats.hpp>
#include <memo/call/signature.hpp>

#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <type_traits>

namespace memo::detail {

/// Converts to anything and has every operator, so that what was made of it makes no second error.
struct anything {
    template <class T>
    operator T() const {
        std::terminate();
    }
    anything const* operator->() const { return this; }
    anything const& operator*() const { return *this; }
    template <class T>
    bool operator==(T const&) const {
        return false;
    }
};

template <class Stream>
Stream& operator<<(Stream& out, anything) {
    return out;
}

/// Stands where a wrapper was refused: it takes every argument, has every verb, and never runs.
/// The sentence about the mistake is then the only error.
template <class Signature, class Object = void>
class refused {
    using returned = std::conditional_t<std::is_void_v<returned_of<Signature>>, anything, returned_of<Signature>>;
    using stored = std::conditional_t<std::is_reference_v<returned>, std::remove_reference_t<returned>, returned>;

public:
    static constexpr bool is_memo_wrapper = true;
    static constexpr bool is_refused = true;
    using memo_signature = Signature;
    using memo_object = Object;
    using state_type = anything;

    template <class... Anything>
    constexpr refused(Anything&&...) {}

    template <class... Args>
    returned operator()(Args&&...) const {
        std::terminate();
    }
    template <class... Args>
    std::optional<std::remove_cv_t<stored>> peek(Args&&...) const {
        std::terminate();
    }
    template <class... Args>
    bool contains(Args&&...) const {
        std::terminate();
    }
    template <class... Args>
    void set(Args&&...) const {}
    template <class... Args>
    returned refresh(Args&&...) const {
        std::terminate();
    }
    template <class... Args>
    returned uncached(Args&&...) const {
        std::terminate();
    }
    template <class... Args>
    evicted evict(Args&&...) const {
        return {};
    }
    template <class... Args>
    evicted clear(Args&&...) const {
        return {};
    }
    template <class... Args>
    bool touch(Args&&...) const {
        return {};
    }
    template <class... Args>
    std::optional<duration> ttl(Args&&...) const {
        return {};
    }
    template <class... Args>
    cache_key key(Args&&...) const {
        return {};
    }
    template <class... Args>
    anything warm(Args&&...) const {
        return {};
    }
    template <class... Args>
    std::string explain(Args&&...) const {
        return {};
    }
    memo::size_explanation explain_size() const { return {}; }
    memo::stats stats() const { return {}; }
    std::size_t size() const { return {}; }
    std::size_t memory_usage() const { return {}; }
};

template <class F>
concept refused_wrapper = requires {
    requires F::is_refused;
};

}  // namespace memo::detail
