#pragma once

#include <memo/base/error.hpp>
#include <memo/store/byte_store.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A store that holds nothing, notes in a list what it is asked to evict, and answers as it is told.
class spy_store final : public memo::byte_store {
public:
    explicit spy_store(std::vector<std::string>& heard) : heard_{&heard} {}
    ~spy_store() override { heard_->push_back("ended"); }

    memo::evicted answer{1};
    bool flushes = true;

    std::string_view kind() const noexcept override { return "spy"; }
    memo::store_abilities abilities() const noexcept override { return {}; }

    memo::evicted erase(std::span<memo::entry_name const>) noexcept override { return note("erase", {}); }
    memo::evicted erase_text(std::string_view scope, std::string_view text) noexcept override { return note("text", scope, text); }
    memo::evicted erase_pattern(std::string_view scope, std::string_view glob) noexcept override { return note("pattern", scope, glob); }
    memo::evicted erase_tag(std::string_view tag) noexcept override { return note("tag", tag); }
    memo::evicted erase_all(std::string_view scope) noexcept override { return note("all", scope); }
    void flush() override {
        note("flush", {});
        if (!flushes)
            throw memo::connection_error{"spy: the disk is gone; plug it in"};
    }

    std::optional<std::string> get(memo::entry_name) override { return {}; }
    std::vector<std::optional<std::string>> get_many(std::span<memo::entry_name const> all) override {
        return std::vector<std::optional<std::string>>(all.size());
    }
    bool set(memo::entry_name, memo::stored_bytes const&) override { return true; }
    void set_many(std::span<std::pair<memo::entry_name, memo::stored_bytes> const>) override {}
    bool add(memo::entry_name, memo::stored_bytes const&, std::string_view) override { return true; }
    bool amend(memo::entry_name, memo::stored_bytes const&, std::string_view) override { return false; }
    bool discard(memo::entry_name, std::string_view) override { return false; }
    memo::opened open(memo::entry_name, std::span<std::string const>, std::string_view, memo::run_ticket) override { return {}; }
    memo::run_ticket lead(memo::entry_name, std::span<std::string const>) override { return 1; }
    memo::committed commit(memo::entry_name, memo::run_ticket, memo::stored_bytes const&) override { return memo::committed::stored; }
    void abandon(memo::entry_name, memo::run_ticket) noexcept override {}
    void transact(std::span<memo::change const>) override {}
    memo::name_page scan(std::string_view, std::string_view, std::string_view) override { return {}; }
    std::size_t count(std::string_view) override { return 0; }
    std::map<std::string, std::string> info() override { return {}; }
    memo::duration ping() override { return {}; }

private:
    memo::evicted note(std::string what, std::string_view first, std::string_view second = {}) noexcept {
        what.append(first.empty() ? "" : " ").append(first).append(second.empty() ? "" : " ").append(second);
        heard_->push_back(std::move(what));
        return answer;
    }

    std::vector<std::string>* heard_;
};
