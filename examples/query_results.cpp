#include <memo/memo.hpp>

#include <sqlite3.h>

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;

namespace {

/// A database with sales, and the queries that a report needs.
class shop {
public:
    shop() {
        sqlite3_open(":memory:", &database_);
        ask("CREATE TABLE sale (region TEXT, amount INTEGER)");
        ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) "
            "INSERT INTO sale SELECT CASE i % 2 WHEN 0 THEN 'north' ELSE 'south' END, i FROM n");
    }
    shop(shop const&) = delete;
    shop& operator=(shop const&) = delete;
    ~shop() { sqlite3_close(database_); }

    long ask(std::string const& sql) {
        long answer = 0;
        auto const take = [](void* into, int, char** row, char**) { return *static_cast<long*>(into) = std::stol(row[0]), 0; };
        if (sqlite3_exec(database_, sql.c_str(), take, &answer, nullptr) != SQLITE_OK)
            throw std::runtime_error{sqlite3_errmsg(database_)};
        return answer;
    }

private:
    sqlite3* database_ = nullptr;
};

}  // namespace

int main() {
    shop db;
    auto turnover = memo::cached(
        [&](std::string const& region) { return db.ask("SELECT sum(amount) FROM sale WHERE region = '" + region + "'"); },
        memo::ttl(5min), memo::key<"turnover:{0}">);
    auto sell = memo::cache_evict(
        [&](std::string const& region, long amount) {
            db.ask("INSERT INTO sale VALUES ('" + region + "', " + std::to_string(amount) + ")");
        },
        memo::entry(turnover, memo::by<0>));

    long const before = turnover("north");
    turnover("north");    // a hit
    sell("north", 1'000);  // the next call asks the database again
    std::cout << "north: " << before << ", then " << turnover("north") << '\n' << turnover.stats() << '\n';
    return turnover("north") == before + 1'000 && turnover.stats().runs == 2 ? 0 : 1;
}
