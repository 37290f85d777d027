#include "testing/broken_bytes.hpp"

#include <memo/testing/byte_scan_laws.hpp>

#include <doctest/doctest.h>

using enum simple::flaw;

TEST_CASE("byte_scan_laws: a store that tells what is not so is refused") {
    broken::expect_refused<memo::detail::byte_scan_laws>({
        {scan_loses_pages, "lose none"},
        {scan_other_families, "of another"},
        {scan_shows_digests, "digests"},
        {scan_ignores_glob, "names that match"},
        {count_ignores_scope, "`count` miscounts"},
        {info_empty, "`info` lacks"},
    });
}
