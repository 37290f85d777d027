// Results that live in stores of bytes.
#include <memo/memo.hpp>
#if MEMO_WRONG != 3
#include <memo/codec/cereal.hpp>
#include <memo/store/encoded.hpp>
#endif

#include <chrono>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;

std::string describe(int id);
struct drawing {
    std::string title;
};
drawing draw(int id);

struct service {
    std::string load(int id) const;
    std::string tenant;
};

int main(int, char** arguments) {
    auto const main_store = memo::store("main");
#if MEMO_WRONG == 1
    // error: memo::store: this is no store of bytes
    auto wrong = memo::cached(describe, memo::name("describe"), memo::store(7));
#elif MEMO_WRONG == 2
    // error: memo::store: the results would have no name in a store that others share
    auto wrong = memo::cached(describe, main_store);
#elif MEMO_WRONG == 3
    // error: memo::store: no store of bytes is known here
    auto wrong = memo::cached(describe, memo::name("describe"), main_store);
#elif MEMO_WRONG == 4
    // error: memo::store: the result has no bytes to be stored as
    auto wrong = memo::cached(draw, memo::name("draw"), main_store);
#elif MEMO_WRONG == 5
    // error: memo::store: max_size, max_bytes, unbounded, weigher, policy and cleanup_interval bound typed memory
    auto wrong = memo::cached(describe, memo::name("describe"), main_store, memo::max_size(100));
#elif MEMO_WRONG == 6
    // error: memo::cache_errors: exceptions have no bytes, a store cannot remember them
    auto wrong = memo::cached(describe, memo::name("describe"), main_store, memo::cache_errors<std::runtime_error>(1s));
#elif MEMO_WRONG == 7
    // error: memo::each_instance: the identity of an object ends with the process, what is stored does not
    auto wrong = memo::cached_method(&service::load, memo::each_instance, memo::name("service.load"), main_store);
#elif MEMO_WRONG == 8
    // error: memo::near: there is nothing to stand in front of
    auto wrong = memo::cached(describe, memo::near(memo::max_size(100)));
#elif MEMO_WRONG == 9
    // error: memo::near: something here does not bound copies in memory
    auto wrong = memo::cached(describe, memo::name("describe"), main_store, memo::near(memo::jitter(0.1)));
#elif MEMO_WRONG == 10
    // error: memo::near: something here does not bound copies in memory
    auto wrong = memo::cached(describe, memo::name("describe"), main_store, memo::near(memo::max_size(1), memo::max_size(2)));
#elif MEMO_WRONG == 11
    // error: memo::near: a value has the wrong type
    auto wrong = memo::cached(describe, memo::name("describe"), main_store, memo::near(memo::ttl(5)));
#elif MEMO_WRONG == 12
    // error: memo::on_store_error: typed memory does not fail
    auto wrong = memo::cached(describe, memo::on_store_error(memo::rethrow));
#elif MEMO_WRONG == 13
    // error: memo::on_store_error: this is no answer to a fault
    auto wrong = memo::cached(describe, memo::name("describe"), main_store, memo::on_store_error(true));
#elif MEMO_WRONG == 14
    // error: memo::store: the results would have no name in a store that others share
    auto wrong = memo::cached_method(&service::load, memo::instance_key(&service::tenant), main_store);
#else
    auto right = memo::cached(describe, memo::name("describe"), main_store);
    auto by_function = memo::cached(memo::function<&describe>, memo::store(std::string{arguments[0]}));
    auto near = memo::cached(describe, memo::name("near"), main_store, memo::on_store_error(memo::fail_open),
                             memo::near(memo::max_size(100), memo::max_bytes(1 << 20), memo::policy(memo::lfu), memo::ttl(5s)));
    auto method = memo::cached_method(&service::load, memo::instance_key(&service::tenant), memo::name("service.load"), main_store);
    service const some{};
    return static_cast<int>((right(7) + by_function(7) + near(7) + method(some, 7)).size());
#endif
}
