#include "axes.hpp"
#include "folder.hpp"
#include "laws/machine.hpp"
#include "laws/subject.hpp"
#include "live/redis_server.hpp"

#include <memo/store/redis.hpp>
#include <memo/store/sqlite.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <utility>

namespace {

/// The trials of one in `Stride` of the wrappers whose results live in bytes take place in this store, emptied before each.
template <int Stride>
void sweep_over(memo::shared_store const& bytes) {
    auto const before = std::exchange(laws::bytes_of_trial, [&] {
        CHECK(bytes->erase_all("").confirmed());
        return bytes;
    });
    int number = 0;
    axes::each_configuration([&]<axes::configuration C>() {
        if constexpr (C.lives_in != axes::home::typed) {
            if (++number % Stride != 0)
                return;
            INFO(C);
            CHECK(laws::obeys(C, laws::make_subject<laws::subject_of<C>>));
        }
    });
    laws::bytes_of_trial = before;
}

}  // namespace

TEST_CASE("sweep: every wrapper keeps to the model") {
    axes::each_configuration([]<axes::configuration C>() {
        INFO(C);
        CHECK(laws::obeys(C, laws::make_subject<laws::subject_of<C>>));
    });
}

TEST_CASE("sweep: every wrapper keeps to the model over a file") {
    folder const home{folder::in_memory()};
    sweep_over<1>(memo::sqlite_store{home / "sweep.db", {.timeout = std::chrono::seconds{5}}});
}

TEST_CASE("sweep: every wrapper keeps to the model over a server") {
    live::redis_server const server;
    sweep_over<4>(memo::redis_store{server.over_unix()});
}
