// W4: f(string const&, int, double) -> double, as it is called. Run it with tests/bench/workloads.

#include "rivals/calls.hpp"
#include "contenders.hpp"
#include "contest.hpp"
#include "field.hpp"
#include "hand_written.hpp"

#include <memo/memo.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace {

using contest::role;
using price_call = std::tuple<std::string, int, double>;

/// What is cached. A hit does not run it.
double price(std::string const& customer, int day, double rate) {
    ++contest::runs;
    return static_cast<double>(customer.size()) * (day + 1) * rate;
}

double run(price_call const& call) { return std::apply(price, call); }

/// A function of three arguments, called by them.
template <class Function>
class applied {
public:
    template <class... Arguments>
    explicit applied(Arguments&&... arguments) : function_(std::forward<Arguments>(arguments)...) {}

    double find(price_call const& call) {
        auto const& [customer, day, rate] = call;
        return function_(customer, day, rate);
    }
    void put(price_call const& call, double) { find(call); }

private:
    Function function_;
};

std::vector<price_call> calls_of(std::size_t count) {
    std::vector<price_call> calls;
    for (std::size_t i = 0; i != count; ++i) {
        auto const number = contest::scrambled(i);
        auto customer = "customer/" + std::to_string(1'000'000'000 + i);
        customer.append(number % 21, 'x');
        calls.emplace_back(std::move(customer), static_cast<int>(number >> 8 & 31),
                           0.25 * static_cast<double>(1 + (number >> 16 & 7)));
    }
    return calls;
}

constexpr std::pair<std::size_t, std::string_view> sizes[] = {{1'000, "1k"}, {1'000'000, "1M"}};

}  // namespace

int main(int count, char** words) {
    auto const said = contest::wishes_of(count, words);
    for (auto const& [size, shown] : sizes) {
        auto const resident = calls_of(size);
        bool const large = contest::large(size);
        auto const bound = 2 * size;
        contest::field<price_call, run> all{resident};
        all.enter<flat_tuples>("flat map of tuples, in place", role::reference);
        if (large) {
            auto made = memo::cached(price, memo::max_size(bound));
            all.enter<applied<decltype(made)>>("memo::cached", role::memo, made);
        } else {
            auto made = memo::cached(price);
            all.enter<applied<decltype(made)>>("memo::cached", role::memo, made);
        }
        all.enter<applied<hand_written<double, std::string const&, int, double>>>("list + map + mutex LRU", role::bounded, price,
                                                                                  bound);
        all.enter<hyper_clock_calls>("RocksDB HyperClockCache, digests", role::bounded, bound);
        all.enter<locked_tuples<hashed_tuples>>("unordered_map of tuples + mutex", role::unbounded);
        all.enter<locked_tuples<sorted_tuples>>("map of tuples + mutex", role::unbounded);
        all.enter<cuckoo_tuples>("libcuckoo, of tuples", role::unbounded);
        for (bool const zipf : {false, true}) {
            auto const calls = contest::in_order(resident, zipf, large ? 1 << 20 : 1 << 12);
            auto const what = std::string{shown} + (zipf ? " Zipf" : " uniform");
            for (unsigned const threads : {1U, 2U})
                contest::tell("W4", what, threads,
                              contest::race<price_call>(all.all(), calls, contest::turns(size, threads, said.rounds)));
        }
    }
}
