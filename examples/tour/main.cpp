#include "screen.hpp"
#include "speller.hpp"
#include "text.hpp"

#include <memo/memo.hpp>
#include <memo/open.hpp>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using tour::grouped;
using tour::words;

struct passage {
    words text;
    tour::account bill;
};

/// Reads the text word by word; `correct` is called for each word that the list does not know, `halfway` in the middle.
template <class Correct, class Halfway>
passage read(char const* title, words const& typed, tour::speller const& list, Correct const& correct,
             Halfway halfway) {
    passage way;
    way.bill.title = title;
    tour::progress bar{title, typed.size()};
    for (auto const& word : typed) {
        if (way.text.size() == typed.size() / 2) halfway();
        if (list.knows(word)) {
            way.text.push_back(word);
        } else {
            way.text.push_back(correct(word));
            ++way.bill.calls;
        }
        bar.advance();
    }
    way.bill.took = bar.elapsed();
    return way;
}

constexpr auto just_read_on = [] {};

std::size_t differences(words const& one, words const& other) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < one.size(); ++i) {
        if (one[i] != other[i]) ++count;
    }
    return count;
}

/// The words that the text uses ten times or more and the list does not know.
words words_of_the_trade(words const& text, tour::speller const& list) {
    std::map<std::string, std::size_t> counts;
    for (auto const& word : text) {
        if (!list.knows(word)) ++counts[word];
    }
    words often;
    for (auto const& [word, count] : counts) {
        if (count >= 10) often.push_back(word);
    }
    return often;
}

void check(bool holds, char const* sentence) {
    if (!holds) throw std::logic_error{std::string{"tour: this must hold: "} + sentence};
}

/// A passage with memo must give the text that the one without gave, and memo must have counted what happened.
void settle(passage& way, passage const& plain, memo::stats const& counted) {
    check(way.text == plain.text, "memoized results are the function's own");
    check(counted.hits + counted.misses == way.bill.calls, "a call is a hit or a miss");
    check(counted.runs == way.bill.runs, "every run is counted");
    way.bill.hit_ratio = counted.hit_ratio();
    way.bill.without_memo = plain.bill.took;
}

/// What a process finds before it reads.
struct desk {
    words text = tour::text_of("/usr/share/common-licenses");
    words typed = tour::misspelt(text);
    tour::speller list{tour::word_list("/usr/share/dict/american-english"), text};
};

/// Where corrections outlive the process: a Redis server where they usually are, if one answers, else a file.
std::string address_of_corrections(std::string const& folder) {
    std::string const server = "redis://localhost:6379/0?prefix=memo-tour:";
    try {
        memo::open(server)->ping();
        return server;
    } catch (memo::connection_error const&) {
        return "sqlite:" + folder + "/corrections.db";
    }
}

/// A passage whose corrections are stored at this address.
passage read_with_store(char const* title, desk const& at, std::string const& address, bool empty_it) {
    std::size_t runs = 0;
    auto const search = [&](std::string const& word) {
        ++runs;
        return at.list.correct(word);
    };
    auto const correct = memo::cached(search, memo::name("tour.correct"), memo::store(memo::open(address)));
    if (empty_it)
        correct.clear();
    auto way = read(title, at.typed, at.list, correct, just_read_on);
    way.bill.runs = runs;
    way.bill.hit_ratio = correct.stats().hit_ratio();
    return way;
}

/// The second process: it finds every correction that the first one stored.
void take_it_again(std::string const& address) {
    desk const at;
    auto const way = read_with_store("the same, once more", at, address, false);
    check(way.bill.runs == 0, "what one process stored, the next one finds");
    std::printf("\n  A second process read it all again: %s corrections in %.2f s, and not one run.\n\n",
                grouped(way.bill.calls).c_str(), way.bill.took.count());
}

void take_the_tour(std::string const& self) {
    desk at;
    auto const& text = at.text;
    auto const& typed = at.typed;
    auto& list = at.list;
    auto const original_list = list;
    auto const trade = words_of_the_trade(text, list);

    std::printf("\n  The licence texts of this machine: misspelt, then corrected word by word\n\n");
    std::printf("  %7s words to read, %s of them misspelt\n", grouped(text.size()).c_str(),
                grouped(differences(text, typed)).c_str());
    std::printf("  %7s listed words to compare each of those with\n\n", grouped(list.size()).c_str());

    std::size_t runs = 0;
    auto const search = [&](std::string const& word) {
        ++runs;
        return list.correct(word);
    };

    auto plain = read("without memo", typed, list, search, just_read_on);
    plain.bill.runs = runs;
    plain.bill.without_memo = plain.bill.took;

    runs = 0;
    auto const correct = memo::cached(search);
    auto memoized = read("memo::cached", typed, list, correct, just_read_on);
    memoized.bill.runs = runs;
    auto const counted = correct.stats();
    settle(memoized, plain, counted);

    runs = 0;
    auto const bounded = memo::cached(search, memo::max_size(1'000));
    auto thrifty = read("max_size(1'000)", typed, list, bounded, just_read_on);
    thrifty.bill.runs = runs;
    settle(thrifty, plain, bounded.stats());
    check(bounded.size() <= 1'000, "the bound holds");

    runs = 0;
    auto const learn = [&](words const& learnt) {
        for (auto const& word : learnt) list.add(word);
    };
    auto plain_learning = read("list grows, without", typed, list, search, [&] { learn(trade); });
    plain_learning.bill.runs = runs;
    plain_learning.bill.without_memo = plain_learning.bill.took;

    runs = 0;
    list = original_list;
    auto const fresh = memo::cached(search);
    auto const learn_and_forget = memo::cache_evict(learn, memo::all(fresh));
    std::size_t forgotten = 0;
    auto learning = read("list grows, evicting", typed, list, fresh, [&] {
        forgotten = fresh.size();
        learn_and_forget(trade);
    });
    learning.bill.runs = runs;
    settle(learning, plain_learning, fresh.stats());
    auto const outdated = differences(plain.text, learning.text);
    check(outdated > 0, "the new words change answers");

    list = original_list;
    auto folder = (std::filesystem::temp_directory_path() / "memo-tour-XXXXXX").string();
    check(mkdtemp(folder.data()) != nullptr, "there is room for temporary files");
    auto const address = address_of_corrections(folder);
    bool const served = address.starts_with("redis");
    auto kept = read_with_store(served ? "kept in Redis" : "kept in SQLite", at, address, true);
    kept.bill.without_memo = plain.bill.took;
    check(kept.text == plain.text, "stored results are the function's own");

    std::printf("\n");
    tour::print({plain.bill, memoized.bill, thrifty.bill, plain_learning.bill, learning.bill, kept.bill});

    std::printf("\n  Each text made with memo is the one made without it, to the last word. By its\n");
    std::printf("  own count (hits x mean run) memo::cached saved %.2f s.\n",
                tour::seconds{counted.time_saved}.count());
    std::printf("\n  Halfway %zu words joined the list. A new word may be the nearest to any that is\n", trade.size());
    std::printf("  misspelt, so cache_evict forgot all %s answers; %zu words read differently.\n\n",
                grouped(forgotten).c_str(), outdated);

    std::fflush(stdout);
    auto const again = std::system(("'" + self + "' '" + address + "'").c_str());
    if (served)
        memo::open(address)->erase_all("");
    std::filesystem::remove_all(folder);
    check(again == 0, "the second process came to its end");
}

}  // namespace

int main(int count, char** given) {
    try {
        if (count == 2)
            take_it_again(given[1]);
        else
            take_the_tour(given[0]);
    } catch (std::exception const& fault) {
        std::fprintf(stderr, "%s\n", fault.what());
        return 1;
    }
}
