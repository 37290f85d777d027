#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/base/evicted.hpp>
#include <memo/store/byte_store.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Counts reads of the far store, may have it fail, and has things happen amid others.
class watched_bytes final : public memo::byte_store {
public:
    explicit watched_bytes(memo::shared_store inside) : inside_{std::move(inside)} {}

    int reads = 0;
    bool down = false;
    memo::store_abilities able{};
    std::function<void()> after_read{};
    std::function<void()> before_change{};

    std::string_view kind() const noexcept override { return inside_->kind(); }
    memo::store_abilities abilities() const noexcept override { return able; }
    std::optional<std::string> get(memo::entry_name at) override {
        ++reads;
        auto found = up().get(at);
        if (auto const act = std::exchange(after_read, {})) act();
        return found;
    }
    std::vector<std::optional<std::string>> get_many(std::span<memo::entry_name const> all) override {
        return ++reads, up().get_many(all);
    }
    bool set(memo::entry_name at, memo::stored_bytes const& fresh) override { return change().set(at, fresh); }
    void set_many(std::span<std::pair<memo::entry_name, memo::stored_bytes> const> all) override { up().set_many(all); }
    bool add(memo::entry_name at, memo::stored_bytes const& fresh, std::string_view seen) override {
        return change().add(at, fresh, seen);
    }
    bool amend(memo::entry_name at, memo::stored_bytes const& fresh, std::string_view seen) override {
        return change().amend(at, fresh, seen);
    }
    bool discard(memo::entry_name at, std::string_view seen) override { return change().discard(at, seen); }
    memo::evicted erase(std::span<memo::entry_name const> all) noexcept override { return down ? failed : change().erase(all); }
    memo::evicted erase_text(std::string_view scope, std::string_view text) noexcept override {
        return down ? failed : change().erase_text(scope, text);
    }
    memo::evicted erase_pattern(std::string_view scope, std::string_view glob) noexcept override {
        return down ? failed : change().erase_pattern(scope, glob);
    }
    memo::evicted erase_tag(std::string_view tag) noexcept override { return down ? failed : change().erase_tag(tag); }
    memo::evicted erase_all(std::string_view scope) noexcept override { return down ? failed : change().erase_all(scope); }
    memo::opened open(memo::entry_name at, std::span<std::string const> tags, std::string_view seen,
                      memo::run_ticket joining) override {
        return up().open(at, tags, seen, joining);
    }
    memo::run_ticket lead(memo::entry_name at, std::span<std::string const> tags) override { return up().lead(at, tags); }
    memo::committed commit(memo::entry_name at, memo::run_ticket mine, memo::stored_bytes const& fresh) override {
        return change().commit(at, mine, fresh);
    }
    void abandon(memo::entry_name at, memo::run_ticket mine) noexcept override { inside_->abandon(at, mine); }
    void transact(std::span<memo::change const> all) override { up().transact(all); }
    memo::name_page scan(std::string_view family, std::string_view glob, std::string_view from) override {
        return up().scan(family, glob, from);
    }
    std::size_t count(std::string_view scope) override { return up().count(scope); }
    std::map<std::string, std::string> info() override { return up().info(); }
    memo::duration ping() override { return up().ping(); }

private:
    static constexpr memo::evicted failed{0, memo::evicted::outcome::failed};
    memo::byte_store& change() {
        if (auto const act = std::exchange(before_change, {})) act();
        return up();
    }
    memo::byte_store& up() {
        if (down) throw memo::connection_error{"watched_bytes: down"};
        return *inside_;
    }
    memo::shared_store inside_;
};
