#include <memo/call/verdict_background.hpp>
#include <memo/options.hpp>

#include <boost/hana/define_struct.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace {

using enum memo::detail::background_fault;
using namespace std::chrono_literals;

template <class Signature, class... Options>
constexpr auto fault_among(Options...) {
    return memo::detail::judge_background<Signature, Options...>();
}

template <class Signature>
constexpr auto fault_of() {
    return fault_among<Signature>(memo::ttl(5s), memo::stale_while_revalidate(5s));
}

struct fixed {
    fixed(fixed const&) = delete;
};

struct abstract_base {
    virtual ~abstract_base() = default;
    virtual int number() const = 0;
};

struct caption {
    BOOST_HANA_DEFINE_STRUCT(caption, (int, id), (std::string_view, text));
};

struct unfinished;

}  // namespace

TEST_CASE("background: values and text that is only viewed can be kept") {
    static_assert(fault_of<int()>() == none);
    static_assert(fault_of<int(int, std::string, std::vector<int> const&, std::optional<double>&&)>() == none);
    static_assert(fault_of<int(std::string_view, std::string_view const&, char const*, char const* const)>() == none);
    static_assert(fault_of<int(std::shared_ptr<int>, std::function<int()> const&, int (*)(int))>() == none);
    static_assert(fault_of<int(unfinished const&)>() == none);
}

TEST_CASE("background: what only says where something is cannot be kept") {
    static_assert(fault_of<int(int const*)>() == pointer);
    static_assert(fault_of<int(char*)>() == pointer);
    static_assert(fault_of<int(int, std::vector<void*> const&)>() == pointer);
    static_assert(fault_of<int(std::vector<char const*>)>() == pointer);
    static_assert(fault_of<int(std::vector<int>::iterator)>() == iterator);
    static_assert(fault_of<int(std::span<int const>)>() == view);
    static_assert(fault_of<int(std::reference_wrapper<int const>)>() == view);
    static_assert(fault_of<int(std::wstring_view)>() == view);
    static_assert(fault_of<int(std::optional<std::string_view>)>() == view);
    static_assert(fault_of<int(std::vector<caption> const&)>() == view);
    static_assert(fault_of<int(int, std::tuple<int, std::vector<std::string_view>> const&)>() == view);
}

TEST_CASE("background: what cannot be copied cannot be kept") {
    static_assert(fault_of<int(std::unique_ptr<int>)>() == uncopyable);
    static_assert(fault_of<int(std::unique_ptr<int> &&)>() == uncopyable);
    static_assert(fault_of<int(std::vector<std::unique_ptr<int>> const&)>() == uncopyable);
    static_assert(fault_of<int(int, fixed const&)>() == uncopyable);
    static_assert(fault_of<int(abstract_base const&)>() == uncopyable);
}

TEST_CASE("background: arguments are copied for stale_while_revalidate and refresh_ahead, and for no other option") {
    using by_view = int(std::span<int const>);
    static_assert(fault_among<by_view>(memo::ttl(5s), memo::refresh_ahead(0.8)) == view);
    static_assert(fault_among<by_view>(memo::ttl(5s), memo::stale_while_revalidate(memo::forever)) == view);
    static_assert(fault_among<by_view>(memo::ttl(5s), memo::early_expiration(), memo::stale_if_error(5s),
                                       memo::cache_errors<int>(5s), memo::wait_timeout(5s)) == none);
}

TEST_CASE("background: an argument that is left out of the key is copied as well") {
    constexpr auto fault = fault_among<int(int, int*)>(memo::ignore<1>, memo::ttl(5s), memo::refresh_ahead(0.8));
    static_assert(fault == pointer);
}
