#include <memo/memo.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>
#include <utility>

namespace {

/// A service as applications write it: reads are cached, writes evict and hand back what the database made of the text.
class directory {
    std::string tenant_;
    std::map<int, std::string> rows_;

    std::string load(int id) const { return rows_.at(id); }
    bool save(int id, std::string& name) {
        name += "!";
        rows_[id] = name;
        return true;
    }
    inline static auto load_ = memo::cached_method(&directory::load, memo::instance_key(&directory::tenant_));
    inline static auto save_ = memo::cache_evict(&directory::save, memo::entry(load_, memo::by<0>));

public:
    explicit directory(std::string tenant) : tenant_{std::move(tenant)} {}
    MEMO_METHOD(name_of, load_)
    MEMO_METHOD(rename, save_)
};

/// A library's class over any key and value, which names the wrapper's type as a member.
template <class Key, class Value>
class repository {
    using reader = memo::cached<std::function<Value(Key const&)>>;
    reader read_;

public:
    explicit repository(std::function<Value(Key const&)> read) : read_{std::move(read)} {}
    Value operator[](Key const& key) const { return read_(key); }
    memo::stats stats() const { return read_.stats(); }
};

}  // namespace

TEST_CASE("stories: a write may change the text that it is given, and evicts by the text as it was before") {
    auto length = memo::cached([](std::string const& text) { return text.size(); }, memo::key<"length:{0}">);
    auto append =
        memo::cache_evict([](std::string& text) -> std::string& { return text += "!"; }, memo::key<"length:{0}">);
    length("ab"), length("ab!");
    std::string text = "ab";
    CHECK(&append(text) == &text);
    CHECK(text == "ab!");
    CHECK(!length.contains("ab"));
    CHECK(length.contains("ab!"));
}

TEST_CASE("stories: a member that writes through its text keeps doing so when it evicts") {
    directory people{"acme"};
    std::string name = "ann";
    CHECK(people.rename(1, name));
    CHECK(name == "ann!");
    CHECK(people.name_of(1) == "ann!");
    people.rename(1, name);
    CHECK(people.name_of(1) == "ann!!");
}

TEST_CASE("stories: a library keeps a wrapper of a std::function as a member of its template") {
    repository<std::string, int> lengths{[](std::string const& key) { return static_cast<int>(key.size()); }};
    auto const copy = lengths;
    CHECK(lengths["four"] == 4);
    CHECK(copy[std::string{"four"}] == 4);
    CHECK(lengths.stats().hits == 1);
}
