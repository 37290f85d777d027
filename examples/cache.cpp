// Keys and values without a function: lifetimes, tags, metadata, hooks, a transaction, and a file to take along.
#include <memo/cache.hpp>

#include <cassert>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>

using namespace std::chrono_literals;

int main() {
    memo::cache c;  // in memory; memo::cache c{memo::open("redis://localhost:6379/0?prefix=myapp:")} on a server
    c.set("user:1", "Ann", {.ttl = 300s, .tags = {"users"}, .metadata = {{"author", "import"}}});
    assert(c.get<std::string>("user:1") == "Ann");
    assert(c.get<int>("user:1") == std::nullopt);  // of another type
    assert(c.ttl("user:1") <= 300s && c.metadata("user:1")->at("author") == "import");

    // what nobody stored is computed once, also when many ask for it at the same time
    int const answer = c.get_or_compute("answer", [] { return 42; }, {.ttl = 1h});
    assert(answer == 42 && c.get<int>("answer") == 42);

    // values of one type are checked, changed, loaded
    c.validator([](std::string_view, double price) { return price >= 0; });
    c.loader([](std::string_view key) { return static_cast<double>(key.size()); });
    try {
        c.set("price", -1.0);
        assert(false);
    } catch (memo::value_error const& refused) {
        std::cout << refused.what() << '\n';
    }
    assert(c.get<double>("price") == 5.0);

    // all or nothing
    auto move = c.transaction();
    move.set("stock:here", 9);
    move.set("stock:there", 1);
    assert(!c.exists("stock:here"));
    move.commit();
    assert(c.keys("stock:*").size() == 2);

    // to another store, with what remains of the lifetimes
    auto const path = (std::filesystem::temp_directory_path() / "memo-example-cache").string();
    auto const written = c.export_to(path, [](std::size_t done, std::size_t total) { std::cout << done << '/' << total << ' '; });
    memo::cache other;
    assert(other.import_from(path) == written);
    assert(other.get<std::string>("user:1") == "Ann" && other.erase_tag("users").count() == 1);
    std::filesystem::remove(path);
    std::cout << "\n" << c.stats() << '\n';
}
