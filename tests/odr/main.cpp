#include <memo/cache.hpp>
#include <memo/codec/cereal.hpp>
#include <memo/codec/json.hpp>
#include <memo/fwd.hpp>
#include <memo/memo.hpp>
#include <memo/open.hpp>
#include <memo/store/redis.hpp>
#include <memo/store/sqlite.hpp>
#include <memo/store/tiered.hpp>
#include <memo/testing.hpp>

#include <cstdio>
#include <string>

std::string shout(std::string const& word, int times);

namespace {
int runs = 0;

int square(int x) {
    ++runs;
    return x * x;
}
}  // namespace

int main() {
    auto squared = memo::cached(square, memo::max_size(10));
    bool const well = squared(12) == 144 && squared(12) == 144 && runs == 1 && shout("hey", 2) == "hey!hey!";
    std::puts(well ? "odr: two translation units make one program" : "odr: the linked program computes wrong results");
    return well ? 0 : 1;
}
