#include <memo/call/footprint.hpp>

#include <boost/hana/define_struct.hpp>
#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

using memo::detail::block_bytes;
using memo::detail::heap_bytes;

namespace {

/// Adds up the blocks that are held of it, each as the allocator would give it.
class counting_resource : public std::pmr::memory_resource {
public:
    std::size_t held = 0;

private:
    void* do_allocate(std::size_t bytes, std::size_t alignment) override {
        held += block_bytes(bytes);
        return std::pmr::new_delete_resource()->allocate(bytes, alignment);
    }
    void do_deallocate(void* block, std::size_t bytes, std::size_t alignment) override {
        held -= block_bytes(bytes);
        std::pmr::new_delete_resource()->deallocate(block, bytes, alignment);
    }
    bool do_is_equal(memory_resource const& other) const noexcept override { return this == &other; }
};

/// What the estimate says and what was really allocated, for a container of `size` elements made by `element(i)`.
template <class Container, class Element>
std::pair<std::size_t, std::size_t> measure(int size, Element element) {
    counting_resource heap;
    Container filled(typename Container::allocator_type{&heap});
    for (int i = 0; i < size; ++i) {
        if constexpr (requires { filled.push_back(element(i)); }) {
            filled.push_back(element(i));
        } else {
            filled.insert(element(i));
        }
    }
    return {heap_bytes(filled), heap.held};
}

std::string const text(100, 'x');
std::size_t const text_bytes = block_bytes(101);

struct user {
    BOOST_HANA_DEFINE_STRUCT(user, (int, id), (std::string, name), (std::vector<std::string>, aliases));
};

struct ring {
    BOOST_HANA_DEFINE_STRUCT(ring, (std::string, name), (std::shared_ptr<ring>, next));
};

struct shape {
    virtual ~shape() = default;
    virtual double area() const = 0;
};
struct square : shape {
    double area() const override { return 1; }
};

struct unknown {
    std::string hidden = text;
};

struct texture {
    std::size_t pixels;
};

struct opaque;

}  // namespace

template <>
struct memo::footprint_traits<texture> {
    static std::size_t heap_bytes(texture const& value) noexcept { return 4 * value.pixels; }
};

TEST_CASE("footprint: a block takes 8 bytes more than asked for, in steps of 16, and 32 at least") {
    CHECK(block_bytes(0) == 0);
    CHECK(block_bytes(1) == 32);
    CHECK(block_bytes(24) == 32);
    CHECK(block_bytes(25) == 48);
    CHECK(block_bytes(1000) == 1008);
}

TEST_CASE("footprint: what owns no heap counts as 0") {
    CHECK(heap_bytes(7) == 0);
    CHECK(heap_bytes(text.c_str()) == 0);
    CHECK(heap_bytes(std::string_view{text}) == 0);
    CHECK(heap_bytes(std::string{"short"}) == 0);
    CHECK(heap_bytes(std::vector<int>{}) == 0);
    CHECK(heap_bytes(std::optional<std::string>{}) == 0);
    CHECK(heap_bytes(std::shared_ptr<int>{}) == 0);
}

TEST_CASE("footprint: flat containers and lists are counted as they were allocated") {
    auto const number = [](int i) { return i; };
    for (int size : {0, 1, 2, 15, 16, 17, 1000}) {
        CAPTURE(size);
        auto const same = [](std::pair<std::size_t, std::size_t> bytes) { return bytes.first == bytes.second; };
        CHECK(same(measure<std::pmr::string>(size, [](int) { return 'x'; })));
        CHECK(same(measure<std::pmr::vector<int>>(size, number)));
        CHECK(same(measure<std::pmr::vector<bool>>(size, [](int i) { return i % 2 == 0; })));
        CHECK(same(measure<std::pmr::list<int>>(size, number)));
        CHECK(same(measure<std::pmr::set<int>>(size, number)));
        CHECK(same(measure<std::pmr::multimap<int, double>>(size, [](int i) { return std::pair{i / 2, 0.5}; })));
    }
}

TEST_CASE(
    "footprint: deques and hash tables are estimated within a third of what was allocated, and never as nothing") {
    auto const number = [](int i) { return i; };
    for (int size : {1, 2, 17, 1000}) {
        CAPTURE(size);
        auto const near = [](std::pair<std::size_t, std::size_t> bytes) {
            return bytes.first * 3 >= bytes.second * 2 && bytes.first * 2 <= bytes.second * 3;
        };
        CHECK(near(measure<std::pmr::deque<int>>(size, number)));
        CHECK(near(measure<std::pmr::unordered_set<int>>(size, number)));
        CHECK(near(measure<std::pmr::unordered_map<int, double>>(size, [](int i) { return std::pair{i, 0.5}; })));
    }
}

TEST_CASE("footprint: the elements of a container count, to any depth") {
    CHECK(heap_bytes(std::vector<std::string>{text, text}) == block_bytes(2 * sizeof(std::string)) + 2 * text_bytes);
    CHECK(heap_bytes(std::forward_list<std::string>{text}) ==
          heap_bytes(std::forward_list<std::string>{""}) + text_bytes);
    std::map<std::string, std::vector<std::map<int, std::string>>> const deep{{text, {{{1, text}, {2, text}}}}};
    std::map<std::string, std::vector<std::map<int, std::string>>> const shallow{{"", {{{1, ""}, {2, ""}}}}};
    CHECK(heap_bytes(deep) == heap_bytes(shallow) + 3 * text_bytes);
}

TEST_CASE("footprint: optional, variant, pair, tuple and arrays count what they hold") {
    CHECK(heap_bytes(std::optional{text}) == text_bytes);
    CHECK(heap_bytes(std::variant<int, std::string>{text}) == text_bytes);
    CHECK(heap_bytes(std::variant<int, std::string>{1}) == 0);
    CHECK(heap_bytes(std::pair{1, text}) == text_bytes);
    CHECK(heap_bytes(std::tuple{text, 2.5, std::optional{text}}) == 2 * text_bytes);
    CHECK(heap_bytes(std::array{text, text, text}) == 3 * text_bytes);
    std::string const plain[] = {text, text};
    CHECK(heap_bytes(plain) == 2 * text_bytes);
    CHECK(heap_bytes(std::filesystem::path{text}) == text_bytes);
}

TEST_CASE("footprint: a smart pointer counts its object and what that owns") {
    CHECK(heap_bytes(std::make_unique<std::string>(text)) == block_bytes(sizeof(std::string)) + text_bytes);
    CHECK(heap_bytes(std::make_shared<std::string const>(text)) == block_bytes(16 + sizeof(std::string)) + text_bytes);
    CHECK(heap_bytes(std::shared_ptr<shape>{std::make_shared<square>()}) == block_bytes(16 + sizeof(shape)));
}

TEST_CASE("footprint: the members of a Hana-annotated struct count") {
    user const alice{1, text, {text, text}};
    CHECK(heap_bytes(alice) == text_bytes + heap_bytes(alice.aliases));
}

TEST_CASE("footprint: a ring of shared pointers ends") {
    auto const first = std::make_shared<ring>(ring{text, nullptr});
    first->next = std::make_shared<ring>(ring{text, first});
    std::size_t const object = block_bytes(16 + sizeof(ring));
    CHECK(heap_bytes(first) == object + text_bytes + object);
    first->next.reset();
}

TEST_CASE("footprint: a type of your own says its bytes by footprint_traits, inside containers too") {
    CHECK(heap_bytes(texture{1000}) == 4000);
    CHECK(heap_bytes(std::vector<texture>{{1}, {2}}) == block_bytes(2 * sizeof(texture)) + 12);
}

TEST_CASE("footprint: a type that it does not know counts as 0") {
    CHECK(heap_bytes(unknown{}) == 0);
    CHECK(heap_bytes(std::shared_ptr<opaque>{}) == 0);
    CHECK(heap_bytes(std::make_unique<std::string[]>(3)) == 0);
}
