#include "cache_grounds.hpp"

#include <memo/base/error.hpp>
#include <memo/cache.hpp>
#include <memo/store/memory_bytes.hpp>

#include <sys/stat.h>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

std::string read(std::string const& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

void write(std::string const& path, std::string const& bytes) {
    std::ofstream{path, std::ios::binary} << bytes;
}

std::size_t files_in(std::string const& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{folder}, {}));
}

/// What the import of these bytes throws, and how many entries it left behind.
std::pair<std::string, std::size_t> import_of(std::string const& path, std::string const& bytes) {
    memo::cache const c;
    write(path, bytes);
    try {
        c.import_from(path);
    } catch (memo::error const& fault) {
        return {fault.what(), c.keys("*").size()};
    }
    return {{}, c.keys("*").size()};
}

}  // namespace

TEST_CASE("export: what was exported from one store is imported into another, with all it has") {
    folder const files;
    auto const path = files / "all";
    for (auto const& from : grounds())
        for (auto const& to : grounds()) {
            INFO("from ", from.name, " to ", to.name);
            stand one{from};
            stand other{to};
            std::string every;
            for (int byte = 0; byte != 256; ++byte)
                every += static_cast<char>(byte);
            one.c.set("number", 7, {.ttl = 10s, .tags = {"t", "u"}, .metadata = {{"author", "ann"}}});
            one.c.set(every, every);
            one.c.set("", 2.5);
            one.c.set("expired", 1, {.ttl = 1s});
            for (int n = 0; n != 200; ++n)
                one.c.set("many:" + std::to_string(n), std::string(1000, 'x'));
            one.time.advance(4s);
            std::vector<std::pair<std::size_t, std::size_t>> steps;
            auto const step = [&](std::size_t done, std::size_t total) { steps.emplace_back(done, total); };
            CHECK(one.c.export_to(path, step) == 203);
            CHECK(steps.size() == 204);
            CHECK(steps.back() == std::pair<std::size_t, std::size_t>{204, 204});
            steps.clear();
            other.time.advance(1000h);
            one.time.advance(20s);
            other.c.set("number", 1);
            other.c.set("own", 1);
            CHECK(other.c.import_from(path, step) == 203);
            CHECK(steps.size() == 203);
            CHECK(steps.back() == std::pair<std::size_t, std::size_t>{203, 203});
            CHECK(other.c.keys("*").size() == 204);
            CHECK(other.c.get<int>("number") == 7);
            CHECK(other.c.ttl("number") == 6s);
            CHECK(other.c.metadata("number") == std::map<std::string, std::string>{{"author", "ann"}});
            CHECK(other.c.get<std::string>(every) == every);
            CHECK(other.c.get<double>("") == 2.5);
            CHECK(other.c.ttl("") == memo::duration::max());
            CHECK(other.c.touch("number"));
            CHECK(other.c.ttl("number") == 10s);
            CHECK(other.c.erase_tag("t").count() == 1);
            CHECK(files_in(files.path()) == 1);
        }
}

TEST_CASE("export: an import fences the runs in flight") {
    folder const files;
    memo::cache const c;
    c.set("n", 1);
    c.export_to(files / "all");
    c.clear();
    CHECK(c.get_or_compute("n", [&] { return static_cast<int>(c.import_from(files / "all")) + 1; }) == 2);
    CHECK(c.get<int>("n") == 1);
}

TEST_CASE("export: the file is for its owner alone, and stands whole or not at all") {
    folder const files;
    auto const path = files / "all";
    memo::cache const c;
    for (int n = 0; n != 100; ++n)
        c.set(std::to_string(n), n);
    write(path, "before");
    auto const stop = [](std::size_t done, std::size_t) {
        if (done == 50)
            throw std::runtime_error{"stop"};
    };
    CHECK_THROWS_AS(c.export_to(path, stop), std::runtime_error);
    CHECK(read(path) == "before");
    CHECK(files_in(files.path()) == 1);
    CHECK(c.export_to(path) == 100);
    CHECK(files_in(files.path()) == 1);
    struct stat facts {};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);
    CHECK_THROWS_AS(c.export_to(files / "none/all"), memo::error);
    CHECK_THROWS_AS(c.export_to("/dev/full/x"), memo::error);
    memo::cache const empty;
    CHECK(empty.export_to(path) == 0);
    CHECK(empty.import_from(path) == 0);
}

TEST_CASE("F13 export: a file that is damaged anywhere gives all whole entries and no other, and says how many") {
    folder const files;
    auto const path = files / "all";
    memo::cache const c;
    c.set("a", 1);
    c.set("b", 2);
    c.set("c", "three");
    REQUIRE(c.export_to(path) == 3);
    auto const whole = read(path);
    REQUIRE(import_of(path, whole) == std::pair<std::string, std::size_t>{"", 3});
    for (std::size_t size = 0; size != whole.size(); ++size) {
        auto const outcome = import_of(path, whole.substr(0, size));
        INFO("truncated to ", size, ": ", outcome.first);
        CHECK_FALSE(outcome.first.empty());
        CHECK(outcome.second < 3);
    }
    for (std::size_t at = 0; at != whole.size(); ++at)
        for (char const flip : {'\x01', '\x80', '\xff'}) {
            auto spoiled = whole;
            spoiled[at] = static_cast<char>(spoiled[at] ^ flip);
            auto const outcome = import_of(path, spoiled);
            INFO("flipped at ", at, ": ", outcome.first);
            CHECK_FALSE(outcome.first.empty());
            CHECK(outcome.second < 3);
        }
    auto spoiled = whole;
    spoiled[60] = static_cast<char>(spoiled[60] ^ 1);
    CHECK(import_of(path, spoiled).first == "memo::cache(import_from " + path +
                                                "): of 3 entries 1 are damaged or missing and were left out, 2 were imported; take "
                                                "another file for the others");
}

TEST_CASE("export: what is no export is refused, and so is what cannot be read") {
    folder const files;
    auto const path = files / "all";
    CHECK(import_of(path, "").first.find("it was not written by export_to") != std::string::npos);
    CHECK(import_of(path, std::string(1000, 'x')).first.find("it was not written by export_to") != std::string::npos);
    memo::cache const c;
    CHECK_THROWS_AS(c.import_from(files / "none"), memo::error);
    CHECK_THROWS_AS(c.import_from(files.path()), memo::error);
    CHECK_THROWS_AS(c.import_from("/dev/null"), memo::error);
}

TEST_CASE("F09 export: records of a later memo travel as they are, and are no entries for this one") {
    folder const files;
    memo::memory_bytes_store const store;
    memo::cache const c{store};
    c.set("n", 7);
    auto later = *store->get({"c", "n"});
    later[4] = '\x02';
    store->set({"c", "later"}, {later});
    CHECK(c.get<int>("later") == std::nullopt);
    CHECK(c.export_to(files / "all") == 2);
    memo::memory_bytes_store const other;
    CHECK(memo::cache{other}.import_from(files / "all") == 2);
    CHECK(other->get({"c", "later"}) == later);
    CHECK(memo::cache{other}.get<int>("n") == 7);
}
