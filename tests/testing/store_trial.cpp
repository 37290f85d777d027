#include <memo/testing/store_trial.hpp>

#include "testing/broken.hpp"

#include <memo/testing/law_broken.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>

using broken::right_store;
using memo::testing::law_broken;
using memo::testing::numbered_result;

namespace {

struct doubts_itself : right_store {
    bool validate() const { return false; }
};

template <class Store, class Make, class Result>
struct no_laws : memo::detail::store_trial<Store, Make, Result> {
    using memo::detail::store_trial<Store, Make, Result>::store_trial;

    void run() {
        this->law("everything is well", [](Store&) {});
    }
};

}  // namespace

TEST_CASE("store_trial: a store that does not validate breaks whatever law is asked, and the verdict names it") {
    CHECK(broken::law<no_laws, right_store>() == "none");
    broken::expect_words(broken::law<no_laws, doubts_itself>(), "store_laws(everything is well): `validate` returned false");
}

TEST_CASE("store_trial: numbered results differ as their numbers do, as numbers, texts and what a number makes") {
    CHECK(numbered_result<double>{}(7) == 7.0);
    CHECK(*numbered_result<std::shared_ptr<std::string const>>{}(7) == "7");
    CHECK(*numbered_result<std::shared_ptr<long const>>{}(7) == 7);
}
