#include <memo/memo.hpp>

#include <iostream>
#include <map>
#include <string>
#include <utility>

namespace {

int reads = 0;
int sums = 0;

class accounts {
public:
    explicit accounts(std::string bank) : bank_{std::move(bank)} {}

private:
    int read(std::string const& owner) const {
        ++reads;
        return balances_.at(owner);
    }
    void write(std::string const& owner, int amount) { balances_[owner] = amount; }
    int sum() const {
        ++sums;
        int all = 0;
        for (auto const& [owner, amount] : balances_) all += amount;
        return all;
    }

    std::string bank_;
    std::map<std::string, int> balances_{{"ann", 10}, {"bob", 20}};

    inline static auto read_ = memo::cached_method(&accounts::read, memo::instance_key(&accounts::bank_));
    inline static auto write_ = memo::cache_evict(&accounts::write, memo::entry(read_, memo::by<0>));

public:
    MEMO_METHOD(balance, read_)  // int balance(std::string const&) const
    MEMO_METHOD(set, write_)     // writes, then forgets this bank's balance of the owner
    memo::cached_property<&accounts::sum> total{this};
};

}  // namespace

int main() {
    accounts north{"north"};
    accounts south{"south"};

    north.balance("ann");
    north.balance("ann");  // a hit
    south.balance("ann");  // another bank: a run
    north.set("ann", 15);
    north.balance("ann");  // a run: set forgot it

    north.total();
    north.total();  // summed once

    std::cout << "ann has " << north.balance("ann") << ", all have " << north.total() << '\n';
    return north.balance("ann") == 15 && reads == 3 && north.total() == 35 && sums == 1 ? 0 : 1;
}
