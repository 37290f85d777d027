#include "testing/broken_bytes.hpp"

#include <memo/testing/byte_entry_laws.hpp>

#include <doctest/doctest.h>

using enum simple::flaw;

TEST_CASE("byte_entry_laws: a store that loses, mixes up or changes what it is given is refused, with what is wrong") {
    broken::expect_refused<memo::detail::byte_entry_laws>({
        {text_of_both_decides, "names decide"},
        {name_ends_at_nul, "any bytes are a name"},
        {empties_lost, "any bytes are a record"},
        {long_records_cut, "any bytes are a record"},
        {add_replaces, "nobody had seen"},
        {add_ignores_seen, "`add` did not replace"},
        {amend_ignores_seal, "`amend` replaced a record of another seal"},
        {discard_ignores_seal, "`discard` removed a record of another seal"},
        {batch_sorted, "says other than `get`"},
        {batch_first_wins, "the last one does"},
        {erase_counts_twice, "an entry goes once"},
        {evict_unconfirmed, "was not confirmed"},
    });
}
