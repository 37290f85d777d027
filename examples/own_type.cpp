#include <memo/memo.hpp>

#include <boost/hana/define_struct.hpp>

#include <iostream>
#include <string>

namespace shop {

struct customer {
    BOOST_HANA_DEFINE_STRUCT(customer, (int, id), (std::string, city));
};

struct quote {
    BOOST_HANA_DEFINE_STRUCT(quote, (double, price), (std::string, carrier));
};

quote delivery(customer const& to, int kilos) { return {4.5 + 0.5 * kilos, to.city == "Berlin" ? "bicycle" : "train"}; }

}  // namespace shop

int main() {
    auto delivery = memo::cached(shop::delivery);
    delivery({7, "Berlin"}, 3);
    delivery({7, "Berlin"}, 3);   // an equal customer: a hit
    delivery({7, "Hamburg"}, 3);  // the customer moved: another run

    auto readable = memo::cached(shop::delivery, memo::key<"delivery:{0.id}:{1}">);
    shop::quote offer = readable({7, "Berlin"}, 3);  // its key is delivery:7:3

    std::cout << readable.key({7, "Berlin"}, 3) << ": " << offer.price << " by " << offer.carrier << '\n';
    return delivery.stats().runs == 2 && readable.key({7, "Berlin"}, 3) == "delivery:7:3" ? 0 : 1;
}
