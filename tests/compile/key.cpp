// What enters the key says what an argument is, not where.
#include <memo/memo.hpp>

#include <boost/hana/define_struct.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct keyless {
    int id = 0;
};

struct annotated {
    BOOST_HANA_DEFINE_STRUCT(annotated, (int, id));
};

struct fed {
    int id = 0;
};

template <>
struct memo::key_traits<fed> {
    static void feed(memo::key_writer& w, fed const& v) { w(v.id); }
};

using predicate = std::function<bool(int)>;

int sum_into(int id, std::vector<int>& target);
int by_pointer(int id, keyless const* thing);
int by_pointers(std::vector<keyless const*> things);
int by_smart_pointer(int id, std::shared_ptr<keyless> thing);
int by_unique_pointer(std::unique_ptr<keyless> thing);
int by_callable(int id, predicate test);
int by_function(int (*function)(int));
int by_iterator(std::vector<int>::iterator place);
int by_keyless(int id, keyless const& thing);
int by_keyless_many(std::vector<keyless> const& things);
int by_annotated(annotated const& thing);
int by_fed(std::vector<fed> const& things);
int by_text(char const* text);
int fill(int id, std::span<int> numbers);
int look_at(int id, std::span<int const> numbers);
int by_wrapped(std::reference_wrapper<int> number);
int by_constant(std::reference_wrapper<int const> number);
int by_buffer(char* buffer);
int by_two(int first, int second);

int main() {
#if MEMO_WRONG == 1
    // error: memo::cached: a parameter is a reference that the function may write through, a hit would write nothing
    auto wrong = memo::cached(sum_into);
    std::vector<int> target;
    int sum = wrong(7, target);
#elif MEMO_WRONG == 2
    // error: memo::cached: a parameter is a reference that the function may write through, a hit would write nothing
    auto wrong = memo::cached(sum_into, memo::ignore<1>);
#elif MEMO_WRONG == 3
    // error: memo::cached: a parameter is a raw pointer or holds one, an address says nothing about what stands there
    auto wrong = memo::cached(by_pointer);
    int number = wrong(7, nullptr);
#elif MEMO_WRONG == 4
    // error: memo::cached: a parameter is a raw pointer or holds one, an address says nothing about what stands there
    auto wrong = memo::cached(by_pointers);
#elif MEMO_WRONG == 5
    // error: memo::cached: a parameter is a smart pointer or holds one, an address says nothing about what stands there
    auto wrong = memo::cached(by_smart_pointer);
#elif MEMO_WRONG == 6
    // error: memo::cached: a parameter is a smart pointer or holds one, an address says nothing about what stands there
    auto wrong = memo::cached(by_unique_pointer);
    int number = wrong(std::make_unique<keyless>());
#elif MEMO_WRONG == 7
    // error: memo::cached: a parameter is a callable, two of them cannot be compared
    auto wrong = memo::cached(by_callable);
#elif MEMO_WRONG == 8
    // error: memo::cached: a parameter is a callable, two of them cannot be compared
    auto wrong = memo::cached(by_function);
#elif MEMO_WRONG == 9
    // error: memo::cached: a parameter is an iterator, it says where something is and not what
    auto wrong = memo::cached(by_iterator);
#elif MEMO_WRONG == 10
    // error: memo::cached: a parameter has a type that cannot enter a key
    auto wrong = memo::cached(by_keyless);
    int number = wrong(7, keyless{});
#elif MEMO_WRONG == 11
    // error: memo::cached: a parameter has a type that cannot enter a key
    auto wrong = memo::cached(by_keyless_many);
#elif MEMO_WRONG == 12
    // error: memo::cached: a parameter has a type that cannot enter a key
    auto wrong = memo::cached(by_keyless, memo::args<1>);
#elif MEMO_WRONG == 13
    // error: memo::args: ignore says the same from the other side
    auto wrong = memo::cached(by_two, memo::args<0>, memo::ignore<1>);
#elif MEMO_WRONG == 14
    // error: memo::key: the template names what enters the key, args and ignore contradict it
    auto wrong = memo::cached(by_two, memo::key<"two:{0}">, memo::ignore<1>);
#elif MEMO_WRONG == 15
    // error: memo::key: key_builder makes the key as well
    auto wrong = memo::cached(by_two, memo::key<"two:{0}">, memo::key_builder([](int first, int) { return first; }));
    int number = wrong(7, 8);
#elif MEMO_WRONG == 16
    // error: memo::key_builder: it decides what enters the key, args and ignore contradict it
    auto wrong = memo::cached(by_two, memo::key_builder([](int first, int) { return first; }), memo::args<0>);
#elif MEMO_WRONG == 17
    // error: memo::args: the function has no parameter at one of these places
    auto wrong = memo::cached(by_two, memo::args<1, 2>);
#elif MEMO_WRONG == 18
    // error: memo::ignore: the function has no parameter at one of these places
    auto wrong = memo::cached(by_two, memo::ignore<2>);
#elif MEMO_WRONG == 19
    // error: memo::args: a place is named twice
    auto wrong = memo::cached(by_two, memo::args<1, 1>);
#elif MEMO_WRONG == 20
    // error: memo::key_builder: this cannot be called with the arguments
    auto wrong = memo::cached(by_two, memo::key_builder([](std::string const& text) { return text; }));
#elif MEMO_WRONG == 21
    // error: memo::key_builder: what the function returns cannot enter a key
    auto wrong = memo::cached(by_two, memo::key_builder([](int first, int) { return keyless{first}; }));
#elif MEMO_WRONG == 22
    // error: memo::cached: a parameter is a view that the function may write through, a hit would write nothing
    auto wrong = memo::cached(fill);
    int number = wrong(7, std::vector<int>(3));
#elif MEMO_WRONG == 23
    // error: memo::cached: a parameter is a view that the function may write through, a hit would write nothing
    auto wrong = memo::cached(by_wrapped);
#elif MEMO_WRONG == 24
    // error: memo::cached: a parameter is a view that the function may write through, a hit would write nothing
    auto wrong = memo::cached(by_buffer, memo::key<"buffer:{0}">);
#else
    int number = memo::cached(by_pointer, memo::ignore<1>)(7, nullptr);
    number += memo::cached(by_smart_pointer, memo::args<0>)(7, nullptr);
    number += memo::cached(by_callable, memo::key<"by:{0}">)(7, [](int) { return true; });
    number +=
        memo::cached(by_keyless, memo::key_builder([](int, keyless const& thing) { return thing.id; }))(7, keyless{});
    number += memo::cached(look_at)(7, std::vector<int>(3));
    number += memo::cached(by_constant)(number);
    number += memo::cached(by_annotated)(annotated{7});
    number += memo::cached(by_fed)({fed{7}, fed{8}});
    number += memo::cached(by_text)("7");
    number += memo::cached(by_two, memo::args<0, 1>)(7, 8);
    return number + memo::cached(by_two, memo::ignore<1>)(7, 8);
#endif
}
