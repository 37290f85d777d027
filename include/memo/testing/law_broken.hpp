#pragma once

#include <stdexcept>

namespace memo::testing {

/// Says which law was broken, where, and what the law is.
class law_broken : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

}  // namespace memo::testing
