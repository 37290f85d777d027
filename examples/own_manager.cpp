#include <memo/memo.hpp>

#include <iostream>
#include <string>

namespace {

std::string load_user(int id) { return "user " + std::to_string(id); }
std::string load_team(int id) { return "team " + std::to_string(id); }

}  // namespace

int main() {
    memo::manager m;  // a space of its own

    auto user = memo::cached(load_user, memo::in(m), memo::key<"user:{0}">, memo::tags<"people">);
    auto team = memo::cached(load_team, memo::in(m), memo::key<"team:{0}">, memo::tags<"people">);
    auto elsewhere = memo::cached(load_user, memo::key<"user:{0}">);  // in the default manager

    for (int const id : {1, 2, 3}) {
        user(id);
        team(id);
        elsewhere(id);
    }

    auto const some = m.evict_pattern("user:[12]");  // reaches every wrapper in m, and none elsewhere
    auto const rest = m.evict_tag("people");

    memo::stats const sum = m.stats();
    std::cout << sum.misses << " misses in m, " << sum.items << " results left, " << elsewhere.size() << " elsewhere\n";
    return some.count() == 2 && rest.count() == 4 && sum.misses == 6 && sum.items == 0 && elsewhere.size() == 3 ? 0 : 1;
}
