#include <memo/cache_transaction.hpp>

#include <vector>

namespace memo {

void transaction::erase(std::string_view key) {
    entries_->check_key(key);
    stage({std::string{key}});
}

void transaction::commit() {
    if (refused_)
        entries_->refuse();
    std::vector<detail::staged_entry> all;
    all.reserve(changes_.size());
    for (auto const& [key, change] : changes_)
        all.push_back(change);
    entries_->transact(all);
    changes_.clear();
}

void transaction::stage(detail::staged_entry change) {
    auto key = change.key;
    changes_.insert_or_assign(std::move(key), std::move(change));
}

}  // namespace memo
