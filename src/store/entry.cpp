#include <memo/store/entry.hpp>

#include <utility>

namespace memo::detail {

entry::entry(key_view const& key, terms&& stored, char* key_bytes)
    : place{key.place}, kept{std::move(stored)}, tag_links(kept.tags.size()), bytes_{key_bytes},
      identity_size_{key.identity.size()}, text_size_{key.text.size()} {
    key.identity.copy(key_bytes, identity_size_);
    key.text.copy(key_bytes + identity_size_, text_size_);
    start_life(kept.created);
}

entry::~entry() = default;

void entry::exchange_terms(entry& fresh) noexcept {
    std::swap(kept, fresh.kept);
    std::swap(expires_at, fresh.expires_at);
    std::swap(idle_at, fresh.idle_at);
    std::swap(sequence, fresh.sequence);
    std::swap(bytes, fresh.bytes);
    std::swap(tag_links, fresh.tag_links);
}

}  // namespace memo::detail
