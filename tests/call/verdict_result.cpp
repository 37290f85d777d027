#include <memo/call/verdict_result.hpp>

#include <boost/hana/define_struct.hpp>
#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace verdict_result_test {

using enum memo::detail::result_fault;
using memo::detail::shared_option;
using memo::detail::trust_lifetime_option;

template <class R, class... Options>
constexpr auto fault_of = memo::detail::judge_result<R(int), Options...>();

struct task {
    struct promise_type {};
};

struct awaited {
    bool await_ready();
};

struct awaited_by_member {
    awaited operator co_await() &&;
};

struct awaited_by_friend {
    friend awaited operator co_await(awaited_by_friend);
};

struct fixed {
    fixed(fixed&&) = delete;
};

struct tree : std::vector<std::map<std::string, tree>> {};

struct caption {
    BOOST_HANA_DEFINE_STRUCT(caption, (int, id), (std::string_view, text));
};

struct unfinished;

TEST_CASE("result: values, const references and owners are stored") {
    static_assert(fault_of<int> == none);
    static_assert(fault_of<std::string const&> == none);
    static_assert(fault_of<std::string&&> == none);
    static_assert(fault_of<std::map<std::string, std::vector<double>>> == none);
    static_assert(fault_of<std::shared_ptr<int>> == none);
    static_assert(fault_of<std::filesystem::path> == none);
    static_assert(fault_of<std::optional<std::vector<bool>>> == none);
    static_assert(fault_of<void (*)(int)> == none);
    static_assert(fault_of<tree> == none);
    static_assert(fault_of<unfinished> == none);
}

TEST_CASE("result: void and references that can be written through are refused") {
    static_assert(fault_of<void> == nothing);
    static_assert(fault_of<int&> == reference);
}

TEST_CASE("result: views and pointers are refused, also inside of something") {
    static_assert(fault_of<int*> == view);
    static_assert(fault_of<char const*> == view);
    static_assert(fault_of<std::string_view> == view);
    static_assert(fault_of<std::span<int>> == view);
    static_assert(fault_of<std::reference_wrapper<int>> == view);
    static_assert(fault_of<std::vector<int>::iterator> == view);
    static_assert(fault_of<std::optional<std::string_view>> == view);
    static_assert(fault_of<std::pair<int, char const*>> == view);
    static_assert(fault_of<std::tuple<int&>> == view);
    static_assert(fault_of<std::variant<int, std::vector<int*>>> == view);
    static_assert(fault_of<std::map<std::string_view, int>> == view);
    static_assert(fault_of<std::array<int*, 2>> == view);
    static_assert(fault_of<std::vector<caption>> == view);
}

TEST_CASE("result: trust_lifetime lets views and references pass, and nothing else") {
    static_assert(fault_of<int&, trust_lifetime_option> == none);
    static_assert(fault_of<std::optional<std::string_view>, trust_lifetime_option> == none);
    static_assert(fault_of<void, trust_lifetime_option> == nothing);
    static_assert(fault_of<std::future<int>, trust_lifetime_option> == one_shot);
}

TEST_CASE("result: what can be read only once is refused, shared or not") {
    static_assert(fault_of<std::future<int>> == one_shot);
    static_assert(fault_of<std::future<int>, shared_option> == one_shot);
    static_assert(fault_of<std::optional<std::future<int>>> == one_shot);
    static_assert(fault_of<std::promise<int>> == one_shot);
    static_assert(fault_of<std::packaged_task<int()>> == one_shot);
    static_assert(fault_of<task> == one_shot);
    static_assert(fault_of<awaited> == one_shot);
    static_assert(fault_of<awaited_by_member> == one_shot);
    static_assert(fault_of<awaited_by_friend> == one_shot);
    static_assert(fault_of<std::shared_future<int>> == none);
}

TEST_CASE("result: what only moves needs shared, what does not even move is refused") {
    static_assert(fault_of<std::unique_ptr<int>> == move_only);
    static_assert(fault_of<std::vector<std::unique_ptr<int>>> == move_only);
    static_assert(fault_of<std::unique_ptr<int>, shared_option> == none);
    static_assert(fault_of<fixed, shared_option> == immovable);
}

}  // namespace verdict_result_test
