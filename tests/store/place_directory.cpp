#include <memo/store/place_directory.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace {

struct node {
    std::uint64_t place;
};

constexpr std::size_t buckets = 4;
using directory = memo::detail::place_directory<node, 0, buckets>;
using chunk_lines = std::array<directory::line, buckets>;

}  // namespace

TEST_CASE("place_directory: the low bits of a place tell the bucket, those above its chunk") {
    chunk_lines first, second;
    std::array<directory::chunk, 2> chunks{first.data(), second.data()};
    directory tried;
    CHECK(tried.size() == 0);
    tried.become(chunks.data(), chunks.size());
    CHECK(tried.size() == 2);
    for (std::uint64_t place = 0; place != 4 * buckets; ++place) {
        auto& chunk = place / buckets % 2 == 0 ? first : second;
        CHECK(&tried.bucket_of(place) == &chunk[place % buckets]);
        CHECK(tried.number_of(place) == place / buckets % 2);
    }
}

TEST_CASE("place_directory: what a chunk holds is found under both its numbers, until one of them is another's") {
    chunk_lines first, second;
    std::array<directory::chunk, 2> chunks{first.data(), first.data()};
    directory tried;
    tried.become(chunks.data(), chunks.size());
    node near{1};
    node far{1 + buckets};
    for (auto* const one : {&near, &far})
        first[1].set(first[1].slot_of(nullptr), *one, directory::mark_of(one->place), {});
    auto const find = [&](node const& one) { return tried.find(one.place, [&](node const& seen) { return &seen == &one; }); };
    CHECK(find(near) == &near);
    CHECK(find(far) == &far);
    tried[1].store(second.data());
    CHECK(find(near) == &near);
    CHECK(find(far) == nullptr);
    CHECK(tried.find_at_once(far.place, [](node const&) { return true; }).sure);
}

TEST_CASE("place_directory: a wider one of the same chunks leads where the one before did") {
    chunk_lines first;
    std::array<directory::chunk, 1> narrow{first.data()};
    std::array<directory::chunk, 2> wide{first.data(), first.data()};
    directory tried;
    tried.become(narrow.data(), narrow.size());
    auto& before = tried.bucket_of(2 + buckets);
    tried.become(wide.data(), wide.size());
    CHECK(&tried.bucket_of(2 + buckets) == &before);
}
