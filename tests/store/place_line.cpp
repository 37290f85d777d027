#include <memo/base/key_view.hpp>
#include <memo/store/place_line.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <set>

namespace {

struct node {};

template <std::size_t Words>
using line = memo::detail::place_line<node, Words>;

constexpr std::uint64_t mark_of(std::size_t number) { return 0x80 | number; }

/// Slots whose node may have this mark.
template <std::size_t Words>
std::set<std::size_t> slots(line<Words> const& in, std::uint64_t mark) {
    std::set<std::size_t> found;
    for (auto left = line<Words>::candidates(in.marks.load(), mark); left != 0; left &= left - 1)
        found.insert(line<Words>::first_of(left));
    return found;
}

template <std::size_t Words>
void finds_by_marks() {
    line<Words> tried;
    node nodes[line<Words>::width];
    CHECK(slots(tried, mark_of(0)).empty());
    for (int times = 0; times != 1'000; ++times) {  // whatever was counted above the marks by then
        for (std::size_t slot = 0; slot != tried.width; ++slot) tried.set(slot, nodes[slot], mark_of(slot * 5), {});
        for (std::size_t slot = 0; slot != tried.width; ++slot) {
            auto const found = slots(tried, mark_of(slot * 5));
            REQUIRE(*found.begin() == slot);
            REQUIRE(tried.node_of(line<Words>::candidates(tried.marks.load(), mark_of(slot * 5))) == &nodes[slot]);
        }
        CHECK(slots(tried, mark_of(99)).empty());
        tried.clear(1);
        CHECK(slots(tried, mark_of(5)).count(1) == 0);
    }
    std::set<node*> left;
    tried.clear_all([&](node& one) { left.insert(&one); });
    CHECK(left.size() == tried.width - 1);
    for (std::size_t slot = 0; slot != tried.width; ++slot) CHECK(slots(tried, mark_of(slot * 5)).empty());
}

template <std::size_t Words>
void tells_what_hangs_behind() {
    line<Words> first;
    line<Words> second;
    node one;
    CHECK(first.behind() == nullptr);
    first.set(1, one, mark_of(1), {});
    first.hang(&second);
    CHECK(first.behind() == &second);
    CHECK(first.goes_on(first.marks.load()));
    first.set(0, one, mark_of(0), {});
    first.clear(1);
    CHECK(first.behind() == &second);
    CHECK(slots(first, mark_of(0)) == std::set<std::size_t>{0});
    first.hang(nullptr);
    CHECK(first.behind() == nullptr);
    CHECK(slots(first, mark_of(0)) == std::set<std::size_t>{0});
}

}  // namespace

TEST_CASE("place_line: nodes are found by their marks, and not after they left") {
    finds_by_marks<0>();
    finds_by_marks<1>();
    finds_by_marks<4>();
}

TEST_CASE("place_line: its marks tell whether another hangs behind, whatever comes and goes") {
    tells_what_hangs_behind<0>();
    tells_what_hangs_behind<1>();
    tells_what_hangs_behind<4>();
}

TEST_CASE("place_line: the count of changes begins anew before it could be taken for a line behind") {
    line<1> tried;
    tried.marks = ~std::uint64_t{0} >> 1 & ~std::uint64_t{0xff'ffff};
    tried.clear(0);
    CHECK(!tried.goes_on(tried.marks.load()));
    line<1> second;
    tried.hang(&second);
    tried.marks = tried.marks | (~std::uint64_t{0} >> 1 & ~std::uint64_t{0xff'ffff});
    tried.clear(0);
    CHECK(tried.behind() == &second);
}

TEST_CASE("place_line: a line that was given back is taken again, with nothing behind it") {
    memo::detail::line_stock<line<0>> tried;
    auto& first = tried.take();
    auto& second = tried.take();
    CHECK(&first != &second);
    first.hang(&second);
    tried.give_back(first);
    CHECK(first.behind() == &second);  // for who still reads it
    CHECK(&tried.take() == &first);
    CHECK(first.behind() == nullptr);
    CHECK(tried.size() == 2);
}

TEST_CASE("place_line: a line is one cache line, and with copies two or three") {
    CHECK(sizeof(line<0>) == 64);
    CHECK(sizeof(line<1>) == 128);
    CHECK(alignof(line<1>) == 128);
    CHECK(sizeof(line<2>) == 192);
    CHECK(sizeof(line<4>) == 192);
}

TEST_CASE("place_line: whatever is written, who looked before sees that something was") {
    line<1> tried;
    node one, other;
    tried.set(0, one, mark_of(1), {});
    auto const before = tried.marks.load();
    tried.set(0, other, mark_of(1), {});
    auto const replaced = tried.marks.load();
    CHECK(replaced != before);
    tried.set(1, one, mark_of(2), {});
    tried.clear(1);
    CHECK(tried.marks.load() != replaced);
}

TEST_CASE("place_line: a copy is whole only for who looks while nothing is written, and by its own key") {
    using copying = line<2>;
    memo::detail::short_key const key{.place = 0, .words = {3, 4}, .size = 9};
    memo::detail::short_key const other{.place = 0, .words = {3, 5}, .size = 9};
    copying tried;
    node one;
    memo::detail::node_copy<2> copy;
    copy.key = key.counted();
    copy.held = {7, 8};
    tried.set(0, one, mark_of(1), copy);

    auto const before = tried.marks.load();
    auto const candidates = copying::candidates(before, mark_of(1));
    auto const seen = tried.look(before, candidates, key);
    CHECK(seen.whole);
    CHECK(seen.held == copy.held);
    CHECK(seen.node() == &one);
    CHECK(!tried.look(before, candidates, other).whole);

    tried.set(1, one, mark_of(2), copy);
    CHECK(!tried.look(before, candidates, key).whole);
    CHECK(seen.node() == nullptr);
}
