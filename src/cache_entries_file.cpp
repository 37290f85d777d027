#include <memo/cache_entries.hpp>

#include <memo/base/error.hpp>
#include <memo/codec/record.hpp>
#include <memo/codec/wire.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/record_store.hpp>

#include "store/export_file.hpp"
#include "cache_names.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace memo::detail {
namespace {

constexpr std::size_t page = 64;
constexpr std::size_t page_bytes = 1'048'576;

/// An entry in a file: when it was written there (8 bytes, by the clock of who wrote it), its key behind its length, its record.
struct exported {
    duration when{};
    std::string_view key{};
    std::string_view bytes{};
};

std::string bytes_of_entry(exported const& entry) {
    std::string out;
    append_wire(out, static_cast<std::uint64_t>(entry.when.count()));
    append_length(out, entry.key.size());
    return out.append(entry.key).append(entry.bytes);
}

std::optional<exported> parsed(std::string_view bytes) {
    if (bytes.size() < sizeof(std::uint64_t))
        return std::nullopt;
    exported entry{duration{static_cast<duration::rep>(read_wire<std::uint64_t>(bytes.data()))}};
    auto const* const end = bytes.data() + bytes.size();
    std::uint64_t length = 0;
    auto const* const key = take_length(bytes.data() + sizeof(std::uint64_t), end, length);
    if (key == nullptr || length > longest_key || length > static_cast<std::uint64_t>(end - key))
        return std::nullopt;
    entry.key = {key, static_cast<std::size_t>(length)};
    entry.bytes = {key + length, static_cast<std::size_t>(end - key) - entry.key.size()};
    return entry;
}

/// The same distance from now as it was from then.
duration moved(duration point, duration then, duration now) {
    auto const age = between(point, then);
    return age <= duration::zero() ? now : between(age, now);
}

}  // namespace

/// Entries on their way from a file into the store.
class cache_entries::importing {
public:
    explicit importing(record_store& into) : into_{into} {}

    /// Returns: whether it is an entry.
    bool take(exported const& entry, duration now) {
        auto& one = waiting_.emplace_back();
        one.key = entry.key;
        record from;
        auto const why = read_record(entry.bytes, from);
        if (why == flaw::version) {
            one.record = entry.bytes;
        } else if (why != flaw::none || from.identity != entry.key) {
            waiting_.pop_back();
            return false;
        } else {
            from.family = into_.family();
            for (auto* const point : {&from.times.created, &from.times.touched, &from.times.read})
                *point = moved(*point, entry.when, now);
            one.tags.assign(from.tags.begin(), from.tags.end());
            one.lifetime = into_.lifetime(stands(from.times), now);
            one.record = write_record(from);
        }
        size_ += one.record.size();
        if (waiting_.size() == page || size_ >= page_bytes)
            store();
        return true;
    }

    void store() {
        std::vector<std::pair<entry_name, stored_bytes>> all;
        std::vector<key_view> keys;
        for (auto const& one : waiting_) {
            keys.push_back(key_of(one.key));
            if (one.lifetime > duration::zero())
                all.emplace_back(entry_name{cache_family, one.key}, stored_bytes{one.record, one.tags, one.lifetime});
        }
        if (!all.empty())
            into_.bytes().set_many(all);
        into_.revoke(keys);
        waiting_.clear();
        size_ = 0;
    }

private:
    struct arrival {
        std::string key;
        std::string record;
        std::vector<std::string> tags;
        duration lifetime = duration::max();
    };

    record_store& into_;
    std::vector<arrival> waiting_;
    std::size_t size_ = 0;
};

std::size_t cache_entries::export_to(std::string const& path, progress_listener const& progress) {
    export_writer file{path};
    auto const names = scanned("*");
    for (std::size_t done = 0; done != names.size();) {
        auto const some = std::span{names}.subspan(done, std::min(page, names.size() - done));
        std::vector<entry_name> at;
        for (auto const& name : some)
            at.push_back({cache_family, name});
        auto const all = records_->bytes().get_many(at);
        auto const now = settings_.clock.now();
        for (std::size_t place = 0; place != some.size(); ++place) {
            record read;
            auto const why = all[place] ? read_record(*all[place], read) : flaw::foreign;
            bool const fresh = why == flaw::none && read.identity == some[place] && stands(read.times).fresh(now);
            if (fresh || why == flaw::version)
                file.write(bytes_of_entry({now, some[place], *all[place]}));
            ++done;
            if (progress)
                progress(done, names.size());
        }
    }
    file.finish();
    return static_cast<std::size_t>(file.count());
}

std::size_t cache_entries::import_from(std::string const& path, progress_listener const& progress) {
    export_reader file{path};
    importing entries{*records_};
    std::string bytes;
    std::size_t whole = 0;
    std::uint64_t damaged = 0;
    auto const total = static_cast<std::size_t>(file.count());
    for (std::size_t done = 0; done != total;) {
        auto const outcome = file.next(bytes);
        if (outcome == export_reader::outcome::ended) {
            damaged += total - done;
            break;
        }
        auto const entry = outcome == export_reader::outcome::whole ? parsed(bytes) : std::nullopt;
        if (entry && entries.take(*entry, settings_.clock.now()))
            ++whole;
        else
            ++damaged;
        ++done;
        if (progress)
            progress(done, total);
    }
    entries.store();
    if (damaged != 0)
        throw error{error_code::corrupt, "memo::cache(import_from " + path + "): of " + std::to_string(total) + " entries " +
                                             std::to_string(damaged) + " are damaged or missing and were left out, " +
                                             std::to_string(whole) + " were imported; take another file for the others"};
    return whole;
}

}  // namespace memo::detail
