#include "codec/values.hpp"

#include <memo/base/error.hpp>
#include <memo/codec/cereal.hpp>

#include <cereal/types/string.hpp>
#include <cereal/types/valarray.hpp>
#include <cereal/types/vector.hpp>
#include <doctest/doctest.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <valarray>
#include <vector>

using namespace values;

namespace by {

struct member_serialize {
    std::int32_t number = 0;
    template <class Archive>
    void serialize(Archive& archive) {
        archive(number);
    }
};

struct free_serialize {
    std::int32_t number = 0;
};
template <class Archive>
void serialize(Archive& archive, free_serialize& value) {
    archive & value.number;
}

struct member_split {
    std::int32_t number = 0;
    template <class Archive>
    void save(Archive& archive) const {
        archive << number;
    }
    template <class Archive>
    void load(Archive& archive) {
        archive >> number;
    }
};

struct free_split {
    std::int32_t number = 0;
};
template <class Archive>
void save(Archive& archive, free_split const& value) {
    archive(cereal::make_nvp("number", value.number));
}
template <class Archive>
void load(Archive& archive, free_split& value) {
    archive(cereal::make_nvp("number", value.number));
}

struct member_minimal {
    std::int32_t number = 0;
    template <class Archive>
    std::string save_minimal(Archive const&) const {
        return std::to_string(number);
    }
    template <class Archive>
    void load_minimal(Archive const&, std::string const& text) {
        number = std::stoi(text);
    }
};

struct free_minimal {
    std::int32_t number = 0;
};
template <class Archive>
std::int32_t save_minimal(Archive const&, free_minimal const& value) {
    return value.number;
}
template <class Archive>
void load_minimal(Archive const&, free_minimal& value, std::int32_t const& number) {
    value.number = number;
}

struct versioned {
    std::int32_t number = 0;
    template <class Archive>
    void serialize(Archive& archive, std::uint32_t const version) {
        seen = version;
        archive(number);
    }
    static inline std::uint32_t seen = 0;
};

struct versioned_split {
    std::int32_t number = 0;
};
template <class Archive>
void save(Archive& archive, versioned_split const& value, std::uint32_t) {
    archive(value.number);
}
template <class Archive>
void load(Archive& archive, versioned_split& value, std::uint32_t const version) {
    if (version != 0)
        throw std::logic_error{"never registered"};
    archive(value.number);
}

class kept_private {
public:
    std::int32_t number = 0;

private:
    friend class cereal::access;
    template <class Archive>
    void serialize(Archive& archive) {
        archive(number);
    }
};

struct both {
    std::int32_t number = 0;
    template <class Archive>
    void serialize(Archive&) {}
    template <class Archive>
    void save(Archive& archive) const {
        archive(number);
    }
    template <class Archive>
    void load(Archive& archive) {
        archive(number);
    }
};

struct derived : member_serialize {
    std::string name;
    template <class Archive>
    void serialize(Archive& archive) {
        archive(cereal::base_class<member_serialize>(this), cereal::defer(name));
        archive.serializeDeferments();
    }
};

struct block {
    std::vector<float> numbers;
    template <class Archive>
    void save(Archive& archive) const {
        archive(cereal::make_size_tag(static_cast<cereal::size_type>(numbers.size())));
        archive(cereal::binary_data(numbers.data(), numbers.size() * sizeof(float)));
    }
    template <class Archive>
    void load(Archive& archive) {
        cereal::size_type size = 0;
        archive(cereal::make_size_tag(size));
        numbers.resize(static_cast<std::size_t>(size));
        archive(cereal::binary_data(numbers.data(), numbers.size() * sizeof(float)));
    }
};

struct picky {
    std::int32_t number = 0;
    template <class Archive>
    void save(Archive& archive) const {
        archive(number);
    }
    template <class Archive>
    void load(Archive& archive) {
        archive(number);
        if (number == 7)
            throw std::invalid_argument{"secret 7"};
        if (number == 8)
            throw cereal::Exception{"secret 8"};
        if (number == 9)
            throw std::bad_alloc{};
    }
};

}  // namespace by

CEREAL_CLASS_VERSION(by::versioned, 3)

namespace cereal {
template <class Archive>
struct specialize<Archive, by::both, cereal::specialization::member_load_save> {};
}  // namespace cereal

// The same type in builds of different days, none of which said so by a version.
namespace drift {

template <class Number, class Other>
struct numbers {
    Number number{};
    Other other{};
    template <class Archive>
    void serialize(Archive& archive) {
        archive(CEREAL_NVP(number), CEREAL_NVP(other));
    }
};

struct renamed {
    std::int64_t amount = 0;
    std::int32_t other = 0;
    template <class Archive>
    void serialize(Archive& archive) {
        archive(CEREAL_NVP(amount), CEREAL_NVP(other));
    }
};

}  // namespace drift

namespace {

template <class T>
void check_comes_back() {
    T value{};
    value.number = 53111;
    std::vector<T> const many(2, value);
    CHECK(decoded<T>(encoded(value)).number == 53111);
    CHECK(decoded<std::vector<T>>(encoded(many))[1].number == 53111);
    CHECK(refuses<T>(encoded(value) + '\0'));
    CHECK(refuses<T>(std::string_view{encoded(value)}.substr(1)));
}

}  // namespace

TEST_CASE("cereal: types are driven by whichever functions they have") {
    check_comes_back<by::member_serialize>();
    check_comes_back<by::free_serialize>();
    check_comes_back<by::member_split>();
    check_comes_back<by::free_split>();
    check_comes_back<by::member_minimal>();
    check_comes_back<by::free_minimal>();
    check_comes_back<by::versioned>();
    check_comes_back<by::versioned_split>();
    check_comes_back<by::kept_private>();
    check_comes_back<by::both>();
    check_comes_back<by::derived>();
}

TEST_CASE("cereal: base classes, deferred parts, size tags and blocks of numbers come back") {
    by::derived value;
    value.number = 1;
    value.name = "name";
    auto const again = decoded<by::derived>(encoded(value));
    CHECK(again.number == 1);
    CHECK(again.name == "name");
    by::block const block{{1.5F, -2.5F}};
    CHECK(decoded<by::block>(encoded(block)).numbers == block.numbers);
    std::valarray<double> const numbers{1, 2, 3};
    CHECK((decoded<std::valarray<double>>(encoded(numbers)) == numbers).min());
}

TEST_CASE("F09 cereal: the version of a type is in its schema, and given to its functions") {
    CHECK(memo::codec_traits<by::versioned>::schema() == "cereal by::versioned@3");
    CHECK(memo::codec_traits<by::versioned_split>::schema() == "cereal by::versioned_split@0");
    decoded<by::versioned>(encoded(by::versioned{}));
    CHECK(by::versioned::seen == 3);
}

TEST_CASE("F09 cereal: bytes that other functions saved are refused, though name and version are the same") {
    using as_it_was = drift::numbers<std::int64_t, std::int32_t>;
    auto const bytes = encoded(as_it_was{1, 2});
    CHECK(!refuses<as_it_was>(bytes));
    CHECK(refuses<drift::numbers<double, std::int32_t>>(bytes));
    CHECK(refuses<drift::numbers<std::int64_t, float>>(bytes));
    CHECK(refuses<drift::numbers<std::int64_t, std::uint32_t>>(bytes));
    CHECK(refuses<drift::numbers<std::int32_t, std::int64_t>>(bytes));
    CHECK(refuses<drift::renamed>(bytes));
    auto const many = encoded(std::vector<as_it_was>(3));
    CHECK(refuses<std::vector<drift::numbers<double, std::int32_t>>>(many));
    CHECK(!refuses<std::vector<as_it_was>>(many));
}

TEST_CASE("F57 cereal: what load functions throw is a value_error, and not their words; memory that runs out is what it is") {
    for (std::int32_t const number : {7, 8}) {
        try {
            decoded<by::picky>(encoded(by::picky{number}));
            FAIL("not refused");
        } catch (memo::value_error const& error) {
            CHECK(std::string_view{error.what()}.find("secret") == std::string_view::npos);
        }
    }
    CHECK_THROWS_AS(decoded<by::picky>(encoded(by::picky{9})), std::bad_alloc);
}

TEST_CASE("F10 cereal: size tags and blocks in functions of the user's are held to the bytes there are") {
    CHECK(refuses<by::block>("\xff\xff\xff\xff\xff\xff\xff\xff\x7f"));
    CHECK(refuses<by::block>("\x05 1234"));
    CHECK(refuses<by::block>(std::string("\x0a") + std::string(20, 'x')));
    CHECK(refuses<std::valarray<double>>(std::string("\x0a") + std::string(20, 'x')));
}

TEST_CASE("cereal: with cereal's own functions for a type at hand, standard types are still memo's") {
    std::vector<std::string> const words{"a", "b"};
    CHECK(to_hex(encoded(words)) == "0201610162");
    CHECK(refuses<std::vector<std::string>>("\xff\xff\xff\xff\x7f"));
}
