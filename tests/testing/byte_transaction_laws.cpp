#include "testing/broken_bytes.hpp"

#include <memo/testing/byte_transaction_laws.hpp>

#include <doctest/doctest.h>

using enum simple::flaw;

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("byte_transaction_laws: a store that shows parts of transactions, or does a part of one, is refused") {
    broken::expect_refused<memo::detail::byte_transaction_laws>({
        {transact_keeps_tags, "left the tags"},
        {transact_first_only, "is not its steps"},
        {transact_in_parts, "a part of a transaction"},
    });
}

TEST_SUITE_END();
