#include <memo/testing/law_broken.hpp>

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

TEST_CASE("law_broken: it is caught as a std::logic_error, and says what it was given") {
    try {
        throw memo::testing::law_broken{"policy_laws(seed 1, step 2): it lies; mend it"};
    } catch (std::logic_error const& broken) {
        CHECK(std::string{broken.what()} == "policy_laws(seed 1, step 2): it lies; mend it");
    }
}
