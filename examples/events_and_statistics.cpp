#include <memo/memo.hpp>

#include <iostream>
#include <string>
#include <vector>

namespace {

long square(long x) { return x * x; }

}  // namespace

int main() {
    std::vector<std::string> story;
    auto listener = [&](memo::event const& e) { story.push_back(std::string{to_string(e.kind)} + " " + e.key.text()); };

    auto cached_square = memo::cached(square, memo::key<"square:{0}">, memo::max_size(2), memo::policy(memo::fifo),
                                      memo::on_event(listener));

    for (long const x : {1, 1, 2, 3}) cached_square(x);  // 3 is one too many: 1 leaves

    for (auto const& line : story) std::cout << line << '\n';

    memo::stats const s = cached_square.stats();
    std::cout << s.hits << " of " << s.hits + s.misses << " calls were hits, " << s.items << " results are held\n";
    std::cout << cached_square.explain_size() << '\n';  // the first call begins to watch
    bool const counted = s.hits == 1 && s.misses == 3 && s.evictions == 1 && s.items == 2 && s.hit_ratio() == 0.25;
    return counted && story.front() == "miss square:1" ? 0 : 1;
}
