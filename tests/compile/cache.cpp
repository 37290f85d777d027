// Keys and values without a function: types, hooks and options of a cache.
#include <memo/cache.hpp>

#include <memo/manager.hpp>
#include <memo/options.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

using namespace std::chrono_literals;

struct person {
    std::string name;
};

int main() {
    memo::cache const c;
#if MEMO_WRONG == 1
    // error: memo::cache: values of this type have no bytes
    c.set("user:1", person{"ann"});
#elif MEMO_WRONG == 2
    // error: memo::cache: values of this type have no bytes
    auto const wrong = c.get<person>("user:1");
#elif MEMO_WRONG == 3
    // error: memo::cache: text is stored and read as std::string
    auto const wrong = c.get<std::string_view>("user:1");
#elif MEMO_WRONG == 4
    // error: memo::cache: text is stored and read as std::string
    auto const wrong = c.get_many<char const*>({"user:1"});
#elif MEMO_WRONG == 5
    // error: memo::cache: a validator takes the key and a value of a type that its signature names, and returns bool
    c.validator([](std::string_view, auto const& value) { return value > 0; });
#elif MEMO_WRONG == 6
    // error: memo::cache: a validator takes the key and a value of a type that its signature names, and returns bool
    c.validator([](int value) { return value > 0; });
#elif MEMO_WRONG == 7
    // error: memo::cache: a hook takes the key and a value of a type that its signature names, and returns the value to use instead
    c.before_set([](std::string_view, int) {});
#elif MEMO_WRONG == 8
    // error: memo::cache: a hook takes the key and a value of a type that its signature names, and returns the value to use instead
    c.after_get([](std::string_view, int) { return std::string{}; });
#elif MEMO_WRONG == 9
    // error: memo::cache: a loader takes the key and returns a value or a std::optional of one
    c.loader([](int key) { return key; });
#elif MEMO_WRONG == 10
    // error: memo::cache: one of these options means nothing to a cache
    memo::cache const wrong{memo::max_size(100)};
#elif MEMO_WRONG == 11
    // error: memo::cache: one of these options means nothing to a cache
    memo::cache const wrong{memo::ttl([](int) { return 5min; })};
#elif MEMO_WRONG == 12
    // error: memo::cache: an option is given twice
    memo::cache const wrong{memo::ttl(5min), memo::ttl(6min)};
#elif MEMO_WRONG == 13
    // error: memo::cache: values of this type have no bytes
    auto const wrong = c.get_or_compute("user:1", [] { return person{"ann"}; });
#elif MEMO_WRONG == 14
    // error: memo::cache: values of this type have no bytes
    c.transaction().set("user:1", person{"ann"});
#elif MEMO_WRONG == 15
    // error: memo::cache: values of this type have no bytes
    c.validator([](std::string_view, person const& value) { return !value.name.empty(); });
#elif MEMO_WRONG == 16
    // error: memo::cache: this has no result to be stored
    c.get_or_compute("user:1", [] {});
#else
    c.set("n", 1, {.ttl = 5min});
    c.set("text", "literal");
    c.validator([](std::string_view, int value) { return value > 0; });
    c.validator<int>([](std::string_view, auto const& value) { return value > 0; });
    c.before_set([](std::string const&, int value) { return value; });
    c.after_get([](std::string_view, int value) { return value; });
    c.loader([](std::string_view key) -> std::optional<int> { return static_cast<int>(key.size()); });
    memo::manager m;
    memo::cache const right{memo::in(m), memo::ttl(5min), memo::jitter(0.1), memo::name("sessions")};
    return c.get_or<int>("n", 0) + static_cast<int>(c.get<std::string>("text")->size());
#endif
}
