#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/evicted.hpp>
#include <memo/store/byte_store.hpp>

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo {

/// A byte store that keeps nothing: every read is a miss, whatever is to be stored is too large, every eviction is confirmed.
///
///     auto get_user = memo::cached(fetch_user, memo::name("users.get"), memo::store(memo::null_store{}));
///     get_user(42), get_user(42);        // runs twice
///
/// Threads: any.
class null_store : public shared_store {
public:
    null_store() : shared_store{std::make_shared<nothing>()} {}

private:
    struct nothing final : byte_store {
        std::string_view kind() const noexcept override { return "null"; }
        store_abilities abilities() const noexcept override { return {.outlives = false}; }

        std::optional<std::string> get(entry_name) override { return std::nullopt; }
        std::vector<std::optional<std::string>> get_many(std::span<entry_name const> all) override {
            return std::vector<std::optional<std::string>>(all.size());
        }
        bool set(entry_name, stored_bytes const&) override { return false; }
        void set_many(std::span<std::pair<entry_name, stored_bytes> const>) override {}
        bool add(entry_name, stored_bytes const&, std::string_view) override { return false; }
        bool amend(entry_name, stored_bytes const&, std::string_view) override { return false; }
        bool discard(entry_name, std::string_view) override { return false; }

        evicted erase(std::span<entry_name const>) noexcept override { return {}; }
        evicted erase_text(std::string_view, std::string_view) noexcept override { return {}; }
        evicted erase_pattern(std::string_view, std::string_view) noexcept override { return {}; }
        evicted erase_tag(std::string_view) noexcept override { return {}; }
        evicted erase_all(std::string_view) noexcept override { return {}; }

        opened open(entry_name, std::span<std::string const>, std::string_view, run_ticket) override { return {.mine = ++last_}; }
        run_ticket lead(entry_name, std::span<std::string const>) override { return ++last_; }
        committed commit(entry_name, run_ticket, stored_bytes const&) override { return committed::too_large; }
        void abandon(entry_name, run_ticket) noexcept override {}
        void transact(std::span<change const>) override {}

        name_page scan(std::string_view, std::string_view, std::string_view) override { return {}; }
        std::size_t count(std::string_view) override { return 0; }
        std::map<std::string, std::string> info() override {
            return {{"engine", "null"}, {"version", "1"}, {"address", "null:"}, {"entries", "0"}, {"bytes", "0"}};
        }
        duration ping() override { return {}; }

        std::atomic<run_ticket> last_{0};
    };
};

}  // namespace memo
