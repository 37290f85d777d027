#include <memo/store/loose_result.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

using memo::detail::copied_out;
using memo::detail::loose_result;

namespace {

template <std::size_t Bytes>
using block = std::array<std::uint8_t, Bytes>;

template <std::size_t Bytes>
void comes_back_as_it_was() {
    CHECK(rc::check([](block<Bytes> const& given) {
        loose_result<block<Bytes>> const kept{given};
        RC_ASSERT(static_cast<bool>(kept));
        RC_ASSERT(*kept == given);
        RC_ASSERT(*loose_result<block<Bytes>>::of(kept.bits()) == given);
    }));
}

}  // namespace

TEST_CASE("loose_result: results of any length up to four words come back as they were") {
    comes_back_as_it_was<1>();
    comes_back_as_it_was<7>();
    comes_back_as_it_was<8>();
    comes_back_as_it_was<9>();
    comes_back_as_it_was<31>();
    comes_back_as_it_was<32>();
    CHECK(loose_result<block<8>>::size == 1);
    CHECK(loose_result<block<9>>::size == 2);
    CHECK(loose_result<block<32>>::size == 4);
}

TEST_CASE("loose_result: a result may be words itself") {
    using words = std::array<std::uint64_t, 2>;
    CHECK(*loose_result<words>{words{1, 2}} == words{1, 2});
    CHECK(*loose_result<words>::of({3, 4}) == words{3, 4});
}

TEST_CASE("loose_result: none is told apart from one of zeros") {
    CHECK(!loose_result<int>{});
    CHECK(static_cast<bool>(loose_result<int>{0}));
    CHECK(*loose_result<int>{0} == 0);
}

TEST_CASE("loose_result: what owns something, or is longer, is no such result") {
    CHECK(copied_out<double>);
    CHECK(copied_out<block<32>>);
    CHECK(!copied_out<block<33>>);
    CHECK(!copied_out<std::string>);
}
