#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/evicted.hpp>
#include <memo/store/byte_store.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace memo {

/// What a byte store can be asked to do.
enum class byte_operation {
    get, get_many, set, set_many, add, amend, discard, erase, erase_text, erase_pattern, erase_tag, erase_all, open, lead, commit,
    abandon, transact, scan, count, info, ping, sweep, flush,
};
inline constexpr std::size_t byte_operations = 23;

}  // namespace memo

namespace memo::detail {

/// A byte store that does what another one does, and something around each operation.
///
/// Threads: as the store inside and what is around.
class byte_decoration : public byte_store {
public:
    std::string_view kind() const noexcept override { return inside_->kind(); }
    store_abilities abilities() const noexcept override { return inside_->abilities(); }
    std::string_view prefix() const noexcept override { return inside_->prefix(); }
    std::exception_ptr known_fault() const noexcept override { return inside_->known_fault(); }
    eviction_fence& fence() noexcept override { return inside_->fence(); }

    std::optional<std::string> get(entry_name at) override {
        return result(byte_operation::get, [&] { return inside_->get(at); });
    }
    std::vector<std::optional<std::string>> get_many(std::span<entry_name const> all) override {
        return result(byte_operation::get_many, [&] { return inside_->get_many(all); });
    }
    bool set(entry_name at, stored_bytes const& fresh) override {
        return result(byte_operation::set, [&] { return inside_->set(at, fresh); });
    }
    void set_many(std::span<std::pair<entry_name, stored_bytes> const> all) override {
        around(byte_operation::set_many, [&] { inside_->set_many(all); });
    }
    bool add(entry_name at, stored_bytes const& fresh, std::string_view seen) override {
        return result(byte_operation::add, [&] { return inside_->add(at, fresh, seen); });
    }
    bool amend(entry_name at, stored_bytes const& fresh, std::string_view seen) override {
        return result(byte_operation::amend, [&] { return inside_->amend(at, fresh, seen); });
    }
    bool discard(entry_name at, std::string_view seen) override {
        return result(byte_operation::discard, [&] { return inside_->discard(at, seen); });
    }

    evicted erase(std::span<entry_name const> all) noexcept override {
        return around_evict(byte_operation::erase, [&] { return inside_->erase(all); });
    }
    evicted erase_text(std::string_view scope, std::string_view text) noexcept override {
        return around_evict(byte_operation::erase_text, [&] { return inside_->erase_text(scope, text); });
    }
    evicted erase_pattern(std::string_view scope, std::string_view glob) noexcept override {
        return around_evict(byte_operation::erase_pattern, [&] { return inside_->erase_pattern(scope, glob); });
    }
    evicted erase_tag(std::string_view tag) noexcept override {
        return around_evict(byte_operation::erase_tag, [&] { return inside_->erase_tag(tag); });
    }
    evicted erase_all(std::string_view scope) noexcept override {
        return around_evict(byte_operation::erase_all, [&] { return inside_->erase_all(scope); });
    }

    opened open(entry_name at, std::span<std::string const> tags, std::string_view seen, run_ticket joining) override {
        return result(byte_operation::open, [&] { return inside_->open(at, tags, seen, joining); });
    }
    run_ticket lead(entry_name at, std::span<std::string const> tags) override {
        return result(byte_operation::lead, [&] { return inside_->lead(at, tags); });
    }
    committed commit(entry_name at, run_ticket mine, stored_bytes const& fresh) override {
        return result(byte_operation::commit, [&] { return inside_->commit(at, mine, fresh); });
    }
    void abandon(entry_name at, run_ticket mine) noexcept override {
        around_quietly(byte_operation::abandon, [&] { inside_->abandon(at, mine); });
    }

    void transact(std::span<change const> all) override {
        around(byte_operation::transact, [&] { inside_->transact(all); });
    }
    name_page scan(std::string_view family, std::string_view glob, std::string_view from) override {
        return result(byte_operation::scan, [&] { return inside_->scan(family, glob, from); });
    }
    std::size_t count(std::string_view scope) override {
        return result(byte_operation::count, [&] { return inside_->count(scope); });
    }
    std::map<std::string, std::string> info() override {
        return result(byte_operation::info, [&] { return inside_->info(); });
    }
    duration ping() override {
        return result(byte_operation::ping, [&] { return inside_->ping(); });
    }
    void sweep() noexcept override {
        around_quietly(byte_operation::sweep, [&] { inside_->sweep(); });
    }
    void flush() override {
        around(byte_operation::flush, [&] { inside_->flush(); });
    }

protected:
    explicit byte_decoration(shared_store inside) : inside_{std::move(inside)} {}

    using action = std::function<void()>;
    using eviction = std::function<evicted()>;

    virtual void around(byte_operation what, action const& act) = 0;
    virtual evicted around_evict(byte_operation what, eviction const& act) noexcept = 0;
    virtual void around_quietly(byte_operation what, action const& act) noexcept = 0;

    shared_store inside_;

private:
    template <class Act>
    std::invoke_result_t<Act const&> result(byte_operation what, Act const& act) {
        std::optional<std::invoke_result_t<Act const&>> done;
        around(what, [&] { done.emplace(act()); });
        return std::move(*done);
    }
};

}  // namespace memo::detail
