#include "testing/broken_bytes.hpp"

#include <memo/testing/byte_ticket_laws.hpp>

#include <doctest/doctest.h>

using enum simple::flaw;

TEST_CASE("byte_ticket_laws: a store whose fence has a gap, or fences what it should not, is refused") {
    broken::expect_refused<memo::detail::byte_ticket_laws>({
        {commit_twice, "stored twice"},
        {abandon_keeps, "abandoned ticket"},
        {commit_unknown, "never given"},
        {commit_any_name, "under another name"},
        {open_ignores_seen, "seen already"},
        {open_joins_void, "a run was joined under another name"},
        {open_joins_other_name, "a run was joined under another name"},
        {open_joins_over_record, "the record comes first"},
        {erase_keeps_tickets, "a run was joined that began before an eviction"},
        {text_keeps_tickets, "began before an eviction"},
        {pattern_keeps_tickets, "began before an eviction"},
        {tag_keeps_tickets, "began before an eviction"},
        {all_keeps_tickets, "began before an eviction"},
        {absent_keeps_tickets, "where nothing is stored"},
        {set_keeps_tickets, "void tickets"},
        {transact_keeps_tickets, "void tickets"},
        {commit_keeps_earlier, "stored over a later one"},
        {commit_ends_later, "only earlier tickets"},
        {amend_ends_tickets, "nothing had ended"},
        {discard_ends_tickets, "nothing had ended"},
        {erase_voids_all, "nothing had ended"},
        {tag_keeps_untagged_tickets, "whatever tags"},
    });
}
