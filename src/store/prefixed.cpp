#include <memo/store/prefixed.hpp>

#include <memo/base/error.hpp>

#include <array>
#include <cstddef>
#include <exception>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {
namespace {

constexpr std::size_t longest_prefix = 128;

/// Two texts in a row, near at hand when they are short.
class joined {
public:
    joined(std::string_view first, std::string_view second) : size_{first.size() + second.size()} {
        if (size_ > near_.size())
            far_ = std::make_unique_for_overwrite<char[]>(size_);
        auto* const to = far_ ? far_.get() : near_.data();
        second.copy(to + first.copy(to, first.size()), second.size());
    }

    operator std::string_view() const noexcept { return {far_ ? far_.get() : near_.data(), size_}; }

private:
    std::size_t size_;
    std::unique_ptr<char[]> far_;
    std::array<char, 2 * longest_prefix> near_;
};

class prefixed_bytes final : public byte_store {
public:
    prefixed_bytes(shared_store inside, std::string prefix)
        : inside_{std::move(inside)}, mine_{std::move(prefix)}, whole_{std::string{inside_->prefix()} + mine_} {}

    std::string_view kind() const noexcept override { return inside_->kind(); }
    store_abilities abilities() const noexcept override { return inside_->abilities(); }
    std::string_view prefix() const noexcept override { return whole_; }
    std::exception_ptr known_fault() const noexcept override { return inside_->known_fault(); }
    eviction_fence& fence() noexcept override { return inside_->fence(); }

    std::optional<std::string> get(entry_name at) override { return inside_->get({family(at), at.name}); }
    std::vector<std::optional<std::string>> get_many(std::span<entry_name const> all) override {
        return inside_->get_many(names(all).behind);
    }

    bool set(entry_name at, stored_bytes const& fresh) override { return inside_->set({family(at), at.name}, tagged(fresh)); }
    void set_many(std::span<std::pair<entry_name, stored_bytes> const> all) override {
        std::vector<placed> kept;
        std::vector<std::pair<entry_name, stored_bytes>> behind;
        kept.reserve(all.size());
        behind.reserve(all.size());
        for (auto const& [at, fresh] : all) {
            auto const& one = kept.emplace_back(std::string{family(at)}, tags(fresh.tags));
            behind.emplace_back(entry_name{one.family, at.name}, stored_bytes{fresh.record, one.tags, fresh.lifetime});
        }
        inside_->set_many(behind);
    }
    bool add(entry_name at, stored_bytes const& fresh, std::string_view seen) override {
        return inside_->add({family(at), at.name}, tagged(fresh), seen);
    }
    bool amend(entry_name at, stored_bytes const& fresh, std::string_view seen) override {
        return inside_->amend({family(at), at.name}, tagged(fresh), seen);
    }
    bool discard(entry_name at, std::string_view seen) override { return inside_->discard({family(at), at.name}, seen); }

    evicted erase(std::span<entry_name const> all) noexcept override {
        return evict([&] { return inside_->erase(names(all).behind); });
    }
    evicted erase_text(std::string_view scope, std::string_view text) noexcept override {
        return evict([&] { return inside_->erase_text(joined{mine_, scope}, text); });
    }
    evicted erase_pattern(std::string_view scope, std::string_view glob) noexcept override {
        return evict([&] { return inside_->erase_pattern(joined{mine_, scope}, glob); });
    }
    evicted erase_tag(std::string_view tag) noexcept override {
        return evict([&] { return inside_->erase_tag(joined{mine_, tag}); });
    }
    evicted erase_all(std::string_view scope) noexcept override {
        return evict([&] { return inside_->erase_all(joined{mine_, scope}); });
    }

    opened open(entry_name at, std::span<std::string const> all_tags, std::string_view seen, run_ticket joining) override {
        return inside_->open({family(at), at.name}, tags(all_tags), seen, joining);
    }
    run_ticket lead(entry_name at, std::span<std::string const> all_tags) override {
        return inside_->lead({family(at), at.name}, tags(all_tags));
    }
    committed commit(entry_name at, run_ticket mine, stored_bytes const& fresh) override {
        return inside_->commit({family(at), at.name}, mine, tagged(fresh));
    }
    void abandon(entry_name at, run_ticket mine) noexcept override {
        try {
            inside_->abandon({family(at), at.name}, mine);
        } catch (std::bad_alloc const&) {  // then it ends with its hour
        }
    }

    void transact(std::span<change const> all) override {
        std::vector<placed> kept;
        std::vector<change> behind;
        kept.reserve(all.size());
        behind.reserve(all.size());
        for (auto const& [at, fresh] : all) {
            auto const& one = kept.emplace_back(std::string{family(at)}, fresh ? tags(fresh->tags) : std::vector<std::string>{});
            behind.push_back({{one.family, at.name}, fresh});
            if (fresh)
                behind.back().fresh->tags = one.tags;
        }
        inside_->transact(behind);
    }

    name_page scan(std::string_view of, std::string_view glob, std::string_view from) override {
        return inside_->scan(joined{mine_, of}, glob, from);
    }
    std::size_t count(std::string_view scope) override { return inside_->count(joined{mine_, scope}); }

    std::map<std::string, std::string> info() override {
        auto facts = inside_->info();
        facts.insert_or_assign("prefix", whole_);
        return facts;
    }
    duration ping() override { return inside_->ping(); }
    void sweep() noexcept override { inside_->sweep(); }
    void flush() override { inside_->flush(); }

private:
    /// What a batch needs beside the views that show it.
    struct placed {
        placed(std::string in, std::vector<std::string> groups) : family{std::move(in)}, tags{std::move(groups)} {}
        std::string family;
        std::vector<std::string> tags;
    };
    struct placed_names {
        std::vector<std::string> families;
        std::vector<entry_name> behind;
    };
    /// What is to be stored, with its tags behind the prefix.
    struct tagged_bytes {
        std::vector<std::string> tags;
        stored_bytes fresh;
        operator stored_bytes const&() const noexcept { return fresh; }
    };

    joined family(entry_name at) const { return {mine_, at.family}; }

    std::vector<std::string> tags(std::span<std::string const> all) const {
        std::vector<std::string> behind;
        behind.reserve(all.size());
        for (auto const& tag : all)
            behind.push_back(mine_ + tag);
        return behind;
    }

    tagged_bytes tagged(stored_bytes const& fresh) const {
        tagged_bytes behind{tags(fresh.tags), fresh};
        behind.fresh.tags = behind.tags;
        return behind;
    }

    placed_names names(std::span<entry_name const> all) const {
        placed_names made;
        made.families.reserve(all.size());
        made.behind.reserve(all.size());
        for (auto const at : all)
            made.behind.push_back({made.families.emplace_back(family(at)), at.name});
        return made;
    }

    template <class Evict>
    static evicted evict(Evict const& all) noexcept {
        try {
            return all();
        } catch (...) {
            return evicted{0, evicted::outcome::failed};
        }
    }

    shared_store inside_;
    std::string mine_;
    std::string whole_;
};

}  // namespace
}  // namespace memo::detail

namespace memo {

shared_store prefixed(shared_store store, std::string prefix) {
    if (prefix.empty() || prefix.size() > detail::longest_prefix)
        throw config_error{"prefixed: a prefix of " + std::to_string(prefix.size()) + " bytes; give it 1 to 128"};
    if (prefix.front() == '#')
        throw config_error{"prefixed: a prefix that begins with `#`; begin it with another byte"};
    return std::make_shared<detail::prefixed_bytes>(std::move(store), std::move(prefix));
}

}  // namespace memo
