#include <memo/base/fields.hpp>
#include <memo/key/traits.hpp>
#include <boost/hana/adapt_struct.hpp>
#include <boost/hana/define_struct.hpp>
#include <doctest/doctest.h>

#include <string>
#include <type_traits>

namespace {

struct city {
    BOOST_HANA_DEFINE_STRUCT(city, (std::string, name), (int, zip));
};

struct house {
    int number = 7;
    city town{"Bonn", 53111};
};

struct nothing {
    BOOST_HANA_DEFINE_STRUCT(nothing);
};

struct plain {
    int number;
};

struct fixed {
    BOOST_HANA_DEFINE_STRUCT(fixed, (int const, number));
};

struct big_city : city {
    int districts = 9;
};

struct capital : city {
    BOOST_HANA_DEFINE_STRUCT(capital, (std::string, country));
};

struct adapted : city {
    int districts = 9;
};

struct something : nothing {
    int number = 7;
};

}  // namespace

BOOST_HANA_ADAPT_STRUCT(adapted, name, zip, districts);
BOOST_HANA_ADAPT_STRUCT(house, number, town);

using namespace memo::detail;

TEST_CASE("fields: types are annotated inside, outside or not at all") {
    static_assert(annotated<city> && annotated<house> && annotated<nothing>);
    static_assert(!annotated<plain> && !annotated<int> && !annotated<int*> && !annotated<std::string>);
    static_assert(field_count<city> == 2 && field_count<house> == 2 && field_count<nothing> == 0);
    static_assert(std::is_same_v<field_types<house>, type_list<int, city>>);
    CHECK(field_count<city> == 2);
}

TEST_CASE("fields: the annotation of a base class is none of the class that derives from it") {
    static_assert(!annotated<big_city> && !annotated<something>);
    static_assert(annotated<capital> && field_count<capital> == 1);
    static_assert(annotated<adapted> && field_count<adapted> == 3);
    static_assert(!memo::keyable<big_city> && memo::keyable<adapted>);
    CHECK(!annotated<big_city>);
}

TEST_CASE("fields: a name leads to its member, an unknown one nowhere") {
    static_assert(field_index<city>("name") == 0 && field_index<city>("zip") == 1);
    static_assert(field_index<city>("zi") == 2 && field_index<city>("zipp") == 2 && field_index<city>("") == 2);
    static_assert(field_index<nothing>("name") == 0);
    house const home;
    CHECK(&field<1>(home) == &home.town);
    CHECK(&field<field_index<city>("zip")>(home.town) == &home.town.zip);
}

TEST_CASE("fields: all members are visited at once, in the order of the annotation") {
    house const home;
    with_fields(home, [&](int const& number, city const& town) {
        CHECK(&number == &home.number);
        CHECK(&town == &home.town);
    });
    CHECK(with_fields(nothing{}, [](auto const&... none) { return sizeof...(none); }) == 0);
}

TEST_CASE("fields: members have names, and are written to where they are not const") {
    static_assert(field_name<0, city>() == "name" && field_name<1, city>() == "zip");
    static_assert(has_writable_fields<city>() && has_writable_fields<nothing>() && !has_writable_fields<fixed>());
    house home;
    fill_fields(home, [](int& number, city& town) {
        number = 8;
        town.zip = 50667;
    });
    CHECK(home.number == 8);
    CHECK(home.town.zip == 50667);
}
