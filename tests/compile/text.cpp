// Templates of keys, tags and patterns are read when they are compiled.
#include <memo/memo.hpp>

#include <boost/hana/define_struct.hpp>

#include <string>
#include <vector>

struct person {
    BOOST_HANA_DEFINE_STRUCT(person, (int, id), (std::vector<int>, marks));
};

std::string describe(int id, person const& whom);
void change(int id, std::string const& name);

int main() {
#if MEMO_WRONG == 1
    // error: memo::key: a brace of the template has no partner
    auto wrong = memo::cached(describe, memo::key<"text:{0">);
    std::string text = wrong(7, person{});
#elif MEMO_WRONG == 2
    // error: memo::key: a brace of the template has no partner
    auto wrong = memo::cached(describe, memo::key<"text:0}">);
#elif MEMO_WRONG == 3
    // error: memo::key: the template has an empty placeholder {}
    auto wrong = memo::cached(describe, memo::key<"text:{}">);
#elif MEMO_WRONG == 4
    // error: memo::key: a placeholder of the template is neither {index} nor {index.field}
    auto wrong = memo::cached(describe, memo::key<"text:{id}">);
#elif MEMO_WRONG == 5
    // error: memo::key: a placeholder of the template names a parameter that the function does not have
    auto wrong = memo::cached(describe, memo::key<"text:{2}">);
#elif MEMO_WRONG == 6
    // error: memo::key: a placeholder of the template names a field that its parameter does not have
    auto wrong = memo::cached(describe, memo::key<"text:{1.name}">);
#elif MEMO_WRONG == 7
    // error: memo::key: a placeholder of the template stands for a type without text
    auto wrong = memo::cached(describe, memo::key<"text:{1.marks}">);
#elif MEMO_WRONG == 8
    // error: memo::key: a placeholder of the template stands for a type without text
    auto wrong = memo::cached(describe, memo::key<"text:{1}">);
#elif MEMO_WRONG == 9
    // error: memo::tags: a placeholder of a tag names a parameter that the function does not have
    auto wrong = memo::cached(describe, memo::tags<"texts", "person:{2}">);
    std::string text = wrong(7, person{});
#elif MEMO_WRONG == 10
    // error: memo::tags: a tag has an empty placeholder {}
    auto wrong = memo::cached(describe, memo::tags<"texts", "person:{}">);
#elif MEMO_WRONG == 11
    // error: memo::tags: a brace of a tag has no partner
    auto wrong = memo::cache_evict(change, memo::tags<"person:{0">);
    wrong(7, "ann");
#elif MEMO_WRONG == 12
    // error: memo::key: a placeholder of the template names a parameter that the function does not have
    auto wrong = memo::cache_evict(change, memo::key<"text:{2}">);
    wrong(7, "ann");
#elif MEMO_WRONG == 13
    // error: memo::pattern: a placeholder of the pattern names a parameter that the function does not have
    auto wrong = memo::cache_evict(change, memo::pattern<"text:{2}:*">);
#elif MEMO_WRONG == 14
    // error: memo::pattern: a brace of the pattern has no partner
    auto wrong = memo::cache_evict(change, memo::pattern<"text:{0:*">);
#elif MEMO_WRONG == 15
    // error: memo::pattern: the pattern is malformed, a [ is not closed or a backslash stands at its end
    auto wrong = memo::cache_evict(change, memo::pattern<"text:[0-9">);
    wrong(7, "ann");
#else
    auto right = memo::cached(describe, memo::key<"text:{0}:{1.id}:{{}}">, memo::tags<"texts", "person:{1.id}">);
    auto fixed_key = memo::cached(describe, memo::key<"text">);
    auto evicting =
        memo::cache_evict(change, memo::key<"text:{0}">, memo::tags<"person:{0}">, memo::pattern<"text:[0-9]:{1}:*">);
    evicting(7, "ann");
    return static_cast<int>((right(7, person{}) + fixed_key(7, person{})).size());
#endif
}
