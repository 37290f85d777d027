#include <memo/memo.hpp>

#include <cmath>
#include <cstddef>
#include <iostream>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace {

std::string render(std::string_view page, int width) {
    return std::string{page} + " at " + std::to_string(width) + " columns";
}

std::size_t count_letters(std::string_view text, std::ostream* log) {
    *log << "counting the letters of " << text << '\n';
    return text.size();
}

std::string forecast(double latitude, double longitude) {
    return "rain at " + std::to_string(std::lround(latitude)) + ", " + std::to_string(std::lround(longitude));
}

}  // namespace

int main() {
    // a key that people can read, known by name to evictions: page:a%3Ab:80
    auto page = memo::cached(render, memo::key<"page:{0}:{1}">);
    page("a:b", 80);

    // where it logs makes no difference to the result
    auto letters = memo::cached(count_letters, memo::ignore<1>);
    letters("memo", &std::cout);
    letters("memo", &std::cerr);

    // one forecast for each degree
    auto degrees = [](double latitude, double longitude) {
        return std::pair{std::lround(latitude), std::lround(longitude)};
    };
    auto weather = memo::cached(forecast, memo::key_builder(degrees));
    weather(52.6, 13.4);
    weather(52.9, 12.8);

    std::cout << page.key("a:b", 80) << '\n' << weather(53.0, 13.0) << '\n';
    return page.key("a:b", 80) == "page:a%3Ab:80" && letters.stats().runs == 1 && weather.stats().runs == 1 ? 0 : 1;
}
