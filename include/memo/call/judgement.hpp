#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/call/footprint.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/settings.hpp>
#include <memo/store/concept.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

namespace memo::detail {

/// What the options say of one result: not to be stored, or on which terms.
///
/// `fn(result)` is asked where `fn` takes that, else `fn(result, args...)`, with the arguments as they were before the call.
template <class Options>
class judgement {
    using kind = option_kind;

    template <option_kind Kind, class Value>
    static constexpr bool needs_arguments() {
        if constexpr (Options::template has<Kind>) {
            using asked = decltype(std::declval<Options&>().template get<Kind>().value);
            if constexpr (time_span<std::remove_cvref_t<asked>>)
                return false;
            else
                return !std::is_invocable_v<asked&, Value const&>;
        } else {
            return false;
        }
    }

    template <class Fn, class Value, class... A>
    static decltype(auto) ask(Fn& fn, Value const& result, A const&... arguments) {
        if constexpr (std::is_invocable_v<Fn&, Value const&>)
            return std::invoke(fn, result);
        else
            return std::invoke(fn, result, arguments...);
    }

    /// A weight beyond all numbers is the greatest.
    template <class Weight>
    static std::size_t checked_weight(Weight weight) {
        if (!(weight >= 0))
            throw value_error{"memo::weigher: the weight of a result is below 0; return 0 or more"};
        constexpr auto most = std::numeric_limits<std::size_t>::max();
        return static_cast<long double>(weight) < static_cast<long double>(most) ? static_cast<std::size_t>(weight) : most;
    }

public:
    /// Whether any of them sees the arguments, which must then be remembered until the run is over.
    template <class Value>
    static constexpr bool sees_arguments = needs_arguments<kind::unless, Value>() ||
                                           needs_arguments<kind::ttl, Value>() || needs_arguments<kind::weigher, Value>();

    /// Asks `result()` for what is judged. Returns: nothing, when it is not to be stored. The weight is left at 0 where no weigher gives it.
    template <class Result, class... A>
    static std::optional<terms> pass(Options& options, settings const& said, Result const& result, std::uint64_t chance,
                                     A const&... arguments) {
        std::optional<terms> passed;
        if constexpr (Options::template has<kind::unless>)
            if (ask(options.template get<kind::unless>().value, result(), arguments...))
                return passed;
        auto ttl = said.ttl;
        if constexpr (Options::template has<kind::ttl>) {
            auto& lifetime = options.template get<kind::ttl>().value;
            if constexpr (!time_span<std::remove_cvref_t<decltype(lifetime)>>)
                if (said.decides_ttl)
                    ttl = saturate(ask(lifetime, result(), arguments...));
        }
        if (ttl <= duration::zero())
            return passed;
        auto& kept = passed.emplace();
        kept.ttl = said.spread(ttl, chance);
        kept.idle = said.idle;
        if constexpr (Options::template has<kind::weigher>)
            kept.weight = checked_weight(ask(options.template get<kind::weigher>().value, result(), arguments...));
        return passed;
    }
};

}  // namespace memo::detail
