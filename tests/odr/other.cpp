#include <memo/memo.hpp>

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
