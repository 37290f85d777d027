#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/glob.hpp>
#include <memo/store/byte_store.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

/// A byte store that is plain enough to be seen to be right: one map, one lock, everything by a walk. The model that others are
/// held against, and, broken in one place, what the laws must refuse.
namespace simple {

enum class flaw {
    none,
    text_of_both_decides, name_ends_at_nul, empties_lost, long_records_cut, set_keeps_tags, set_keeps_lifetime,
    set_keeps_tickets, add_replaces, add_ignores_seen, amend_ends_tickets, amend_ignores_seal, amend_revives,
    amend_keeps_tags, discard_ignores_seal, discard_ends_tickets, batch_sorted, batch_first_wins, erase_counts_twice,
    erase_voids_all, text_is_pattern, text_reaches_digests, pattern_reaches_digests, pattern_ignores_scope,
    pattern_without_classes, scope_ignored, scope_is_family, all_skips_digests, tag_first_only, tag_is_prefix,
    tag_reaches_replaced, lifetime_ignored, lifetime_overflows, lifetime_rounded_down, erase_keeps_tickets,
    text_keeps_tickets, pattern_keeps_tickets, tag_keeps_tickets, tag_keeps_untagged_tickets, all_keeps_tickets,
    absent_keeps_tickets, commit_twice, commit_any_name, commit_keeps_earlier, commit_ends_later, commit_unknown,
    abandon_keeps, open_ignores_seen, open_joins_void, open_joins_other_name, open_joins_over_record, transact_in_parts,
    transact_keeps_tickets, transact_keeps_tags, transact_first_only, scan_loses_pages, scan_shows_digests, scan_shows_over,
    scan_other_families, scan_ignores_glob, count_ignores_scope, evict_unconfirmed, add_in_two_steps, commit_in_two_steps,
    info_empty,
};

class bytes : public memo::byte_store {
public:
    explicit bytes(memo::detail::time_source clock = {}, flaw broken = flaw::none) : clock_{std::move(clock)}, broken_{broken} {}

    std::string_view kind() const noexcept override { return "simple"; }
    memo::store_abilities abilities() const noexcept override { return {.leases = false, .outlives = false}; }

    std::optional<std::string> get(memo::entry_name at) override {
        std::lock_guard const lock{mutex_};
        auto const* const found = look(at);
        return found == nullptr ? std::nullopt : std::optional{found->record};
    }

    std::vector<std::optional<std::string>> get_many(std::span<memo::entry_name const> all) override {
        std::lock_guard const lock{mutex_};
        std::vector<memo::entry_name> asked{all.begin(), all.end()};
        if (is(flaw::batch_sorted))
            std::ranges::sort(asked, {}, [](memo::entry_name at) { return std::pair{at.family, at.name}; });
        std::vector<std::optional<std::string>> found;
        for (auto const at : asked) found.push_back(get(at));
        return found;
    }

    bool set(memo::entry_name at, memo::stored_bytes const& fresh) override {
        std::lock_guard const lock{mutex_};
        if (!is(flaw::set_keeps_tickets)) void_tickets(at);
        put(at, fresh, is(flaw::set_keeps_tags), is(flaw::set_keeps_lifetime));
        return true;
    }

    void set_many(std::span<std::pair<memo::entry_name, memo::stored_bytes> const> all) override {
        std::lock_guard const lock{mutex_};
        std::set<key> done;
        for (auto const& [at, fresh] : all)
            if (done.insert(key_of(at)).second || !is(flaw::batch_first_wins)) set(at, fresh);
    }

    bool add(memo::entry_name at, memo::stored_bytes const& fresh, std::string_view seen) override {
        std::unique_lock lock{mutex_};
        auto const* const held = look(at);
        if (held != nullptr && !is(flaw::add_replaces) && (memo::seal_of(held->record) != seen || is(flaw::add_ignores_seen)))
            return false;
        if (is(flaw::add_in_two_steps)) {
            give_way(lock);
        }
        return set(at, fresh);
    }

    bool amend(memo::entry_name at, memo::stored_bytes const& fresh, std::string_view seen) override {
        std::lock_guard const lock{mutex_};
        auto const* const held = is(flaw::amend_revives) ? look_at_all(at) : look(at);
        if (held == nullptr || (memo::seal_of(held->record) != seen && !is(flaw::amend_ignores_seal))) return false;
        if (is(flaw::amend_ends_tickets)) void_tickets(at);
        put(at, fresh, is(flaw::amend_keeps_tags));
        return true;
    }

    bool discard(memo::entry_name at, std::string_view seen) override {
        std::lock_guard const lock{mutex_};
        auto const* const held = look(at);
        if (held == nullptr || (memo::seal_of(held->record) != seen && !is(flaw::discard_ignores_seal))) return false;
        if (is(flaw::discard_ends_tickets)) void_tickets(at);
        entries_.erase(key_of(at));
        return true;
    }

    memo::evicted erase(std::span<memo::entry_name const> all) noexcept override {
        std::lock_guard const lock{mutex_};
        std::size_t twice = 0;
        std::set<key> names;
        for (auto const at : all)
            twice += !names.insert(key_of(at)).second && look(at) != nullptr && is(flaw::erase_counts_twice) ? 1U : 0U;
        if (is(flaw::erase_voids_all)) tickets_.clear();
        return took(twice) + evict(flaw::erase_keeps_tickets, [&](key const& at, auto const&) { return names.contains(at); });
    }

    memo::evicted erase_text(std::string_view scope, std::string_view text) noexcept override {
        std::lock_guard const lock{mutex_};
        return evict(flaw::text_keeps_tickets, [&](key const& at, auto const&) {
            return (readable(at) || is(flaw::text_reaches_digests)) && at.first.starts_with(scope) &&
                   (is(flaw::text_is_pattern) ? memo::detail::glob_match(text, at.second) : at.second == text);
        });
    }

    memo::evicted erase_pattern(std::string_view scope, std::string_view glob) noexcept override {
        std::lock_guard const lock{mutex_};
        return evict(flaw::pattern_keeps_tickets, [&](key const& at, auto const&) {
            if (is(flaw::pattern_without_classes) && glob.find('[') != std::string_view::npos) return false;
            return (readable(at) || is(flaw::pattern_reaches_digests)) &&
                   (at.first.starts_with(scope) || is(flaw::pattern_ignores_scope)) && memo::detail::glob_match(glob, at.second);
        });
    }

    memo::evicted erase_tag(std::string_view tag) noexcept override {
        std::lock_guard const lock{mutex_};
        bool first = true;
        std::set<key> tagged;
        for (auto const& [at, held] : entries_) {
            auto const& tags = is(flaw::tag_reaches_replaced) ? held.ever : held.tags;
            bool const has = is(flaw::tag_is_prefix)
                                 ? std::ranges::any_of(tags, [&](auto const& one) { return one.starts_with(tag); })
                                 : std::ranges::find(tags, tag) != tags.end();
            if (has && (std::exchange(first, false) || !is(flaw::tag_first_only))) tagged.insert(at);
        }
        return evict(flaw::tag_keeps_tickets, [&](key const& at, auto const* tags) {
            if (tags == nullptr) return tagged.contains(at);
            return std::ranges::find(*tags, tag) != tags->end() || (tagged.contains(at) && !is(flaw::tag_keeps_untagged_tickets));
        });
    }

    memo::evicted erase_all(std::string_view scope) noexcept override {
        std::lock_guard const lock{mutex_};
        return evict(flaw::all_keeps_tickets, [&](key const& at, auto const&) {
            bool const within = is(flaw::scope_is_family) ? at.first == scope : at.first.starts_with(scope);
            return (within || is(flaw::scope_ignored)) && (readable(at) || !is(flaw::all_skips_digests));
        });
    }

    memo::opened open(memo::entry_name at, std::span<std::string const> tags, std::string_view seen,
                      memo::run_ticket joining) override {
        std::lock_guard const lock{mutex_};
        auto const* const held = look(at);
        auto const flying = tickets_.find(joining);
        bool const stands = flying != tickets_.end() && (flying->second.at == key_of(at) || is(flaw::open_joins_other_name));
        bool const joins = stands || (is(flaw::open_joins_void) && joining != 0);
        if (joins && is(flaw::open_joins_over_record)) return {.joined = true};
        if (held != nullptr && (memo::seal_of(held->record) != seen || is(flaw::open_ignores_seen)))
            return {.record = held->record};
        if (joins) return {.joined = true};
        return {.mine = lead(at, tags)};
    }

    memo::run_ticket lead(memo::entry_name at, std::span<std::string const> tags) override {
        std::lock_guard const lock{mutex_};
        tickets_[++last_ticket_] = {key_of(at), {tags.begin(), tags.end()}};
        return last_ticket_;
    }

    memo::committed commit(memo::entry_name at, memo::run_ticket mine, memo::stored_bytes const& fresh) override {
        std::unique_lock lock{mutex_};
        auto const flying = tickets_.find(mine);
        bool const mine_stands = flying != tickets_.end() && (flying->second.at == key_of(at) || is(flaw::commit_any_name));
        if (!mine_stands && !(is(flaw::commit_unknown) && mine > last_ticket_)) return memo::committed::fenced;
        if (is(flaw::commit_in_two_steps)) {
            give_way(lock);
        }
        std::erase_if(tickets_, [&](auto const& one) {
            if (one.first == mine) return !is(flaw::commit_twice);
            return one.second.at == key_of(at) &&
                   (is(flaw::commit_ends_later) || (one.first < mine && !is(flaw::commit_keeps_earlier)));
        });
        put(at, fresh);
        return memo::committed::stored;
    }

    void abandon(memo::entry_name at, memo::run_ticket mine) noexcept override {
        std::lock_guard const lock{mutex_};
        auto const flying = tickets_.find(mine);
        if (flying != tickets_.end() && flying->second.at == key_of(at) && !is(flaw::abandon_keeps)) tickets_.erase(flying);
    }

    void transact(std::span<memo::change const> all) override {
        std::unique_lock lock{mutex_};
        for (auto const& step : all) {
            if (!is(flaw::transact_keeps_tickets)) void_tickets(step.at);
            if (step.fresh)
                put(step.at, *step.fresh, is(flaw::transact_keeps_tags));
            else
                entries_.erase(key_of(step.at));
            if (is(flaw::transact_first_only)) return;
            if (is(flaw::transact_in_parts)) {
                give_way(lock);
            }
        }
    }

    memo::name_page scan(std::string_view family, std::string_view glob, std::string_view from) override {
        std::lock_guard const lock{mutex_};
        constexpr std::size_t page_size = 100;
        memo::name_page page;
        std::string const after{from.substr(from.empty() ? 0 : 1)};
        for (auto const& [at, held] : entries_) {
            if (at.first != family && !is(flaw::scan_other_families)) continue;
            if (!readable(at) && !is(flaw::scan_shows_digests)) continue;
            if ((!from.empty() && at.second <= after) || (held.until <= clock_.now() && !is(flaw::scan_shows_over))) continue;
            if (!memo::detail::glob_match(glob, at.second) && !is(flaw::scan_ignores_glob)) continue;
            page.names.push_back(at.second);
            if (page.names.size() == page_size) {
                page.next = is(flaw::scan_loses_pages) ? std::string{} : '>' + at.second;
                break;
            }
        }
        return page;
    }

    std::size_t count(std::string_view scope) override {
        std::lock_guard const lock{mutex_};
        return static_cast<std::size_t>(std::ranges::count_if(entries_, [&](auto const& one) {
            return one.second.until > clock_.now() && (one.first.first.starts_with(scope) || is(flaw::count_ignores_scope));
        }));
    }

    std::map<std::string, std::string> info() override {
        if (is(flaw::info_empty)) return {};
        std::lock_guard const lock{mutex_};
        auto const entries = std::to_string(entries_.size());
        return {{"engine", "simple"}, {"version", "1"}, {"address", "simple:"}, {"entries", entries}, {"bytes", "0"}};
    }
    memo::duration ping() override { return {}; }

    /// The tags of an entry, and what is left of its lifetime.
    std::optional<std::pair<std::vector<std::string>, memo::duration>> terms(memo::entry_name at) {
        std::lock_guard const lock{mutex_};
        auto const* const held = look(at);
        if (held == nullptr) return std::nullopt;
        auto const forever = memo::duration::max();
        return std::pair{held->tags, held->until == forever ? forever : held->until - clock_.now()};
    }

private:
    using key = std::pair<std::string, std::string>;
    struct held_record {
        std::string record;
        std::vector<std::string> tags;
        std::vector<std::string> ever;
        memo::duration until;
    };
    struct run {
        key at;
        std::vector<std::string> tags;
    };

    bool is(flaw broken) const noexcept { return broken_ == broken; }
    static bool readable(key const& at) { return !at.first.ends_with('#'); }

    key key_of(memo::entry_name at) const {
        std::string const name{is(flaw::name_ends_at_nul) ? at.name.substr(0, at.name.find('\0')) : at.name};
        return is(flaw::text_of_both_decides) ? key{"", std::string{at.family} + name} : key{at.family, name};
    }

    held_record const* look_at_all(memo::entry_name at) const {
        auto const found = entries_.find(key_of(at));
        return found == entries_.end() ? nullptr : &found->second;
    }
    held_record const* look(memo::entry_name at) const {
        auto const* const held = look_at_all(at);
        return held == nullptr || (held->until <= clock_.now() && !is(flaw::lifetime_ignored)) ? nullptr : held;
    }

    void put(memo::entry_name at, memo::stored_bytes const& fresh, bool keeps_tags = false, bool keeps_lifetime = false) {
        if (fresh.record.empty() && is(flaw::empties_lost)) return;
        auto const now = clock_.now();
        constexpr memo::duration::rep millisecond = 1'000'000;
        auto const life =
            is(flaw::lifetime_rounded_down) ? memo::duration{fresh.lifetime.count() / millisecond * millisecond} : fresh.lifetime;
        auto const most = is(flaw::long_records_cut) ? std::size_t{65536} : fresh.record.size();
        held_record made{std::string{fresh.record.substr(0, most)},
                         {fresh.tags.begin(), fresh.tags.end()},
                         {},
                         memo::detail::later(now, life)};
        if (is(flaw::lifetime_overflows) && life != memo::duration::max())
            made.until = memo::duration{static_cast<memo::duration::rep>(static_cast<std::uint64_t>(now.count()) +
                                                                         static_cast<std::uint64_t>(life.count()))};
        if (auto const* const old = look(at)) {
            made.ever = old->ever;
            if (keeps_tags) made.tags.insert(made.tags.end(), old->tags.begin(), old->tags.end());
            if (keeps_lifetime) made.until = old->until;
        }
        made.ever.insert(made.ever.end(), made.tags.begin(), made.tags.end());
        entries_.insert_or_assign(key_of(at), std::move(made));
    }

    static void give_way(std::unique_lock<std::recursive_mutex>& lock) {
        constexpr int turns = 20;
        lock.unlock();
        for (int turn = 0; turn != turns; ++turn) std::this_thread::yield();
        lock.lock();
    }

    void void_tickets(memo::entry_name at) {
        std::erase_if(tickets_, [&](auto const& one) { return one.second.at == key_of(at); });
    }

    memo::evicted took(std::size_t count) const {
        using enum memo::evicted::outcome;
        return memo::evicted{count, is(flaw::evict_unconfirmed) ? indeterminate : confirmed};
    }

    /// `chosen` sees names, and the tags of tickets.
    template <class Chosen>
    memo::evicted evict(flaw keeps, Chosen chosen) {
        std::set<key> held;
        for (auto const& one : entries_) held.insert(one.first);
        std::vector<std::string> const* const none = nullptr;
        if (!is(keeps))
            std::erase_if(tickets_, [&](auto const& one) {
                return chosen(one.second.at, &one.second.tags) &&
                       (held.contains(one.second.at) || !is(flaw::absent_keeps_tickets));
            });
        return took(std::erase_if(entries_, [&](auto const& one) { return chosen(one.first, none); }));
    }

    memo::detail::time_source clock_;
    flaw broken_;
    std::recursive_mutex mutex_;
    std::map<key, held_record> entries_;
    std::map<memo::run_ticket, run> tickets_;
    memo::run_ticket last_ticket_ = 0;
};

}  // namespace simple
