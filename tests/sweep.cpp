#include "axes.hpp"
#include "laws/machine.hpp"
#include "laws/subject.hpp"

#include <doctest/doctest.h>

TEST_CASE("sweep: every wrapper keeps to the model") {
    axes::each_configuration([]<axes::configuration C>() {
        INFO(C);
        CHECK(laws::obeys(C, laws::make_subject<laws::subject_of<C>>));
    });
}
