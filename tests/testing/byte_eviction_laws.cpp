#include "testing/broken_bytes.hpp"

#include <memo/testing/byte_eviction_laws.hpp>

#include <doctest/doctest.h>

using enum simple::flaw;

TEST_CASE("byte_eviction_laws: a store whose evictions take too much, or too little, or miscount, is refused") {
    broken::expect_refused<memo::detail::byte_eviction_laws>({
        {scope_ignored, "`erase_all` miscounted"},
        {scope_is_family, "an eviction did not take"},
        {all_skips_digests, "an eviction did not take"},
        {tag_first_only, "tags): a tag miscounted"},
        {tag_is_prefix, "do not have it"},
        {set_keeps_tags, "tags go with the record"},
        {amend_keeps_tags, "tags go with the record"},
        {tag_reaches_replaced, "tags go with the record"},
        {text_is_pattern, "took its text for a pattern"},
        {text_reaches_digests, "texts): "},
        {pattern_reaches_digests, "patterns): "},
        {pattern_ignores_scope, "left its scope"},
        {pattern_without_classes, "did not take the entry"},
        {count_ignores_scope, "`count` miscounts a scope"},
    });
}
