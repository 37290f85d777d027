// A cached_property is a getter without parameters that returns a value.
#include <memo/memo.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

using namespace std::chrono_literals;

double free_area();

struct shape {
    double side = 2;
    double area() const;
    double measure();
    std::string const& name() const;
    double scaled(double factor) const;
    void draw() const;
    std::string_view shown() const;
    std::unique_ptr<int> owned() const;

#if MEMO_WRONG == 1
    // error: memo::cached_property: this is no getter
    memo::cached_property<&shape::side> wrong{this};
#elif MEMO_WRONG == 2
    // error: memo::cached_property: the getter takes parameters and a property is one value per object
    memo::cached_property<&shape::scaled> wrong{this};
#elif MEMO_WRONG == 3
    // error: memo::cached_property: the getter returns void
    memo::cached_property<&shape::draw> wrong{this};
#elif MEMO_WRONG == 4
    // error: memo::cached_property: the getter returns a pointer, a view or a reference that can be written through
    memo::cached_property<&shape::shown> wrong{this, {.ttl = 3s}};
#elif MEMO_WRONG == 5
    // error: memo::cached_property: what the getter returns cannot be copied
    memo::cached_property<&shape::owned> wrong{this};
#elif MEMO_WRONG == 6
    // error: memo::cached_property: this is no getter
    memo::cached_property<&free_area> wrong{this};
#else
    memo::cached_property<&shape::area> area_once{this, {.ttl = 3s}};
    memo::cached_property<&shape::measure> measure_once{this};
    memo::cached_property<&shape::name> name_once{this};
#endif
};

int main() {
    shape square;
#ifdef MEMO_WRONG
    auto value = square.wrong();
    square.wrong.reset();
#else
    return static_cast<int>(square.area_once() + square.measure_once()) + static_cast<int>(square.name_once().size());
#endif
}
