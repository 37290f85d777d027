// What happens around the end of a lifetime is said with a unit, and where there is a lifetime.
#include <memo/memo.hpp>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;

std::string describe(int id);

struct not_found : std::runtime_error {
    using runtime_error::runtime_error;
};

struct abstract_error : std::exception {
    virtual int number() const = 0;
};

struct declared_error;

int main() {
#if MEMO_WRONG == 1
    // error: memo::stale_while_revalidate: a bare number has no unit
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::stale_while_revalidate(60));
    std::string text = wrong(7);
#elif MEMO_WRONG == 2
    // error: memo::stale_while_revalidate: this is no duration
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::stale_while_revalidate("1min"));
#elif MEMO_WRONG == 3
    // error: memo::stale_while_revalidate: there is no lifetime after which a result is stale
    auto wrong = memo::cached(describe, memo::stale_while_revalidate(1min));
    std::string text = wrong(7);
#elif MEMO_WRONG == 4
    // error: memo::stale_while_revalidate: there is no lifetime after which a result is stale
    auto wrong = memo::cached(describe, memo::ttl(memo::forever), memo::stale_while_revalidate(1min));
#elif MEMO_WRONG == 5
    // error: memo::stale_while_revalidate: it is given twice
    auto wrong =
        memo::cached(describe, memo::ttl(5min), memo::stale_while_revalidate(1min), memo::stale_while_revalidate(2min));
#elif MEMO_WRONG == 6
    // error: memo::stale_if_error: a bare number has no unit
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::stale_if_error(3600));
#elif MEMO_WRONG == 7
    // error: memo::stale_if_error: this is no duration
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::stale_if_error(true ? "1h" : "2h"));
#elif MEMO_WRONG == 8
    // error: memo::stale_if_error: there is no lifetime after which a result is stale
    auto wrong = memo::cached(describe, memo::idle(5min), memo::stale_if_error(1h));
#elif MEMO_WRONG == 9
    // error: memo::stale_if_error: it is given twice
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::stale_if_error(1h), memo::stale_if_error(1h));
#elif MEMO_WRONG == 10
    // error: memo::refresh_ahead: this is no fraction
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::refresh_ahead(4min));
    std::string text = wrong(7);
#elif MEMO_WRONG == 11
    // error: memo::refresh_ahead: there is no lifetime to be ahead of
    auto wrong = memo::cached(describe, memo::ttl(memo::forever), memo::refresh_ahead(0.8));
#elif MEMO_WRONG == 12
    // error: memo::refresh_ahead: it is given twice
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::refresh_ahead(0.8), memo::refresh_ahead(0.9));
#elif MEMO_WRONG == 13
    // error: memo::early_expiration: this is no number
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::early_expiration(1s));
#elif MEMO_WRONG == 14
    // error: memo::early_expiration: there is no lifetime that could end early
    auto wrong = memo::cached(describe, memo::early_expiration());
#elif MEMO_WRONG == 15
    // error: memo::early_expiration: it is given twice
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::early_expiration(), memo::early_expiration(2.0));
#elif MEMO_WRONG == 16
    // error: memo::cache_errors: it names no type of exception
    auto wrong = memo::cached(describe, memo::cache_errors(1min));
    std::string text = wrong(7);
#elif MEMO_WRONG == 17
    // error: memo::cache_errors: a bare number has no unit
    auto wrong = memo::cached(describe, memo::cache_errors<not_found>(10));
#elif MEMO_WRONG == 18
    // error: memo::cache_errors: this is no duration
    auto wrong = memo::cached(describe, memo::cache_errors<not_found>("10s"));
#elif MEMO_WRONG == 19
    // error: memo::cache_errors: a type of exception is only declared here, and what is not complete cannot be caught
    auto wrong = memo::cached(describe, memo::cache_errors<not_found, declared_error>(10s));
#elif MEMO_WRONG == 20
    // error: memo::cache_errors: a void, a reference, an array or a function is never what is caught
    auto wrong = memo::cached(describe, memo::cache_errors<void>(10s));
#elif MEMO_WRONG == 21
    // error: memo::cache_errors: a void, a reference, an array or a function is never what is caught
    auto wrong = memo::cached(describe, memo::cache_errors<not_found const&>(10s));
    std::string text = wrong(7);
#elif MEMO_WRONG == 22
    // error: memo::cache_errors: a void, a reference, an array or a function is never what is caught
    auto wrong = memo::cached(describe, memo::cache_errors<char[8]>(10s));
#elif MEMO_WRONG == 23
    // error: memo::cache_errors: it is given twice
    auto wrong =
        memo::cached(describe, memo::cache_errors<not_found>(10s), memo::cache_errors<std::invalid_argument>(10s));
#elif MEMO_WRONG == 24
    // error: memo::wait_timeout: a bare number has no unit
    auto wrong = memo::cached(describe, memo::wait_timeout(5));
#elif MEMO_WRONG == 25
    // error: memo::wait_timeout: this is no duration
    auto wrong = memo::cached(describe, memo::wait_timeout("5s"));
#elif MEMO_WRONG == 26
    // error: memo::wait_timeout: with no_coalesce no call waits for another
    auto wrong = memo::cached(describe, memo::no_coalesce, memo::wait_timeout(5s));
    std::string text = wrong(7);
#elif MEMO_WRONG == 27
    // error: memo::wait_timeout: it is given twice
    auto wrong = memo::cached(describe, memo::wait_timeout(5s), memo::wait_timeout(10s));
#elif MEMO_WRONG == 28
    // error: memo::stale_while_revalidate: this is no duration
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::stale_while_revalidate());
#elif MEMO_WRONG == 29
    // error: memo::stale_if_error: this is no duration
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::stale_if_error());
#elif MEMO_WRONG == 30
    // error: memo::refresh_ahead: this is no fraction
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::refresh_ahead());
#elif MEMO_WRONG == 31
    // error: memo::cache_errors: this is no duration
    auto wrong = memo::cached(describe, memo::cache_errors<not_found>());
#elif MEMO_WRONG == 32
    // error: memo::cache_errors: it names no type of exception
    auto wrong = memo::cached(describe, memo::cache_errors());
#elif MEMO_WRONG == 33
    // error: memo::wait_timeout: this is no duration
    auto wrong = memo::cached(describe, memo::wait_timeout());
#else
    auto served_stale =
        memo::cached(describe, memo::ttl(5min), memo::stale_while_revalidate(1min), memo::stale_if_error(1h));
    auto never_gone = memo::cached(describe, memo::ttl(5min), memo::stale_while_revalidate(memo::forever),
                                   memo::stale_if_error(memo::forever));
    auto by_value = memo::cached(describe, memo::ttl([](std::string const& text) { return text.empty() ? 1s : 5s; }),
                                 memo::stale_if_error(1h));
    auto early = memo::cached(describe, memo::ttl(5min), memo::refresh_ahead(0.8), memo::early_expiration());
    auto eager = memo::cached(describe, memo::ttl(5min), memo::early_expiration(2));
    auto remembering = memo::cached(describe, memo::cache_errors<not_found, std::invalid_argument>(10s));
    auto by_base = memo::cached(describe, memo::cache_errors<abstract_error, int, char const*>(memo::forever));
    auto patient = memo::cached(describe, memo::wait_timeout(memo::forever));
    auto hasty = memo::cached(describe, memo::coalesce, memo::wait_timeout(5s));
    return static_cast<int>((served_stale(7) + never_gone(7) + by_value(7) + early(7) + eager(7)).size() +
                            (remembering(7) + by_base(7) + patient(7) + hasty(7)).size());
#endif
}
