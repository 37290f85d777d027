#pragma once

#include "redis_scripts.hpp"
#include "redis_walk.hpp"
#include "redis_writer.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/sync.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/redis.hpp>
#include <memo/store/redis_keys.hpp>
#include <memo/transport/redis_client.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {

/// The store on a Redis server: verbs into commands and scripts, replies into records.
class redis_bytes final : public byte_store {
public:
    explicit redis_bytes(redis_options options);

    std::string_view kind() const noexcept override { return "redis"; }
    store_abilities abilities() const noexcept override { return {.counts = false}; }
    std::string_view prefix() const noexcept override { return keys_.prefix(); }
    std::exception_ptr known_fault() const noexcept override { return client_.pool().known_fault(); }

    std::optional<std::string> get(entry_name at) override;
    std::vector<std::optional<std::string>> get_many(std::span<entry_name const> all) override;
    bool set(entry_name at, stored_bytes const& fresh) override;
    void set_many(std::span<std::pair<entry_name, stored_bytes> const> all) override;
    bool add(entry_name at, stored_bytes const& fresh, std::string_view seen) override {
        return replace("add", at, &fresh, seen);
    }
    bool amend(entry_name at, stored_bytes const& fresh, std::string_view seen) override {
        return replace("amend", at, &fresh, seen);
    }
    bool discard(entry_name at, std::string_view seen) override { return replace("discard", at, nullptr, seen); }

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

private:
    instant deadline() const { return detail::deadline(timeout_); }
    std::optional<std::string> record_of(reply_view told, std::string const& key);
    std::vector<std::optional<std::string>> get_at_once(std::vector<std::string> const& keys);
    bool fits(stored_bytes const& fresh) const noexcept;
    bool replace(std::string_view verb, entry_name at, stored_bytes const* fresh, std::string_view seen);
    reply begin(std::string_view verb, entry_name at, std::span<std::string const> tags, std::string_view seen,
                run_ticket joining);

    redis_keys const keys_;
    duration const timeout_;
    duration const bulk_timeout_;
    std::size_t const most_bytes_;
    redis_client client_;
    redis_walk walk_;
    redis_writer writer_;
    redis_program replace_{redis_replace};
    redis_program open_{redis_open};
    redis_program commit_{redis_commit};
    redis_program erase_text_{redis_erase_text};
    redis_program untag_{redis_untag};
};

}  // namespace memo::detail
