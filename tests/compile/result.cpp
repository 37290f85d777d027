// A result is a value that can be handed out again.
#include <memo/memo.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

struct user {
    std::string name;
};

struct task {
    struct promise_type {};
};

struct pending {
    bool await_ready();
    void await_suspend(void*);
    int await_resume();
};

struct fixed {
    explicit fixed(int id);
    fixed(fixed&&) = delete;
};

void save(int id);
user& find(int id);
user const& look_up(int id);
user* find_pointer(int id);
char const* find_text(int id);
std::string_view find_view(int id);
std::span<int const> find_span(int id);
std::reference_wrapper<user> find_wrapped(int id);
std::optional<std::string_view> find_maybe(int id);
std::pair<int, user*> find_pair(int id);
std::vector<std::string_view> find_all(int id);
std::vector<int>::iterator find_place(int id);
std::future<user> ask(int id);
std::shared_future<user> ask_shared(int id);
task start(int id);
pending await(int id);
std::unique_ptr<user> make(int id);
std::vector<std::unique_ptr<user>> make_all(int id);
fixed fix(int id);

int main() {
#if MEMO_WRONG == 1
    // error: memo::cached: the function returns void, there is nothing to store
    auto wrong = memo::cached(save);
    wrong(7);
#elif MEMO_WRONG == 2
    // error: memo::cached: the function returns a reference that can be written through
    auto wrong = memo::cached(find, memo::ttl(5min));
    user found = wrong(7);
#elif MEMO_WRONG == 3
    // error: memo::cached: the result is a pointer or a view, or holds one, and what it refers to may be gone on a hit
    auto wrong = memo::cached(find_pointer);
    std::string name = wrong(7)->name;
#elif MEMO_WRONG == 4
    // error: memo::cached: the result is a pointer or a view, or holds one, and what it refers to may be gone on a hit
    auto wrong = memo::cached(find_text);
#elif MEMO_WRONG == 5
    // error: memo::cached: the result is a pointer or a view, or holds one, and what it refers to may be gone on a hit
    auto wrong = memo::cached(find_view);
    std::string_view text = wrong(7);
    wrong.evict(7).confirmed();
#elif MEMO_WRONG == 6
    // error: memo::cached: the result is a pointer or a view, or holds one, and what it refers to may be gone on a hit
    auto wrong = memo::cached(find_span);
#elif MEMO_WRONG == 7
    // error: memo::cached: the result is a pointer or a view, or holds one, and what it refers to may be gone on a hit
    auto wrong = memo::cached(find_wrapped);
#elif MEMO_WRONG == 8
    // error: memo::cached: the result is a pointer or a view, or holds one, and what it refers to may be gone on a hit
    auto wrong = memo::cached(find_maybe);
    bool there = wrong(7).has_value();
#elif MEMO_WRONG == 9
    // error: memo::cached: the result is a pointer or a view, or holds one, and what it refers to may be gone on a hit
    auto wrong = memo::cached(find_pair);
#elif MEMO_WRONG == 10
    // error: memo::cached: the result is a pointer or a view, or holds one, and what it refers to may be gone on a hit
    auto wrong = memo::cached(find_all);
#elif MEMO_WRONG == 11
    // error: memo::cached: the result is a pointer or a view, or holds one, and what it refers to may be gone on a hit
    auto wrong = memo::cached(find_place);
#elif MEMO_WRONG == 12
    // error: memo::cached: the result can be read only once (a future, an awaitable or a generator)
    auto wrong = memo::cached(ask);
    user found = wrong(7).get();
#elif MEMO_WRONG == 13
    // error: memo::cached: the result can be read only once (a future, an awaitable or a generator)
    auto wrong = memo::cached(start, memo::shared);
#elif MEMO_WRONG == 14
    // error: memo::cached: the result can be read only once (a future, an awaitable or a generator)
    auto wrong = memo::cached(await);
#elif MEMO_WRONG == 15
    // error: memo::cached: the result can be moved but not copied
    auto wrong = memo::cached(make);
    std::unique_ptr<user> made = wrong(7);
#elif MEMO_WRONG == 16
    // error: memo::cached: the result can be moved but not copied
    auto wrong = memo::cached(make_all);
#elif MEMO_WRONG == 17
    // error: memo::cached: the result can be neither copied nor moved
    auto wrong = memo::cached(fix, memo::shared);
#else
    user found = memo::cached(look_up)(7);
    found = memo::cached(find, memo::trust_lifetime)(7);
    found = *memo::cached(find_pointer, memo::trust_lifetime)(7);
    std::string_view const view = memo::cached(find_view, memo::trust_lifetime)(7);
    std::optional<std::string_view> const maybe = memo::cached(find_maybe, memo::trust_lifetime)(7);
    found = memo::cached(ask_shared)(7).get();
    std::shared_ptr<std::unique_ptr<user> const> const made = memo::cached(make, memo::shared)(7);
    return static_cast<int>(view.size() + (maybe ? 1U : 0U) + (**made).name.size() + found.name.size());
#endif
}
