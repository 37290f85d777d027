// cache_evict knows what goes, and what goes fits the call.
#include <memo/memo.hpp>

#include <chrono>
#include <string>
#include <tuple>

using namespace std::chrono_literals;

std::string describe(int id);
std::string describe_in(int id, std::string const& language);
void rename(int id, std::string const& name);
void rename(std::string const& old_name, std::string const& name);
void change(int id, std::string const& name);
void drop(std::string const& name);
std::string fetch(int id);

struct shop {
    std::string load(int id) const;
    void save(int id);
    std::string tenant;
};

struct bank {
    void save(int id);
};

auto const get = memo::cached(describe);
auto const get_in = memo::cached(describe_in);
auto const load = memo::cached_method(&shop::load, memo::instance_key(&shop::tenant));

int main() {
#if MEMO_WRONG == 1
    // error: memo::cache_evict: there is nothing to evict
    auto wrong = memo::cache_evict(change);
    wrong(7, "ann");
#elif MEMO_WRONG == 2
    // error: memo::cache_evict: there is nothing to evict
    auto wrong = memo::cache_evict(change, memo::before);
#elif MEMO_WRONG == 3
    // error: memo::cache_evict: an option of memo::cached stands among the targets
    auto wrong = memo::cache_evict(change, memo::all(get), memo::ttl(5min));
    wrong(7, "ann");
#elif MEMO_WRONG == 4
    // error: memo::cache_evict: something stands among the targets that is none
    auto wrong = memo::cache_evict(change, get);
    wrong(7, "ann");
#elif MEMO_WRONG == 5
    // error: memo::cache_evict: a target stands where the function belongs
    auto wrong = memo::cache_evict(memo::all(get), change);
#elif MEMO_WRONG == 6
    // error: memo::cache_evict: what is wrapped cannot be called
    auto wrong = memo::cache_evict(5, memo::all(get));
#elif MEMO_WRONG == 7
    // error: memo::signature: the name means several functions
    auto wrong = memo::cache_evict(rename, memo::all(get));
    wrong(7, "ann");
#elif MEMO_WRONG == 8
    // error: memo::signature: a generic or overloaded call operator has no signature of its own
    auto wrong = memo::cache_evict([](auto) {}, memo::all(get));
#elif MEMO_WRONG == 9
    // error: memo::entry: this is no wrapper of memo's
    auto wrong = memo::cache_evict(fetch, memo::entry(describe));
    std::string text = wrong(7);
#elif MEMO_WRONG == 10
    // error: memo::all: this is no wrapper of memo's
    auto wrong = memo::cache_evict(change, memo::all(describe));
#elif MEMO_WRONG == 11
    // error: memo::entry: this wrapper stores nothing, it only evicts or fills others
    auto wrong = memo::cache_evict(change, memo::entry(memo::cache_evict(change, memo::all(get))));
#elif MEMO_WRONG == 12
    // error: memo::entry: the wrapper takes another number of arguments than this function
    auto wrong = memo::cache_evict(change, memo::entry(get));
    wrong(7, "ann");
#elif MEMO_WRONG == 13
    // error: memo::entry: the arguments of this function do not fit those of the wrapper
    auto wrong = memo::cache_evict(drop, memo::entry(get));
#elif MEMO_WRONG == 14
    // error: memo::by: the function has no parameter at one of these places
    auto wrong = memo::cache_evict(change, memo::entry(get, memo::by<2>));
#elif MEMO_WRONG == 15
    // error: memo::by: the wrapper takes another number of arguments than there are places
    auto wrong = memo::cache_evict(change, memo::entry(get, memo::by<0, 1>));
#elif MEMO_WRONG == 16
    // error: memo::by: the argument at one of these places does not fit the wrapper's
    auto wrong = memo::cache_evict(change, memo::entry(get, memo::by<1>));
#elif MEMO_WRONG == 17
    // error: memo::entry: the function cannot be called with the arguments
    auto wrong = memo::cache_evict(change, memo::entry(get, [](int id) { return id; }));
#elif MEMO_WRONG == 18
    // error: memo::entry: the function returns another number of arguments than the wrapper takes
    auto wrong =
        memo::cache_evict(change, memo::entry(get_in, [](int id, std::string const&) { return std::tuple{id}; }));
#elif MEMO_WRONG == 19
    // error: memo::entry: what the function returns does not fit the wrapper's arguments
    auto wrong = memo::cache_evict(change, memo::entry(get, [](int, std::string const& name) { return name; }));
#elif MEMO_WRONG == 20
    // error: memo::entry: a free function has no object from which a cached_method could take its key
    auto wrong = memo::cache_evict(change, memo::entry(load, memo::by<0>));
#elif MEMO_WRONG == 21
    // error: memo::entry: the cached_method belongs to another class than the member function
    auto wrong = memo::cache_evict(&bank::save, memo::entry(load));
#elif MEMO_WRONG == 22
    // error: memo::cache_evict: instance_key speaks of an object and a free function has none
    auto wrong = memo::cache_evict(change, memo::key<"text:{0}">, memo::instance_key(&shop::tenant));
#elif MEMO_WRONG == 23
    // error: memo::cache_evict: only instance_key stands in front of keys, tags and patterns
    auto wrong = memo::cache_evict(&shop::save, memo::key<"text:{0}">, memo::each_instance);
#elif MEMO_WRONG == 24
    // error: memo::in: this is no memo::manager
    int space = 5;
    auto wrong = memo::cache_evict(change, memo::key<"text:{0}">, memo::in(space));
#elif MEMO_WRONG == 25
    // error: memo::ttl: a bare number has no unit
    auto refused = memo::cached(describe, memo::ttl(5));
    auto silent = memo::cache_evict(change, memo::entry(refused, memo::by<0>), memo::all(refused));
    silent(7, "ann");
    auto around = memo::cached(refused, memo::max_size(7));
    std::string text = around(7);
#else
    auto by_place =
        memo::cache_evict(change, memo::entry(get, memo::by<0>), memo::entry(get_in, memo::by<0, 1>), memo::before);
    auto same = memo::cache_evict(fetch, memo::entry(get));
    auto by_function = memo::cache_evict(change, memo::entry(get_in, [](int id, std::string const& name) {
                                             return std::tuple{id, name};
                                         }));
    auto chosen = memo::cache_evict(rename, memo::signature<void(int, std::string const&)>, memo::all(get));
    auto of_object =
        memo::cache_evict(&shop::save, memo::entry(load), memo::key<"text:{0}">, memo::instance_key(&shop::tenant));
    by_place(7, "ann");
    by_function(7, "ann");
    chosen(7, "ann");
    shop corner;
    of_object(corner, 7);
    return static_cast<int>(same(7).size());
#endif
}
