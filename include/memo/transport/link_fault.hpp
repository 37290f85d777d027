#pragma once

#include <memo/base/error.hpp>

#include <string>

namespace memo::detail {

/// Whether anything of a request may have come to the server, which then may carry it out.
enum class reached { no, perhaps };

/// An exchange with a server that did not end well.
class link_fault : public connection_error {
public:
    link_fault(std::string const& message, error_code code, reached how_far)
        : connection_error{message, code}, how_far_{how_far} {}

    reached how_far() const noexcept { return how_far_; }

private:
    reached how_far_;
};

}  // namespace memo::detail
