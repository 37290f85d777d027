#pragma once

#include <memo/store/sqlite.hpp>

#include "sqlite_connection.hpp"
#include "sqlite_engine.hpp"
#include "sqlite_entries.hpp"
#include "sqlite_file.hpp"
#include "sqlite_room.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/base/evicted.hpp>
#include <memo/store/byte_store.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {

/// A file as a store of bytes, with the options of one handle; handles of one file share its connections.
class sqlite_bytes final : public byte_store {
public:
    sqlite_bytes(std::string const& path, sqlite_options options)
        : options_{std::move(options)}, engine_{sqlite_engine::at(path)} {}

    std::string_view kind() const noexcept override { return "sqlite"; }
    store_abilities abilities() const noexcept override { return {}; }
    eviction_fence& fence() noexcept override { return engine_->fence; }

    std::optional<std::string> get(entry_name at) override;
    std::vector<std::optional<std::string>> get_many(std::span<entry_name const> all) override;
    bool set(entry_name at, stored_bytes const& fresh) override;
    void set_many(std::span<std::pair<entry_name, stored_bytes> const> all) override;
    bool add(entry_name at, stored_bytes const& fresh, std::string_view seen) override;
    bool amend(entry_name at, stored_bytes const& fresh, std::string_view seen) override;
    bool discard(entry_name at, std::string_view seen) override;

    evicted erase(std::span<entry_name const> all) noexcept override;
    evicted erase_text(std::string_view scope, std::string_view text) noexcept override;
    evicted erase_pattern(std::string_view scope, std::string_view glob) noexcept override;
    evicted erase_tag(std::string_view tag) noexcept override;
    evicted erase_all(std::string_view scope) noexcept override;

    opened open(entry_name at, std::span<std::string const> tags, std::string_view seen, run_ticket joining) override;
    run_ticket lead(entry_name at, std::span<std::string const> tags) override;
    committed commit(entry_name at, run_ticket mine, stored_bytes const& fresh) override;
    void abandon(entry_name at, run_ticket mine) noexcept override;

    void transact(std::span<change const> all) override;

    name_page scan(std::string_view family, std::string_view glob, std::string_view from) override;
    std::size_t count(std::string_view scope) override;

    std::map<std::string, std::string> info() override;
    duration ping() override;
    void sweep() noexcept override;
    void flush() override;

private:
    /// What one transaction works with.
    struct scene {
        scene(sqlite_connection& connection, sqlite_now time, sqlite_bounds most)
            : entries{connection, time}, room{connection, entries, most} {}
        sqlite_entries entries;
        sqlite_room room;
    };

    std::optional<std::string> look(scene& in, sqlite_place const& place);
    /// As `store`, and tickets for the name are void.
    bool replace(scene& in, sqlite_place const& place, stored_bytes const& fresh);
    /// Returns: false when it is too large, and then nothing is there.
    bool store(scene& in, sqlite_place const& place, stored_bytes const& fresh);
    void note_uses(scene& in);

    sqlite_now now() const { return {options_.clock.now()}; }
    connection_error told(sqlite_fault const& fault) const;
    sqlite_bounds bounds() const noexcept { return {options_.max_entries, options_.max_bytes}; }
    moment soon() const { return deadline(options_.timeout); }
    moment some_time() const { return deadline(options_.bulk_timeout); }
    sqlite_sync sync() const noexcept {
        return options_.mode == sqlite_mode::durable ? sqlite_sync::at_commit : sqlite_sync::at_checkpoints;
    }

    template <class Act>
    auto reading(duration patience, Act act) {
        auto const time = now();
        try {
            return engine_->read(patience, [&](sqlite_connection& connection) {
                scene in{connection, time, bounds()};
                return act(in);
            });
        } catch (sqlite_fault const& fault) {
            throw told(fault);
        }
    }

    /// Throws: sqlite_fault.
    template <class Act>
    auto changing(moment end, sqlite_sync sync, Act act) {
        auto const time = now();
        return engine_->write(end, sync, [&](sqlite_connection& connection) {
            scene in{connection, time, bounds()};
            auto result = act(in);
            in.entries.settle();
            return result;
        });
    }

    template <class Act>
    auto writing(moment end, sqlite_sync sync, Act act) {
        try {
            return changing(end, sync, act);
        } catch (sqlite_fault const& fault) {
            throw told(fault);
        }
    }

    /// In steps between which others write, too; runs that begin meanwhile may store.
    template <class Walk>
    evicted erase_along(Walk walk) noexcept;

    sqlite_options const options_;
    std::shared_ptr<sqlite_engine> const engine_;
};

}  // namespace memo::detail
