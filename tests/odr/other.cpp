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

#include <string>

std::string shout(std::string const& word, int times) {
    auto repeated = memo::cached(
        [](std::string const& text, int count) {
            std::string all;
            for (int i = 0; i < count; ++i) all += text + '!';
            return all;
        },
        memo::max_size(10), memo::key<"shout:{0}:{1}">);
    return repeated(word, times);
}
