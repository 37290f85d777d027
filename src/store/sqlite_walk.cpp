#include "sqlite_walk.hpp"

#include "sqlite_entries.hpp"

#include <memo/base/glob.hpp>
#include <memo/store/byte_store.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {

namespace {

/// How long others wait for a step at most, about.
constexpr auto step_time = std::chrono::milliseconds{15};
constexpr std::size_t looked_at_once = 256;

/// Bytes that sort right behind `before`.
std::string behind(std::string before) {
    before.push_back('\0');
    return before;
}

}  // namespace

walk_over_names::walk_over_names(std::string_view scope, std::string_view glob, kind meant)
    : scope_{scope}, glob_{glob}, meant_{meant}, start_{glob.substr(0, glob.find_first_of("*?[\\"))}, family_{scope} {}

bool walk_over_names::is_meant(entry_name at) const noexcept {
    return at.family.starts_with(scope_) && (meant_ == kind::all || (at.readable() && glob_match(glob_, at.name)));
}

std::size_t walk_over_names::step(sqlite_entries& entries) {
    if (!std::exchange(begun_, true))
        entries.void_tickets_if([this](entry_name at, std::string_view) { return is_meant(at); });
    auto const end = std::chrono::steady_clock::now() + step_time;
    std::size_t gone = 0;
    do {
        auto const family = entries.family_from(family_);
        if (!family || !family->starts_with(scope_)) {
            done_ = true;
            break;
        }
        bool const readable = entry_name{*family, {}}.readable();
        std::vector<std::pair<std::int64_t, std::string>> names;
        if (meant_ == kind::all || readable)
            names = entries.names_from(*family, *family == family_ ? std::max<std::string_view>(name_, start_) : start_,
                                       looked_at_once);
        for (auto const& [row, name] : names)
            if (is_meant({*family, name}))
                gone += entries.remove(row) ? 1U : 0U;
        bool const more = names.size() == looked_at_once && names.back().second.starts_with(start_);
        family_ = more ? *family : behind(*family);
        name_ = more ? behind(std::move(names.back().second)) : std::string{};
    } while (std::chrono::steady_clock::now() < end);
    return gone;
}

std::size_t walk_over_text::step(sqlite_entries& entries) {
    entries.void_tickets_if(
        [this](entry_name at, std::string_view) { return at.name == text_ && at.readable() && at.family.starts_with(scope_); });
    std::size_t gone = 0;
    while (auto family = entries.family_from(family_)) {
        if (!family->starts_with(scope_))
            break;
        if (entry_name const at{*family, text_}; at.readable())
            gone += entries.remove(sqlite_place{at}) ? 1U : 0U;
        family_ = behind(std::move(*family));
    }
    return gone;
}

std::size_t walk_over_tag::step(sqlite_entries& entries) {
    if (!std::exchange(begun_, true))
        entries.void_tickets_if([this](entry_name, std::string_view packed) {
            auto const tags = unpack_tags(packed);
            return std::find(tags.begin(), tags.end(), tag_) != tags.end();
        });
    auto const end = std::chrono::steady_clock::now() + step_time;
    std::size_t gone = 0;
    do {
        auto const rows = entries.tagged_from(tag_, row_, looked_at_once);
        for (auto const row : rows) {
            entries.void_tickets(row);  // whatever tags a run that renews it will give it
            gone += entries.remove(row) ? 1U : 0U;
        }
        done_ = rows.size() < looked_at_once;
        if (!done_)
            row_ = rows.back();
    } while (!done_ && std::chrono::steady_clock::now() < end);
    return gone;
}

}  // namespace memo::detail
