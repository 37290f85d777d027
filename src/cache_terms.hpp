#pragma once

#include <memo/base/clock.hpp>
#include <memo/cache_entries.hpp>
#include <memo/call/settings.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/record_store.hpp>

#include "cache_names.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace memo::detail {

/// The tags of an entry as a store knows them: for the manager's evictions, and for those of caches.
inline std::vector<std::string> stored_tags(entry_options const& on) {
    auto tags = on.tags;
    for (auto const& tag : on.tags)
        tags.push_back(own_tag(tag));
    return tags;
}

inline terms terms_for(key_view const& key, entry_options const& on, settings const& said, duration created) {
    terms kept;
    kept.created = created;
    kept.ttl = said.spread(on.ttl ? on.ttl->value : said.ttl, key.place ^ static_cast<std::uint64_t>(created.count()));
    kept.tags = stored_tags(on);
    return kept;
}

inline record_label label_for(std::uint64_t type, entry_options const& on) {
    return {type, {on.metadata.begin(), on.metadata.end()}};
}

}  // namespace memo::detail
