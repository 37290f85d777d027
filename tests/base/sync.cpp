#include <memo/base/sync.hpp>

#include <doctest/doctest.h>

#include <mutex>
#include <thread>

TEST_CASE("sync: a mutex keeps a second thread out, as long as it is held") {
    memo::detail::mutex lock;
    memo::detail::atomic<bool> came{false};
    auto const try_it = [&] { std::jthread{[&] { came = std::unique_lock{lock, std::try_to_lock}.owns_lock(); }}.join(); };
    std::unique_lock mine{lock};
    try_it();
    CHECK_FALSE(came);
    mine.unlock();
    try_it();
    CHECK(came);
}
