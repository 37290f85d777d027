#include <memo/transport/link_fault.hpp>

#include <memo/base/error.hpp>

#include <doctest/doctest.h>

#include <string_view>

TEST_CASE("link_fault: is the connection_error that users catch, and says whether the server may have heard") {
    try {
        throw memo::detail::link_fault{"redis_store(a:1): no answer", memo::error_code::timed_out,
                                       memo::detail::reached::perhaps};
    } catch (memo::connection_error const& fault) {
        CHECK(fault.code() == memo::error_code::timed_out);
        CHECK(std::string_view{fault.what()} == "redis_store(a:1): no answer");
        auto const* const inner = dynamic_cast<memo::detail::link_fault const*>(&fault);
        REQUIRE(inner != nullptr);
        CHECK(inner->how_far() == memo::detail::reached::perhaps);
    }
}
