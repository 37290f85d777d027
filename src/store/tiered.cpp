#include <memo/store/tiered.hpp>

#include "transaction_gate.hpp"

#include <memo/base/error.hpp>
#include <memo/codec/record.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace memo::detail {
namespace {

/// What tickets of copies on their way are taken with, so that evictions by tag void them: what tags the copy will have is known
/// only when it is there. No copy is stored with it.
std::vector<std::string> const under_way{"\x02under way"};

/// A fault of the near store is a miss.
template <class Act>
auto try_near(Act const& act) noexcept -> decltype(act()) {
    try {
        return act();
    } catch (...) {
        return {};
    }
}

evicted without_count(evicted gone) noexcept {
    using enum evicted::outcome;
    return evicted{0, gone.failed() ? failed : gone.indeterminate() ? indeterminate : confirmed};
}

class tiered_bytes final : public byte_store {
public:
    tiered_bytes(copy_reader read, shared_store near, shared_store far, duration near_ttl)
        : read_{std::move(read)}, near_{std::move(near)}, far_{std::move(far)}, near_ttl_{near_ttl} {}

    std::string_view kind() const noexcept override { return "tiered"; }
    store_abilities abilities() const noexcept override { return far_->abilities(); }
    std::string_view prefix() const noexcept override { return far_->prefix(); }
    eviction_fence& fence() noexcept override { return far_->fence(); }

    std::optional<std::string> get(entry_name at) override {
        gate_.settle();
        if (auto copy = try_near([&] { return near_->get(at); })) return copy;
        auto const mine = begin_copy(at);
        return fetch(std::span{&at, 1}, std::span{&mine, 1}, [&] { return std::vector{far_->get(at)}; }).front();
    }

    std::vector<std::optional<std::string>> get_many(std::span<entry_name const> all) override {
        return gate_.read([&] {
            auto found = try_near([&] { return near_->get_many(all); });
            found.resize(all.size());
            std::vector<entry_name> missing;
            std::vector<run_ticket> mine;
            for (std::size_t place = 0; place != all.size(); ++place)
                if (!found[place]) mine.push_back(begin_copy(missing.emplace_back(all[place])));
            if (missing.empty()) return found;
            auto came = fetch(missing, mine, [&] { return far_->get_many(missing); });
            auto next = came.begin();
            for (auto& one : found)
                if (!one) one = std::move(*next++);
            return found;
        });
    }

    bool set(entry_name at, stored_bytes const& fresh) override {
        return write(at, [&] { return far_->set(at, fresh); });
    }
    void set_many(std::span<std::pair<entry_name, stored_bytes> const> all) override {
        std::vector<entry_name> names;
        names.reserve(all.size());
        for (auto const& one : all) names.push_back(one.first);
        write_together(names, [&] { far_->set_many(all); });
    }
    bool add(entry_name at, stored_bytes const& fresh, std::string_view seen) override {
        return write(at, [&] { return far_->add(at, fresh, seen); });
    }
    bool amend(entry_name at, stored_bytes const& fresh, std::string_view seen) override {
        return write(at, [&] { return far_->amend(at, fresh, seen); });
    }
    bool discard(entry_name at, std::string_view seen) override {
        return write(at, [&] { return far_->discard(at, seen); });
    }

    evicted erase(std::span<entry_name const> all) noexcept override {
        auto const gone = far_->erase(all);
        return gone + without_count(near_->erase(all));
    }
    evicted erase_text(std::string_view scope, std::string_view text) noexcept override {
        auto const gone = far_->erase_text(scope, text);
        return gone + without_count(near_->erase_text(scope, text));
    }
    evicted erase_pattern(std::string_view scope, std::string_view glob) noexcept override {
        auto const gone = far_->erase_pattern(scope, glob);
        return gone + without_count(near_->erase_pattern(scope, glob));
    }
    /// A record knows its tags as they were given, without the prefixes that stand above this store; so near copies go by every
    /// end of the tag, which may be too many.
    evicted erase_tag(std::string_view tag) noexcept override {
        auto gone = far_->erase_tag(tag);
        gone += without_count(near_->erase_tag(under_way.front()));
        for (std::size_t begin = 0; begin <= tag.size(); ++begin) gone += without_count(near_->erase_tag(tag.substr(begin)));
        return gone;
    }
    evicted erase_all(std::string_view scope) noexcept override {
        auto const gone = far_->erase_all(scope);
        return gone + without_count(near_->erase_all(scope));
    }

    opened open(entry_name at, std::span<std::string const> tags, std::string_view seen, run_ticket joining) override {
        gate_.settle();
        auto start = far_->open(at, tags, seen, joining);
        if (start.record && !seen.empty())  // what was seen is out of date
            try_near([&] { return near_->discard(at, seen); });
        return start;
    }
    run_ticket lead(entry_name at, std::span<std::string const> tags) override { return far_->lead(at, tags); }
    committed commit(entry_name at, run_ticket mine, stored_bytes const& fresh) override {
        return write(at, [&] { return far_->commit(at, mine, fresh); });
    }
    void abandon(entry_name at, run_ticket mine) noexcept override { far_->abandon(at, mine); }

    void transact(std::span<change const> all) override {
        std::vector<entry_name> names;
        names.reserve(all.size());
        for (auto const& step : all) names.push_back(step.at);
        write_together(names, [&] { far_->transact(all); });
    }

    name_page scan(std::string_view family, std::string_view glob, std::string_view from) override {
        return far_->scan(family, glob, from);
    }
    std::size_t count(std::string_view scope) override { return far_->count(scope); }

    std::map<std::string, std::string> info() override {
        auto facts = far_->info();
        for (auto& [name, fact] : near_->info()) facts.insert_or_assign("near." + name, std::move(fact));
        return facts;
    }
    duration ping() override { return far_->ping(); }
    void sweep() noexcept override {
        near_->sweep();
        far_->sweep();
    }
    void flush() override { far_->flush(); }

private:
    /// Before the far store is read, so that an eviction in between voids the copy. Returns: 0 when there can be none.
    run_ticket begin_copy(entry_name at) noexcept {
        return try_near([&] { return near_->lead(at, under_way); });
    }

    /// What the far store has, copied near.
    template <class Get>
    std::vector<std::optional<std::string>> fetch(std::span<entry_name const> all, std::span<run_ticket const> mine,
                                                  Get const& get) {
        struct unused {
            ~unused() {
                for (std::size_t place = 0; place != all.size(); ++place) near->abandon(all[place], mine[place]);
            }
            byte_store* near;
            std::span<entry_name const> all;
            std::span<run_ticket const> mine;
        } const left{near_.inside().get(), all, mine};
        auto found = get();
        for (std::size_t place = 0; place != all.size(); ++place)
            if (found[place] && mine[place] != 0) try_near([&] { return copy(all[place], mine[place], *found[place]); });
        return found;
    }

    bool copy(entry_name at, run_ticket mine, std::string_view record) {
        auto const kept = read_(at, record);
        if (!kept || kept->lifetime <= duration::zero()) return false;
        return near_->commit(at, mine, {record, kept->tags, std::min(kept->lifetime, near_ttl_)}) == committed::stored;
    }

    /// Once the far store was written to, or may have been, its names leave the near one; what was read before comes no more.
    class leaving {
    public:
        leaving(byte_store& near, std::span<entry_name const> all) noexcept : near_{near}, all_{all} {}
        leaving(leaving const&) = delete;
        leaving& operator=(leaving const&) = delete;
        ~leaving() {
            if (!done_) near_.erase(all_);
        }

        void finish() {
            done_ = true;
            if (!near_.erase(all_).confirmed())
                throw connection_error{
                    "tiered(" + std::string{near_.kind()} +
                    "): written far, but the near store did not forget what it has; it may answer until its copies end"};
        }

    private:
        byte_store& near_;
        std::span<entry_name const> all_;
        bool done_ = false;
    };

    template <class Write>
    std::invoke_result_t<Write const&> write(entry_name at, Write const& far) {
        gate_.settle();
        leaving near{*near_, std::span{&at, 1}};
        auto const done = far();
        near.finish();
        return done;
    }

    template <class Write>
    void write_together(std::span<entry_name const> all, Write const& far) {
        gate_.change([&] {
            leaving near{*near_, all};
            far();
            near.finish();
        });
    }

    transaction_gate gate_;
    copy_reader read_;
    shared_store near_;
    shared_store far_;
    duration near_ttl_;
};

/// What is left of the time after which nobody asks for a record any more.
duration remaining(record_times const& times, duration now) {
    auto const lasting = later(times.ttl, times.grace);
    auto const end = std::min(later(times.touched, lasting), later(times.read, times.idle));
    return end == duration::max() ? end : std::min({between(now, end), lasting, times.idle});
}

}  // namespace

shared_store tiered_by(copy_reader read, shared_store near, shared_store far, duration near_ttl) {
    auto const able = near->abilities();
    if (!able.tags || (!able.patterns && far->abilities().patterns))
        throw config_error{"tiered(" + std::string{near->kind()} +
                           "): the near store cannot evict by tag or pattern; put one in front that can, as memory_bytes_store"};
    if (near_ttl <= duration::zero())
        throw config_error{"tiered: a near_ttl of zero or less keeps no copies; give a longer one, or use the far store alone"};
    return std::make_shared<tiered_bytes>(std::move(read), std::move(near), std::move(far), near_ttl);
}

}  // namespace memo::detail

namespace memo {

shared_store tiered(shared_store near, shared_store far, tiered_options options) {
    auto const clock = options.clock ? *options.clock : detail::time_source{std::chrono::system_clock{}};
    auto read = [clock](entry_name, std::string_view bytes) -> std::optional<detail::copy_terms> {
        detail::record one;
        if (read_record(bytes, one) != detail::flaw::none) return std::nullopt;
        return detail::copy_terms{{one.tags.begin(), one.tags.end()}, detail::remaining(one.times, clock.now())};
    };
    return detail::tiered_by(std::move(read), std::move(near), std::move(far), options.near_ttl.value);
}

}  // namespace memo
