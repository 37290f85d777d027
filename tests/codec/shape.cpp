#include "codec/values.hpp"

#include <memo/codec/shape.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <complex>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

using namespace memo::detail;

namespace {

struct nobody {
    int number;
};
struct from_number {
    BOOST_HANA_DEFINE_STRUCT(from_number, (int, number));
    explicit from_number(int n) : number{n} {}
};
struct constant {
    BOOST_HANA_DEFINE_STRUCT(constant, (int const, number));
};
struct derived : values::address {
    int more = 0;
};
struct hidden {
    std::shared_ptr<int> count;
};
struct stateful {
    bool operator()(int left, int right) const { return up ? left < right : right < left; }
    bool up = true;
};

template <class T>
constexpr misfit judge = misfit_of_element<cereal_marks, T>();

}  // namespace

template <>
struct memo::codec_traits<hidden> {
    static void encode(std::string& out, hidden const& value) { out += static_cast<char>(*value.count); }
    static hidden decode(std::string_view bytes, memo::decode_limits const&) {
        if (bytes.size() != 1)
            throw memo::value_error{"hidden: not one byte"};
        return {std::make_shared<int>(bytes.front())};
    }
    static std::string schema() { return "hidden/1"; }
};

TEST_CASE("shape: each type has its own way into bytes") {
    static_assert(shape_of<int>() == shape::scalar && shape_of<std::byte>() == shape::scalar);
    static_assert(shape_of<std::string>() == shape::text && shape_of<std::u16string>() == shape::text);
    static_assert(shape_of<std::vector<int>>() == shape::numbers && shape_of<std::vector<bool>>() == shape::sequence);
    static_assert(shape_of<std::vector<values::color>>() == shape::sequence);
    static_assert(shape_of<values::address>() == shape::fields && shape_of<values::user>() == shape::driven);
    static_assert(shape_of<std::complex<float>>() == shape::complex && shape_of<int[3]>() == shape::array);
    static_assert(shape_of<hidden>() == shape::own);
    static_assert(shape_of<int*>() == shape::none && shape_of<int const>() == shape::none);
    CHECK(shape_of<hidden>() == shape::own);
}

TEST_CASE("shape: what can be stored, can be stored inside all that can be") {
    static_assert(judge<values::lattice> == misfit::none && judge<values::tree> == misfit::none);
    static_assert(judge<std::vector<hidden>> == misfit::none && memo::storable<std::map<int, std::vector<hidden>>>);
    static_assert(memo::storable<std::vector<values::tree>> && memo::storable<std::pair<values::user, values::address>>);
    static_assert(memo::storable<std::chrono::system_clock::time_point> && memo::storable<std::chrono::milliseconds>);
    static_assert(memo::storable<std::variant<std::monostate, values::tree>>);
    CHECK(judge<values::tree> == misfit::none);
}

TEST_CASE("F17 shape: pointers, views and what has no codec are seen wherever they are held") {
    static_assert(judge<std::vector<int*>> == misfit::pointer && judge<std::pair<int, char const*>> == misfit::pointer);
    static_assert(judge<std::vector<std::unique_ptr<int>>> == misfit::smart && judge<std::weak_ptr<int>> == misfit::smart);
    static_assert(judge<std::tuple<std::string_view>> == misfit::view && judge<std::optional<std::span<int>>> == misfit::view);
    static_assert(judge<std::vector<std::reference_wrapper<int>>> == misfit::view);
    static_assert(judge<nobody> == misfit::unknown && judge<std::vector<std::mutex>> == misfit::unknown);
    static_assert(judge<std::map<int, nobody>> == misfit::unknown && judge<std::function<int()>> == misfit::unknown);
    static_assert(judge<derived> == misfit::unknown);
    static_assert(judge<std::vector<from_number>> == misfit::empty && judge<from_number> == misfit::empty);
    static_assert(judge<std::set<int, stateful>> == misfit::order);
    static_assert(judge<std::map<int, int, bool (*)(int, int)>> == misfit::order);
    static_assert(judge<constant> != misfit::none);
    static_assert(!memo::storable<std::vector<int*>> && !memo::storable<nobody> && !memo::storable<derived>);
    static_assert(!memo::storable<std::set<int, stateful>> && !memo::storable<std::string_view>);
    CHECK(judge<nobody> == misfit::unknown);
}
