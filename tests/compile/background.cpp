// A run in the background has copies of the arguments, and they outlive the call.
#include <memo/memo.hpp>

#include <boost/hana/define_struct.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

struct connection {
    connection() = default;
    connection(connection const&) = delete;
};

struct caption {
    BOOST_HANA_DEFINE_STRUCT(caption, (int, id), (std::string_view, text));
};

int by_caption(caption const& shown);
int by_span(std::span<int const> numbers);
int by_wrapped(std::reference_wrapper<int const> number);
int by_pointer(int id, connection const* through);
int by_iterator(std::vector<int>::iterator begin);
int by_views(std::vector<std::string_view> const& texts);
int by_pair(std::pair<int, std::string_view> const& named);
int by_wide(std::wstring_view text);
int by_unique(int id, std::unique_ptr<int> owned);
int by_fixed(int id, connection const& through);
int by_text(std::string_view text, char const* more, std::string const& most);
int by_values(std::vector<int> const& numbers, std::optional<double> limit, std::pair<int, std::string> named);
int by_shared(int id, std::shared_ptr<connection> through, std::function<int(int)> const& next);

class service {
    std::string load(int id) const;

#if MEMO_WRONG == 1
    // error: memo::cached_method: stale_while_revalidate and refresh_ahead run when the object may be gone
    inline static auto load_ =
        memo::cached_method(&service::load, memo::any_instance, memo::ttl(5min), memo::stale_while_revalidate(1min));
#elif MEMO_WRONG == 2
    // error: memo::cached_method: stale_while_revalidate and refresh_ahead run when the object may be gone
    inline static auto load_ =
        memo::cached_method(&service::load, memo::each_instance, memo::ttl(5min), memo::refresh_ahead(0.8));
#else
    inline static auto load_ = memo::cached_method(&service::load, memo::any_instance, memo::ttl(5min),
                                                   memo::early_expiration(), memo::stale_if_error(1h));
    friend int main();
#endif
};

int main() {
#if MEMO_WRONG == 3
    // error: memo::cached: a parameter is a view or holds one, a run in the background cannot keep what it shows
    auto wrong = memo::cached(by_span, memo::ttl(5min), memo::stale_while_revalidate(1min));
    int number = wrong(std::vector<int>{1, 2, 3});
#elif MEMO_WRONG == 4
    // error: memo::cached: a parameter is a view or holds one, a run in the background cannot keep what it shows
    auto wrong = memo::cached(by_wrapped, memo::ttl(5min), memo::refresh_ahead(0.8));
#elif MEMO_WRONG == 5
    // error: memo::cached: a parameter is a pointer or holds one, a run in the background cannot keep what it points to
    auto wrong = memo::cached(by_pointer, memo::ignore<1>, memo::ttl(5min), memo::refresh_ahead(0.8));
    int number = wrong(7, nullptr);
#elif MEMO_WRONG == 6
    // error: memo::cached: a parameter is an iterator or holds one, a run in the background cannot keep its container
    auto wrong = memo::cached(by_iterator, memo::args<>, memo::ttl(5min), memo::stale_while_revalidate(memo::forever));
#elif MEMO_WRONG == 7
    // error: memo::cached: a parameter is a view or holds one, a run in the background cannot keep what it shows
    auto wrong = memo::cached(by_views, memo::ttl(5min), memo::stale_while_revalidate(1min));
#elif MEMO_WRONG == 8
    // error: memo::cached: a parameter is a view or holds one, a run in the background cannot keep what it shows
    auto wrong = memo::cached(by_pair, memo::ttl(5min), memo::refresh_ahead(0.8));
#elif MEMO_WRONG == 9
    // error: memo::cached: a parameter is a view or holds one, a run in the background cannot keep what it shows
    auto wrong = memo::cached(by_wide, memo::ttl(5min), memo::refresh_ahead(0.8));
#elif MEMO_WRONG == 10
    // error: memo::cached: a parameter cannot be copied, a run in the background needs a copy
    auto wrong = memo::cached(by_unique, memo::args<0>, memo::ttl(5min), memo::stale_while_revalidate(1min));
    int number = wrong(7, std::make_unique<int>(8));
#elif MEMO_WRONG == 11
    // error: memo::cached: a parameter cannot be copied, a run in the background needs a copy
    auto wrong = memo::cached(by_fixed, memo::args<0>, memo::ttl(5min), memo::refresh_ahead(0.8));
#elif MEMO_WRONG == 12
    // error: memo::cached: a parameter is a pointer or holds one, a run in the background cannot keep what it points to
    auto wrong =
        memo::recursive<int(int, int*)>([](auto& self, int n, int* at) -> int { return n < 2 ? *at : self(n - 1, at); },
                                        memo::args<0>, memo::ttl(5min), memo::stale_while_revalidate(1min));
#elif MEMO_WRONG == 13
    // error: memo::cached: a parameter is a view or holds one, a run in the background cannot keep what it shows
    auto wrong = memo::cached(by_caption, memo::ttl(5min), memo::stale_while_revalidate(1min));
    int number = wrong(caption{7, "seven"});
#elif !defined(MEMO_WRONG)
    auto texts = memo::cached(by_text, memo::ttl(5min), memo::stale_while_revalidate(1min));
    auto values = memo::cached(by_values, memo::ttl(5min), memo::refresh_ahead(0.8));
    auto shared = memo::cached(by_shared, memo::args<0>, memo::ttl(5min), memo::stale_while_revalidate(1min));
    auto captions = memo::cached(by_caption, memo::ttl(5min));
    auto in_the_call = memo::cached(by_span, memo::ttl(5min), memo::early_expiration(), memo::stale_if_error(1h));
    auto fibonacci =
        memo::recursive<int(int)>([](auto& self, int n) -> int { return n < 2 ? n : self(n - 1) + self(n - 2); },
                                  memo::ttl(5min), memo::stale_while_revalidate(1min));
    service one;
    return captions({7, "seven"}) + texts("a", "b", "c") + values({1}, 2.0, {3, "d"}) +
           shared(7, nullptr, [](int id) { return id; }) + in_the_call(std::vector<int>{1, 2}) + fibonacci(7) +
           static_cast<int>(service::load_(one, 7).size());
#endif
}
