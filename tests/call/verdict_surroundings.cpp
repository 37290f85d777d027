#include <memo/base/event.hpp>
#include <memo/call/verdict_surroundings.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace {

using fault = memo::detail::surroundings_fault;

template <class... Options>
constexpr auto fault_of(Options&&...) {
    return memo::detail::judge_surroundings<std::remove_cvref_t<Options>...>();
}

struct stopped_clock {
    std::chrono::steady_clock::time_point now();
};

struct counting_clock {
    int now();
};

struct pool {
    void execute(std::function<void()> work);
};

struct poster {
    void post(std::function<void()> work);
};

struct number_eater {
    void execute(int number);
};

}  // namespace

TEST_CASE("surroundings: a name is text, a version an integer") {
    static_assert(fault_of(memo::name("users.get"), memo::version(3)) == fault::none);
    static_assert(fault_of(memo::name(std::string_view{"users.get"})) == fault::none);
    static_assert(fault_of(memo::name(5)) == fault::name);
    static_assert(fault_of(memo::name(nullptr)) == fault::name);
    static_assert(fault_of(memo::version("3")) == fault::version);
    static_assert(fault_of(memo::version(1.5)) == fault::version);
}

TEST_CASE("surroundings: a listener takes events") {
    static_assert(fault_of(memo::on_event([](memo::event const&) {})) == fault::none);
    static_assert(fault_of(memo::on_event([](memo::event const& happening) { return happening.took; })) == fault::none);
    static_assert(fault_of(memo::on_event([](std::string const&) {})) == fault::listener);
    static_assert(fault_of(memo::on_event([] {})) == fault::listener);
    static_assert(fault_of(memo::on_event(5)) == fault::listener);
}

TEST_CASE("surroundings: a clock returns points in time") {
    static_assert(fault_of(memo::clock(stopped_clock{})) == fault::none);
    static_assert(fault_of(memo::clock(std::chrono::system_clock{})) == fault::none);
    static_assert(fault_of(memo::clock(counting_clock{})) == fault::clock);
    static_assert(fault_of(memo::clock(5)) == fault::clock);
    static_assert(memo::detail::judge_surroundings<memo::detail::clock_option<stopped_clock&>>() == fault::none);
}

TEST_CASE("surroundings: an executor takes work") {
    static_assert(fault_of(memo::executor(pool{})) == fault::none);
    static_assert(memo::detail::judge_surroundings<memo::detail::executor_option<pool&>>() == fault::none);
    static_assert(memo::detail::judge_surroundings<memo::detail::executor_option<pool const&>>() == fault::executor);
    static_assert(fault_of(memo::executor(poster{})) == fault::executor);
    static_assert(fault_of(memo::executor(number_eater{})) == fault::executor);
    static_assert(fault_of(memo::executor(static_cast<pool*>(nullptr))) == fault::executor);
    static_assert(fault_of(memo::executor(4)) == fault::executor);
}

TEST_CASE("surroundings: a temporary that cannot be copied is not kept") {
    struct own_clock : stopped_clock {
        own_clock() = default;
        own_clock(own_clock const&) = delete;
    };
    struct own_pool : pool {
        own_pool() = default;
        own_pool(own_pool&&) = default;
    };
    static_assert(fault_of(memo::clock(own_clock{})) == fault::clock_gone);
    static_assert(fault_of(memo::executor(own_pool{})) == fault::executor_gone);
    static_assert(memo::detail::judge_surroundings<decltype(memo::clock(std::declval<own_clock&>()))>() == fault::none);
    static_assert(memo::detail::judge_surroundings<decltype(memo::executor(std::declval<own_pool&>()))>() ==
                  fault::none);
}

TEST_CASE("surroundings: a wrapper belongs to a manager") {
    static_assert(memo::detail::judge_surroundings<memo::detail::in_option<memo::manager>>() == fault::none);
    static_assert(memo::detail::judge_surroundings<memo::detail::in_option<memo::manager const>>() == fault::manager);
    static_assert(memo::detail::judge_surroundings<memo::detail::in_option<int>>() == fault::manager);
    static_assert(memo::detail::judge_surroundings<memo::detail::in_option<int&&>>() == fault::manager);
    static_assert(memo::detail::judge_surroundings<memo::detail::in_option<memo::manager&&>>() == fault::manager_gone);
}
