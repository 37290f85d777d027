#pragma once

#include <memo/base/error.hpp>
#include <memo/cache_entries.hpp>
#include <memo/cache_hooks.hpp>
#include <memo/codec/raw.hpp>
#include <memo/codec/traits.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

namespace memo::detail {

/// Says why values of this type cannot be kept.
template <class T>
constexpr bool is_kept() {
    static_assert(!std::same_as<stored_as<T>, std::string> || std::same_as<T, std::string>,
                  "memo::cache: text is stored and read as std::string; write get<std::string>(key)");
    static_assert(std::same_as<T, std::remove_cvref_t<T>> && !std::is_void_v<T>,
                  "memo::cache: this is no type of a value; write get<T>(key) with a T that is neither void, const nor a reference");
    static_assert(storable<T>,
                  "memo::cache: values of this type have no bytes; include <memo/codec/cereal.hpp> for cereal-serializable and "
                  "Hana-annotated types, or specialize memo::codec_traits for it");
    return storable<T> && std::same_as<T, std::remove_cvref_t<T>>;
}

/// Of a function that is right otherwise.
template <class T, bool IsRight>
constexpr bool is_about_kept() {
    if constexpr (IsRight)
        return is_kept<T>();
    else
        return false;
}

/// Values of one type in a cache: bytes become values and back, and hooks have their say.
template <storable T>
class cache_values {
public:
    explicit cache_values(cache_entries& in) : entries_{in}, hooks_{in.hooks.of(typeid(T))} {}

    std::optional<T> get(std::string_view key) const {
        if (hooks_ != nullptr && !hooks_->loaders.empty())
            return load(key);
        std::optional<T> value;
        entries_.get(key, fingerprint_of<T>(), [&](std::string_view bytes) { return decode(bytes, value); });
        return shown(key, std::move(value));
    }

    std::vector<std::optional<T>> get_many(std::span<std::string_view const> keys) const {
        std::vector<std::optional<T>> values(keys.size());
        entries_.get_many(keys, fingerprint_of<T>(),
                          [&](std::size_t place, std::string_view bytes) { return decode(bytes, values[place]); });
        for (std::size_t place = 0; place != keys.size(); ++place) {
            if (!values[place] && hooks_ != nullptr && !hooks_->loaders.empty())
                values[place] = load(keys[place]);
            else
                values[place] = shown(keys[place], std::move(values[place]));
        }
        return values;
    }

    /// `make` returns a `std::optional<T>`.
    template <class Make>
    std::optional<T> compute(std::string_view key, entry_options const& on, Make const& make) const {
        std::optional<T> value;
        entries_.compute(
            key, fingerprint_of<T>(), on, [&](std::string_view bytes) { return decode(bytes, value); },
            [&](std::string& bytes) {
                value = make();
                if (value)
                    bytes = prepare(key, value).bytes;
                return value.has_value();
            });
        return shown(key, std::move(value));
    }

    /// The bytes of what is to be stored; `value` is what the hooks made of it.
    ///
    /// Throws: value_error when a validator refuses; what hooks and codecs throw.
    encoded_value prepare(std::string_view key, std::optional<T>& value) const {
        if (hooks_ != nullptr) {
            for (auto const& hook : hooks_->before_set)
                hook(key, &value);
            for (auto const& accepts : hooks_->validators)
                if (!accepts(key, std::addressof(*value)))
                    entries_.refuse();
        }
        encoded_value made{fingerprint_of<T>(), {}};
        codec_traits<T>::encode(made.bytes, *value);
        return made;
    }

    /// What a value is shown as to who asked for it.
    std::optional<T> shown(std::string_view key, std::optional<T> value) const {
        if (value && hooks_ != nullptr)
            for (auto const& hook : hooks_->after_get)
                hook(key, &value);
        return value;
    }

    static bool decode(std::string_view bytes, std::optional<T>& into) {
        try {
            into.emplace(static_cast<T>(codec_traits<T>::decode(bytes, {})));
            return true;
        } catch (error const&) {
            into.reset();
            return false;
        }
    }

private:
    std::optional<T> load(std::string_view key) const {
        return compute(key, {}, [&] {
            std::optional<T> loaded;
            for (auto const& loader : hooks_->loaders)
                if (loader(key, &loaded); loaded)
                    break;
            return loaded;
        });
    }

    cache_entries& entries_;
    std::shared_ptr<typed_hooks const> hooks_;
};

}  // namespace memo::detail
