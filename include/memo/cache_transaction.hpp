#pragma once

#include <memo/cache_entries.hpp>
#include <memo/cache_hooks.hpp>
#include <memo/cache_values.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace memo {

/// Some changes of a cache that become visible together: `auto t = c.transaction(); t.set("a", 1); t.erase("b"); t.commit();`
///
/// Leaving its scope drops what was not committed. Nobody waits for a transaction: of two that change a key, the last commit wins.
///
/// Throws:  key_error; value_error when a validator refuses a value, and then the whole transaction can no longer be committed.
/// Threads: one at a time.
class transaction {
public:
    explicit transaction(std::shared_ptr<detail::cache_entries> entries) : entries_{std::move(entries)} {}
    transaction(transaction&&) noexcept = default;
    transaction& operator=(transaction&&) noexcept = default;
    ~transaction() = default;

    /// Sees what it set and erased itself; else what the cache has.
    template <class T>
    std::optional<T> get(std::string_view key) const {
        if constexpr (detail::is_kept<T>()) {
            detail::cache_values<T> const values{*entries_};
            auto const own = changes_.find(key);
            if (own == changes_.end())
                return values.get(key);
            std::optional<T> value;
            if (own->second.value && own->second.value->type == detail::fingerprint_of<T>())
                values.decode(own->second.value->bytes, value);
            return values.shown(key, std::move(value));
        } else {
            return std::nullopt;
        }
    }

    template <class V>
    void set(std::string_view key, V&& value, entry_options options = {}) {
        using kept = detail::stored_as<V>;
        if constexpr (detail::is_kept<kept>()) {
            entries_->check_key(key);
            entries_->check_options(options);
            bool const refused_before = std::exchange(refused_, true);
            std::optional<kept> given{detail::to_stored(std::forward<V>(value))};
            auto bytes = detail::cache_values<kept>{*entries_}.prepare(key, given);
            refused_ = refused_before;
            stage({std::string{key}, std::move(bytes), std::move(options)});
        }
    }

    void erase(std::string_view key);

    /// Makes all changes visible at once, or none; then it begins anew.
    ///
    /// Throws: connection_error when the store is at fault: then try again, or drop it; value_error when a value was refused.
    void commit();

private:
    void stage(detail::staged_entry change);

    std::shared_ptr<detail::cache_entries> entries_;
    std::map<std::string, detail::staged_entry, std::less<>> changes_;
    bool refused_ = false;
};

}  // namespace memo
