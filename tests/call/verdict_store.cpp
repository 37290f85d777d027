#include <memo/call/verdict_store.hpp>
#include <memo/key/function.hpp>
#include <memo/options.hpp>
#include <memo/policy/lru.hpp>
#include <memo/store/encoded.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

using namespace std::chrono_literals;
using enum memo::detail::store_fault;

struct no_bytes_at_all {};

template <class Result = std::string, class F = Result (*)(int), class... Options>
constexpr auto fault_of(Options...) {
    return memo::detail::judge_store<F, Result(int), Options...>();
}

constexpr auto where = memo::store("main");
constexpr auto name = memo::name("describe");

}  // namespace

std::string describe_of_the_verdict(int id);

TEST_CASE("stores: a store, or the name of one, and a name for the function") {
    static_assert(fault_of() == none);
    static_assert(fault_of(where, name) == none);
    static_assert(std::is_same_v<decltype(memo::store(std::string{"main"}).value), std::string>);
    static_assert(memo::detail::byte_store_like<memo::shared_store>);
    static_assert(!memo::detail::byte_store_like<int>);
    static_assert(fault_of(memo::store(7), name) == no_store);
    static_assert(fault_of(memo::store(), name) == no_store);
    static_assert(fault_of(where) == nameless);
    using named = std::remove_const_t<decltype(memo::function<&describe_of_the_verdict>)>;
    static_assert(fault_of<std::string, named>(where) == none);
}

TEST_CASE("stores: a result needs bytes") {
    static_assert(fault_of<no_bytes_at_all>(where, name) == no_bytes);
    static_assert(fault_of<no_bytes_at_all>() == none);
}

TEST_CASE("stores: what bounds typed memory stands in near, and nothing else does") {
    static_assert(fault_of(where, name, memo::max_size(10)) == bound);
    static_assert(fault_of(where, name, memo::policy(memo::lru)) == bound);
    static_assert(fault_of(where, name, memo::unbounded) == bound);
    static_assert(fault_of(where, name, memo::cleanup_interval(1s)) == bound);
    static_assert(fault_of(where, name, memo::near()) == none);
    static_assert(fault_of(where, name, memo::near(memo::max_size(10), memo::max_bytes(100), memo::policy(memo::lru),
                                                   memo::cleanup_interval(1s), memo::ttl(5s))) == none);
    static_assert(fault_of(where, name, memo::near(memo::ttl(memo::forever), memo::unbounded)) == none);
    static_assert(fault_of(where, name, memo::near(memo::idle(5s))) == near_stranger);
    static_assert(fault_of(where, name, memo::near(7)) == near_stranger);
    static_assert(fault_of(where, name, memo::near(memo::ttl(5s), memo::ttl(5s))) == near_stranger);
    static_assert(fault_of(where, name, memo::near(memo::ttl(5))) == near_bound);
    static_assert(fault_of(where, name, memo::near(memo::max_size(1.5))) == near_bound);
    static_assert(fault_of(where, name, memo::near(memo::policy(7))) == near_bound);
    static_assert(fault_of(memo::near()) == near_alone);
}

TEST_CASE("stores: what ends with the process is not stored beyond it") {
    static_assert(fault_of(where, name, memo::cache_errors<std::runtime_error>(1s)) == errors);
    static_assert(fault_of(memo::cache_errors<std::runtime_error>(1s)) == none);
    static_assert(fault_of(where, name, memo::each_instance) == object);
}

TEST_CASE("stores: a fault of the store has one of two answers") {
    static_assert(fault_of(where, name, memo::on_store_error(memo::rethrow)) == none);
    static_assert(fault_of(where, name, memo::on_store_error(memo::fail_open)) == none);
    static_assert(fault_of(where, name, memo::on_store_error(true)) == answer);
    static_assert(fault_of(where, name, memo::on_store_error()) == answer);
    static_assert(fault_of(memo::on_store_error(memo::rethrow)) == answer_alone);
}
