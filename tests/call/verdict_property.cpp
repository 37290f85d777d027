#include <memo/call/verdict_property.hpp>

#include <doctest/doctest.h>

#include <concepts>
#include <future>
#include <memory>
#include <string>
#include <string_view>

namespace verdict_property_test {

using namespace memo::detail;

template <auto Getter, property_fault Fault>
constexpr bool blames = std::same_as<property_verdict<decltype(Getter)>, property_sentences<Fault>>;

struct shape {
    double side;
    double area() const;
    std::string const& name() const;
    double measure();
    double scaled(double factor) const;
    void draw() const;
    std::string_view shown() const;
    double& side_of();
    std::future<int> later() const;
    std::unique_ptr<int> owned() const;

    static constexpr bool stands_inside = is_right<property_verdict<double (shape::*)() const>>;
};

double free_area();

TEST_CASE("property: a getter without parameters that returns a value is one") {
    static_assert(is_right<property_verdict<decltype(&shape::area)>>);
    static_assert(is_right<property_verdict<decltype(&shape::name)>>);
    static_assert(is_right<property_verdict<decltype(&shape::measure)>>);
    static_assert(shape::stands_inside);
}

TEST_CASE("property: what is no getter, or returns what cannot be kept, is refused") {
    using enum property_fault;
    static_assert(std::same_as<property_verdict<decltype(&free_area)>, property_sentences<no_getter>>);
    static_assert(blames<&shape::side, no_getter>);
    static_assert(blames<&shape::scaled, parameters>);
    static_assert(blames<&shape::draw, nothing>);
    static_assert(blames<&shape::shown, view>);
    static_assert(blames<&shape::side_of, view>);
    static_assert(blames<&shape::later, one_shot>);
    static_assert(blames<&shape::owned, uncopyable>);
}

TEST_CASE("property: a refused one keeps something that makes no second error") {
    static_assert(std::same_as<property_object<decltype(&shape::area)>, shape const>);
    static_assert(std::same_as<property_object<decltype(&shape::measure)>, shape>);
    static_assert(std::same_as<property_value<decltype(&shape::name)>, std::string>);
    static_assert(std::same_as<property_value<decltype(&shape::draw)>, anything>);
    static_assert(std::same_as<property_object<decltype(&free_area)>, anything>);
}

}  // namespace verdict_property_test
