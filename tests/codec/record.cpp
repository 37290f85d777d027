#include "codec/counted.hpp"
#include "codec/specimens.hpp"

#include <memo/base/hash.hpp>
#include <memo/codec/record.hpp>
#include <memo/codec/wire.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace memo::detail;

namespace {

flaw judge(std::string_view bytes) {
    record into;
    return read_record(bytes, into);
}

/// The record with a checksum that fits, as somebody would forge it.
std::string sealed(std::string bytes) {
    constexpr std::size_t seal = 16;
    auto const sum = digest_of(std::string_view{bytes}.substr(0, bytes.size() - seal));
    write_wire(write_wire(bytes.data() + bytes.size() - seal, sum.low), sum.high);
    return bytes;
}

std::string arbitrary_text() {
    return *rc::gen::arbitrary<std::string>();
}

}  // namespace

TEST_CASE("record: what was written is read back, part by part") {
    for (auto const& specimen : specimens::all()) {
        CAPTURE(specimen.first);
        auto const bytes = write_record(specimen.second);
        record again;
        REQUIRE(read_record(bytes, again) == flaw::none);
        CHECK(specimens::equal(specimen.second, again));
    }
    CHECK(rc::check([] {
        std::vector<std::string> const texts = *rc::gen::arbitrary<std::vector<std::string>>();
        auto const family = arbitrary_text(), identity = arbitrary_text(), payload = arbitrary_text();
        record made{.type = *rc::gen::arbitrary<std::uint64_t>(), .family = family, .identity = identity, .payload = payload};
        for (auto const& text : texts) {
            made.tags.push_back(text);
            made.metadata.emplace_back(text, family);
        }
        made.times.created = memo::duration{*rc::gen::arbitrary<std::int64_t>()};
        made.times.failures = *rc::gen::arbitrary<std::uint32_t>();
        auto const bytes = write_record(made);
        record again = specimens::full();
        RC_ASSERT(read_record(bytes, again) == flaw::none);
        RC_ASSERT(specimens::equal(made, again));
        RC_ASSERT(write_record(again) == bytes);
    }));
}

TEST_CASE("record: the views of a record that was read show its bytes and no others") {
    auto const bytes = write_record(specimens::full());
    record read;
    REQUIRE(read_record(bytes, read) == flaw::none);
    for (auto const text : {read.family, read.identity, read.tags[0], read.metadata[0].second, read.payload})
        CHECK((text.data() > bytes.data() && text.data() + text.size() < bytes.data() + bytes.size()));
}

TEST_CASE("record: spans below zero are written as zero") {
    record made;
    using memo::duration;
    made.times = {.ttl = duration{-1}, .grace = duration::min(), .idle = duration{-7}, .cost = duration{-2}};
    auto const bytes = write_record(made);
    record again;
    REQUIRE(read_record(bytes, again) == flaw::none);
    CHECK(again.times == record_times{.ttl = {}, .idle = {}});
}

TEST_CASE("F09 record: the bytes are those of every release, and those of every release are read") {
    std::vector<std::string> lines;
    for (auto const& [name, made] : specimens::all())
        lines.push_back(name + " | " + to_hex(write_record(made)));
    auto const kept = specimens::kept_lines("records.txt", lines);
    REQUIRE(kept.size() == lines.size());
    for (std::size_t index = 0; index != kept.size(); ++index) {
        CHECK(lines[index] == kept[index]);
        auto const bytes = specimens::from_hex(std::string_view{kept[index]}.substr(kept[index].find(" | ") + 3));
        record read;
        REQUIRE(read_record(bytes, read) == flaw::none);
        CHECK(specimens::equal(read, specimens::all()[index].second));
    }
}

TEST_CASE("F11 record: every prefix is truncated, every extension corrupt, and every other byte refused") {
    auto corpus = specimens::all();
    std::string const large(3800, 'p');
    auto near_limit = specimens::full();
    near_limit.payload = large;
    corpus.emplace_back("of 4 KB", near_limit);
    for (auto const& specimen : corpus) {
        CAPTURE(specimen.first);
        auto const bytes = write_record(specimen.second);
        REQUIRE(bytes.size() <= 4096);
        for (std::size_t size = 0; size != bytes.size(); ++size)
            REQUIRE(judge(std::string_view{bytes}.substr(0, size)) == flaw::truncated);
        for (unsigned extra = 0; extra != 256; ++extra)
            REQUIRE(judge(bytes + static_cast<char>(extra)) == flaw::corrupt);
        REQUIRE(judge(bytes + bytes) == flaw::corrupt);
        std::size_t accepted = 0;
        auto changed = bytes;
        for (char& byte : changed) {
            char const right = byte;
            for (unsigned other = 1; other != 256; ++other) {
                byte = static_cast<char>(static_cast<unsigned char>(right) ^ other);
                accepted += judge(changed) == flaw::none;
            }
            byte = right;
        }
        CHECK(accepted == 0);
    }
}

TEST_CASE("F13 record: no flipped bits, bursts, zeroed, doubled or swapped stretches are read") {
    std::mt19937_64 chance{13};
    auto const within = [&chance](std::size_t size) { return std::uniform_int_distribution<std::size_t>{0, size - 1}(chance); };
    std::vector<std::string> corpus;
    for (auto const& [name, made] : specimens::all())
        corpus.push_back(write_record(made));
    std::size_t accepted = 0;
    for (unsigned round = 0; round != 100'000; ++round) {
        auto const& right = corpus[round % corpus.size()];
        auto bytes = right;
        auto const at = within(bytes.size());
        auto const size = 1 + within(std::min<std::size_t>(bytes.size() - at, 64));
        switch (round / corpus.size() % 5) {
            case 0: bytes[at] = static_cast<char>(bytes[at] ^ 1 << within(8)); break;
            case 1:
                for (std::size_t byte = at; byte != at + size; ++byte)
                    bytes[byte] = static_cast<char>(chance());
                break;
            case 2: bytes.replace(at, size, size, '\0'); break;
            case 3: bytes.insert(at, bytes.substr(at, size)); break;
            default: std::swap_ranges(bytes.data(), bytes.data() + size, bytes.data() + bytes.size() - size);
        }
        accepted += bytes != right && judge(bytes) == flaw::none;
    }
    CHECK(accepted == 0);
}

TEST_CASE("F14 record: family, identity and type stand under the checksum, each within its own bounds") {
    auto const made = specimens::full();
    auto const bytes = write_record(made);
    auto moved = made;
    moved.family = "f:users.get:4:0123456789abcdef";
    auto const other = write_record(moved);
    REQUIRE(other.size() == bytes.size());
    constexpr std::size_t seal = 16;
    CHECK(judge(other.substr(0, other.size() - seal) + bytes.substr(bytes.size() - seal)) == flaw::corrupt);
    auto retyped = bytes;
    retyped[14] = static_cast<char>(retyped[14] ^ 1);
    CHECK(judge(retyped) == flaw::corrupt);

    record left{.family = "ab", .identity = "c"}, right{.family = "a", .identity = "bc"};
    CHECK(write_record(left) != write_record(right));
}

TEST_CASE("record: it ends with its seal, which says all of it") {
    auto made = specimens::full();
    auto const seal = write_record(made).substr(write_record(made).size() - 16);
    made.times.read += memo::duration{1};
    CHECK(write_record(made).substr(write_record(made).size() - 16) != seal);
}

TEST_CASE("F09 record: another format and unknown flags are told from damage") {
    auto bytes = write_record(specimens::full());
    CHECK(judge("") == flaw::truncated);
    CHECK(judge("mem") == flaw::truncated);
    CHECK(judge("Memo") == flaw::foreign);
    CHECK(judge("SQLite format 3") == flaw::foreign);
    auto newer = bytes;
    newer[4] = 2;
    CHECK(judge(sealed(newer)) == flaw::version);
    auto flagged = bytes;
    flagged[5] = 1;
    CHECK(judge(flagged) == flaw::corrupt);
    CHECK(judge(sealed(flagged)) == flaw::version);
}

TEST_CASE("F10 record: a forged length of any size costs no memory") {
    auto const bytes = write_record(specimens::full());
    constexpr std::size_t texts_at = 90;
    std::uint64_t const sizes[] = {bytes.size(), 1U << 16,   1ULL << 31,       (1ULL << 32) - 1,
                                   1ULL << 47,   1ULL << 63, ~std::uint64_t{0}};
    for (std::size_t at = texts_at; at != bytes.size() - 16; ++at) {
        for (auto const size : sizes) {
            std::string length;
            append_length(length, size);
            auto forged = bytes;
            forged.replace(at, 1, length);
            write_wire(forged.data() + 6, std::uint64_t{forged.size()});
            forged = sealed(forged);
            record into;
            counted::memory const taken;
            auto const found = read_record(forged, into);
            CHECK(taken.bytes() <= 64 * forged.size());
            CHECK((found == flaw::corrupt || found == flaw::none));
        }
    }
    auto claimed = bytes;
    for (auto const size : sizes) {
        write_wire(claimed.data() + 6, size);
        if (size != bytes.size())
            CHECK(judge(sealed(claimed)) == flaw::truncated);
    }
    write_wire(claimed.data() + 6, std::uint64_t{0});
    CHECK(judge(sealed(claimed)) == flaw::corrupt);
}

TEST_CASE("F10 record: as many tags as bytes take a bounded multiple of them") {
    record made;
    made.tags.resize(100'000);
    auto const bytes = write_record(made);
    record into;
    counted::memory const taken;
    REQUIRE(read_record(bytes, into) == flaw::none);
    CHECK(taken.bytes() <= 64 * bytes.size());
}

TEST_CASE("F11 record: malformed contents are corrupt under a checksum that fits") {
    auto const bytes = write_record({.family = "abc"});
    constexpr std::size_t ttl_at = 30, texts_at = 90;
    auto wrong = bytes;
    write_wire(wrong.data() + ttl_at, ~std::uint64_t{0});
    CHECK(judge(sealed(wrong)) == flaw::corrupt);
    for (std::size_t behind : {1U, 2U, 3U, 4U, 5U}) {  // identity, tags, metadata, payload, MAC: one byte, and nothing there
        wrong = bytes;
        wrong[texts_at + 3 + behind] = 1;
        CHECK(judge(sealed(wrong)) == flaw::corrupt);
    }
    wrong = bytes;
    wrong[texts_at] = 2;
    CHECK(judge(sealed(wrong)) == flaw::corrupt);
    wrong[texts_at] = '\x83';  // three, with a byte more than it needs
    wrong.insert(texts_at + 1, 1, '\0');
    write_wire(wrong.data() + 6, std::uint64_t{wrong.size()});
    CHECK(judge(sealed(wrong)) == flaw::corrupt);
}

TEST_CASE("record: a hit allocates nothing where there are no tags and no metadata") {
    std::string const payload(1000, 'p');
    auto const bytes = write_record({.family = "f:users.get:3:0", .identity = "user:1", .payload = payload});
    record into;
    counted::memory const taken;
    CHECK(read_record(bytes, into) == flaw::none);
    CHECK(taken.bytes() == 0);
}

TEST_CASE("record: each flaw has a word of its own") {
    std::vector<std::string_view> words;
    for (std::size_t index = 0; index != flaws; ++index)
        words.push_back(to_string(static_cast<flaw>(index)));
    CHECK(words == std::vector<std::string_view>{"none", "foreign", "version", "truncated", "corrupt", "key", "type",
                                                 "undecodable", "future"});
}
