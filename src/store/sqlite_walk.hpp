#pragma once

#include "sqlite_entries.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace memo::detail {

/// What an eviction of many entries has still to do. Each step removes some more of them; the first one also voids all tickets
/// that are meant.
///
/// Step: returns how many entries went; `done` says whether they were the last.
class walk_over_names {
public:
    enum class kind { all, matching };
    walk_over_names(std::string_view scope, std::string_view glob, kind meant);
    std::size_t step(sqlite_entries& entries);
    bool done() const noexcept { return done_; }

private:
    bool is_meant(entry_name at) const noexcept;

    std::string_view scope_;
    std::string_view glob_;
    kind meant_;
    std::string_view start_{};  ///< with which all names begin that match
    bool begun_ = false;
    bool done_ = false;
    std::string family_;
    std::string name_{};
};

class walk_over_text {
public:
    walk_over_text(std::string_view scope, std::string_view text) : scope_{scope}, text_{text}, family_{scope} {}
    std::size_t step(sqlite_entries& entries);
    bool done() const noexcept { return true; }

private:
    std::string_view scope_;
    std::string_view text_;
    std::string family_;
};

class walk_over_tag {
public:
    explicit walk_over_tag(std::string_view tag) noexcept : tag_{tag} {}
    std::size_t step(sqlite_entries& entries);
    bool done() const noexcept { return done_; }

private:
    std::string_view tag_;
    bool begun_ = false;
    bool done_ = false;
    std::int64_t row_ = 0;
};

}  // namespace memo::detail
