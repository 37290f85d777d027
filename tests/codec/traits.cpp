#include <memo/codec/traits.hpp>

#include <memo/base/error.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {

struct ticket {
    int number = 0;
};
struct coat {};

}  // namespace

template <>
struct memo::codec_traits<ticket> {
    static void encode(std::string& out, ticket const& value) { out += static_cast<char>(value.number); }
    static ticket decode(std::string_view bytes, memo::decode_limits const&) {
        if (bytes.size() != 1)
            throw memo::value_error{"ticket: not one byte; run the function again"};
        return {bytes.front()};
    }
    static std::string schema() { return "ticket/1"; }
};

TEST_CASE("traits: a type with a codec of its own can be stored, one without cannot") {
    static_assert(memo::storable<ticket>);
    static_assert(!memo::storable<coat> && !memo::storable<coat*> && !memo::storable<void*>);
    std::string bytes;
    memo::codec_traits<ticket>::encode(bytes, ticket{7});
    CHECK(memo::codec_traits<ticket>::decode(bytes, {}).number == 7);
}

TEST_CASE("F09 traits: fingerprints are those of every release, and other schemas have others") {
    CHECK(memo::detail::fingerprint("") == 0x6001c324468d497f);
    CHECK(memo::detail::fingerprint("i32") != memo::detail::fingerprint("i64"));
    CHECK(memo::detail::fingerprint_of<ticket>() == memo::detail::fingerprint("ticket/1"));
}
