// What becomes bytes is all of a value, and nothing that is somebody else's.
#include <memo/codec/cereal.hpp>
#include <memo/codec/json.hpp>

#include <boost/hana/define_struct.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

struct speaking {
    BOOST_HANA_DEFINE_STRUCT(speaking, (int, id), (std::string, text));
};

struct silent {
    int id = 0;
};

struct from_id {
    explicit from_id(int) {}
    template <class Archive>
    void serialize(Archive&) {}
};

struct either_way {
    bool up = true;
    bool operator()(int left, int right) const { return up ? left < right : right < left; }
};

template <class Held>
struct holder {
    Held held;
    template <class Archive>
    void serialize(Archive& archive) {
        archive(held);
    }
};

struct blocks {
    speaking both[2];
    template <class Archive>
    void serialize(Archive& archive) {
        archive(cereal::binary_data(both, sizeof both));
    }
};

struct point {
    double x = 0;
    double y = 0;
};

struct gaps {
    char letter;
    int number;
};

struct address {
    int* there;
};

struct owner {
    std::string text;
};

struct sure {
    bool yes;
};

struct mute {
    std::string text;
};

template <>
struct memo::codec_traits<point> : memo::raw_codec<point> {};
template <>
struct memo::codec_traits<gaps> : memo::raw_codec<gaps> {};
template <>
struct memo::codec_traits<address> : memo::raw_codec<address> {};
template <>
struct memo::codec_traits<owner> : memo::raw_codec<owner> {};
template <>
struct memo::codec_traits<sure> : memo::raw_codec<sure> {};
template <>
struct memo::codec_traits<silent> : memo::json_codec<silent> {};

template <class T>
T there_and_back(T const& value) {
    std::string bytes;
    memo::codec_traits<T>::encode(bytes, value);
    return memo::codec_traits<T>::decode(bytes, {});
}

int main() {
#if MEMO_WRONG == 1
    // error: memo::codec: a value holds a smart pointer, which may share or alias what it points to
    there_and_back(holder<std::unique_ptr<int>>{});
#elif MEMO_WRONG == 2
    // error: memo::codec: a value holds a raw pointer, an address says nothing in another process
    there_and_back(holder<std::vector<int*>>{});
#elif MEMO_WRONG == 3
    // error: memo::codec: a value holds a view or a reference, whose object belongs to somebody else
    there_and_back(holder<std::optional<std::string_view>>{});
#elif MEMO_WRONG == 4
    // error: memo::codec: a type has no codec
    there_and_back(holder<std::vector<mute>>{});
#elif MEMO_WRONG == 5
    // error: memo::codec: a type has no default constructor, so there is nothing to fill
    there_and_back(holder<std::vector<from_id>>{});
#elif MEMO_WRONG == 6
    // error: memo::codec: a container is ordered or hashed by an object with a state of its own, which bytes do not hold
    there_and_back(holder<std::set<int, either_way>>{});
#elif MEMO_WRONG == 7
    // error: memo::raw_codec: some bytes of the type are padding, which belongs to no value
    there_and_back(gaps{'a', 1});
#elif MEMO_WRONG == 8
    // error: memo::raw_codec: the type holds a pointer, a union or a bit field, or nothing can be seen of it at compile time
    there_and_back(address{nullptr});
#elif MEMO_WRONG == 9
    // error: memo::raw_codec: the type is more than its bytes, since copying it runs code
    there_and_back(owner{"text"});
#elif MEMO_WRONG == 10
    // error: memo::raw_codec: the type holds a bool or a long double, for which not all bytes are values
    there_and_back(sure{true});
#elif MEMO_WRONG == 11
    // error: memo::codec: binary_data of what is no plain number may hold padding, pointers or bools
    there_and_back(blocks{});
#elif MEMO_WRONG == 12
    // error: memo::json_codec: cereal cannot save and load the type
    there_and_back(silent{});
#else
    there_and_back(holder<std::vector<speaking>>{});
    there_and_back(holder<std::set<int>>{});
    there_and_back(std::optional<std::string>{"text"});
    there_and_back(std::vector<point>{{1, 2}});
#endif
}
