#include <memo/store/entry.hpp>

#include <memo/base/error.hpp>

#include <utility>

namespace memo::detail {

entry::entry(key_view const& key, terms&& stored, char* key_bytes)
    : place{key.place}, bytes_{key_bytes}, identity_size_{static_cast<std::uint32_t>(key.identity.size())},
      text_size_{static_cast<std::uint32_t>(key.text.size())}, kept{std::move(stored)}, tag_links(kept.tags.size()) {
    if (identity_size_ != key.identity.size() || text_size_ != key.text.size())
        throw key_error{"memo: a key of 4 GiB or more cannot be stored; key the call by less with memo::args or memo::key_builder"};
    key.identity.copy(key_bytes, identity_size_);
    key.text.copy(key_bytes + identity_size_, text_size_);
    start_life(kept.created);
}

entry::~entry() = default;

void entry::exchange_terms(entry& fresh) noexcept {
    std::swap(kept, fresh.kept);
    std::swap(fresh_until, fresh.fresh_until);
    std::swap(expires_at, fresh.expires_at);
    std::swap(idle_at, fresh.idle_at);
    std::swap(sequence, fresh.sequence);
    std::swap(bytes, fresh.bytes);
    std::swap(tag_links, fresh.tag_links);
    std::swap(failures, fresh.failures);
    std::swap(retry_at, fresh.retry_at);
}

}  // namespace memo::detail
