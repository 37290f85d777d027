#include <memo/base/pool.hpp>

#include <memo/base/error.hpp>

#include <doctest/doctest.h>

#include <csignal>
#include <future>
#include <latch>
#include <memory>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using memo::detail::pool;

TEST_SUITE_BEGIN("pool concurrent");

TEST_CASE("pool: what it is given runs in threads of its own, in order of arrival") {
    pool one{1, 100};
    std::vector<int> order;
    std::promise<void> over;
    for (int i = 0; i != 10; ++i)
        one.execute([&, i] { order.push_back(i); });
    one.execute([&] { over.set_value(); });
    over.get_future().wait();
    CHECK(order == std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_SUITE_END();
