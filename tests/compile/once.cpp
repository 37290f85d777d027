// Each option at most once, and only where it belongs.
#include <memo/memo.hpp>

#include <chrono>
#include <string>

using namespace std::chrono_literals;

std::string describe(int id, std::string const& language);
auto const get = memo::cached(describe, memo::key<"text:{0}:{1}">);

int main() {
#if MEMO_WRONG == 1
    // error: memo::ttl: it is given twice
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::max_size(10), memo::ttl(10min));
    std::string text = wrong(7, "en");
#elif MEMO_WRONG == 2
    // error: memo::max_size: it is given twice
    auto wrong = memo::cached(describe, memo::max_size(10), memo::max_size(20));
#elif MEMO_WRONG == 3
    // error: memo::coalesce: it is given twice, or no_coalesce contradicts it
    auto wrong = memo::cached(describe, memo::coalesce, memo::no_coalesce);
#elif MEMO_WRONG == 4
    // error: memo::tags: it is given twice
    auto wrong = memo::cached(describe, memo::tags<"texts">, memo::tags<"lang:{1}">);
#elif MEMO_WRONG == 5
    // error: memo::key: it is given twice
    auto wrong = memo::cached(describe, memo::key<"a:{0}">, memo::key<"b:{0}">);
#elif MEMO_WRONG == 6
    // error: memo::ignore: it is given twice
    auto wrong = memo::cached(describe, memo::ignore<0>, memo::ignore<1>);
#elif MEMO_WRONG == 7
    // error: memo::cached: entry, all, pattern and before say what goes and belong to memo::cache_evict
    auto wrong = memo::cached(describe, memo::before);
#elif MEMO_WRONG == 8
    // error: memo::cached: entry, all, pattern and before say what goes and belong to memo::cache_evict
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::entry(get));
    std::string text = wrong(7, "en");
#elif MEMO_WRONG == 9
    // error: memo::cached: entry, all, pattern and before say what goes and belong to memo::cache_evict
    auto wrong = memo::cached(describe, memo::pattern<"text:*">);
#elif MEMO_WRONG == 10
    // error: memo::cached: instance_key, any_instance and each_instance speak of an object
    auto wrong = memo::cached(describe, memo::any_instance);
#elif MEMO_WRONG == 11
    // error: memo::policy: it is given twice, or memo::cost_aware beside it, which says who leaves as well
    auto wrong = memo::cached(describe, memo::cost_aware, memo::policy(memo::lru));
#else
    auto right = memo::cached(describe, memo::ttl(5min), memo::max_size(20), memo::coalesce,
                              memo::tags<"texts", "lang:{1}">, memo::key<"b:{0}">, memo::no_stats);
    auto other = memo::cached(describe, memo::ignore<0, 1>, memo::no_coalesce);
    return static_cast<int>(right(7, "en").size() + other(7, "en").size() + get.size());
#endif
}
