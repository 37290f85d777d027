// cached_method is told what of the object enters the key.
#include <memo/memo.hpp>

#include <chrono>
#include <string>
#include <vector>

using namespace std::chrono_literals;

struct keyless {};

struct elsewhere {
    int zone;
};

std::string free_function(int id);

class service {
    std::string tenant_ = "acme";
    keyless secret_;
    std::vector<int> numbers_;

    std::string load(int id) const;
    void save(int id);
    int zone() const;
    int zone_of(int id) const;
    int next_zone();
    double area(int side) const;
    double area(int width, int height) const;

#if MEMO_WRONG == 1
    // error: memo::cached_method: it is not said what of the object enters the key
    inline static auto load_ = memo::cached_method(&service::load, memo::ttl(5min));
#elif MEMO_WRONG == 2
    // error: memo::cached_method: instance_key, any_instance and each_instance exclude each other
    inline static auto load_ = memo::cached_method(&service::load, memo::any_instance, memo::each_instance);
#elif MEMO_WRONG == 3
    // error: memo::cached_method: this is no member function
    inline static auto load_ = memo::cached_method(free_function, memo::any_instance);
#elif MEMO_WRONG == 4
    // error: memo::cached_method: this is a member object and no function
    inline static auto load_ = memo::cached_method(&service::tenant_, memo::any_instance);
#elif MEMO_WRONG == 5
    // error: memo::instance_key: this is no pointer to a member
    inline static auto load_ = memo::cached_method(&service::load, memo::instance_key(7));
#elif MEMO_WRONG == 6
    // error: memo::instance_key: it names no member
    inline static auto load_ = memo::cached_method(&service::load, memo::instance_key());
#elif MEMO_WRONG == 7
    // error: memo::instance_key: the member has a type that cannot enter a key
    inline static auto load_ =
        memo::cached_method(&service::load, memo::instance_key(&service::tenant_, &service::secret_));
#elif MEMO_WRONG == 8
    // error: memo::instance_key: the member has no text to stand in front of a readable key
    inline static auto load_ =
        memo::cached_method(&service::load, memo::instance_key(&service::numbers_), memo::key<"user:{0}">);
#elif MEMO_WRONG == 9
    // error: memo::instance_key: the getter takes parameters
    inline static auto load_ = memo::cached_method(&service::load, memo::instance_key(&service::zone_of));
#elif MEMO_WRONG == 10
    // error: memo::instance_key: the getter may change the object
    inline static auto load_ = memo::cached_method(&service::load, memo::instance_key(&service::next_zone));
#elif MEMO_WRONG == 11
    // error: memo::cached: the function returns void, there is nothing to store
    inline static auto load_ = memo::cached_method(&service::save, memo::any_instance);
#elif MEMO_WRONG == 12
    // error: memo::key: a placeholder of the template names a parameter that the function does not have
    inline static auto load_ = memo::cached_method(&service::load, memo::any_instance, memo::key<"user:{1}">);
#elif MEMO_WRONG == 13
    // error: memo::cached_method: entry, all, pattern and before say what goes and belong to memo::cache_evict
    inline static auto load_ = memo::cached_method(&service::load, memo::any_instance, memo::before);
#elif MEMO_WRONG == 14
    // error: memo::cached_method: something stands among the options that is none
    inline static auto load_ = memo::cached_method(&service::load, memo::any_instance, 1000);
#elif MEMO_WRONG == 15
    // error: memo::ttl: a bare number has no unit
    inline static auto load_ = memo::cached_method(&service::load, memo::each_instance, memo::ttl(300));
#elif MEMO_WRONG == 16
    // error: memo::signature: the name means several functions
    inline static auto load_ = memo::cached_method(&service::area, memo::any_instance);
#else
    inline static auto load_ = memo::cached_method(
        &service::load, memo::instance_key(&service::tenant_, &service::zone), memo::key<"user:{0}">, memo::ttl(300s),
        memo::unless([](std::string const& text) { return text.empty(); }));
    inline static auto save_ = memo::cache_evict(&service::save, memo::entry(load_));
    inline static auto load_each_ = memo::cached_method(&service::load, memo::each_instance);
    inline static auto load_any_ = memo::cached_method(&service::load, memo::any_instance);
    inline static auto by_numbers_ = memo::cached_method(&service::load, memo::instance_key(&service::numbers_));

    friend int main();
#endif
};

#if MEMO_WRONG == 17
// error: memo::instance_key: this is a member of another class
struct outsider {
    int count(int id) const;
};
auto count = memo::cached_method(&outsider::count, memo::instance_key(&elsewhere::zone));
#endif

#ifndef MEMO_WRONG
int main() {
    service one;
    service::save_(one, 7);
    return static_cast<int>(
        (service::load_(one, 7) + service::load_any_(one, 7) + service::by_numbers_(one, 7)).size());
}
#endif
