#include <memo/base/static_storage.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <iostream>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

using memo::detail::in_static_storage;

namespace {

struct many {
    char first;
    char bytes[1 << 16];
    char last;
};

many zeroed;
std::string with_constructor = "a text that is too long to stand inside of the string itself";
constinit int filled = 7;

struct owner {
    inline static std::vector<int> member{1, 2, 3};
};

thread_local int of_thread = 1;

}  // namespace

TEST_SUITE("static storage") {
    TEST_CASE("F34 static storage: globals, static members and statics of functions stand in it, from first byte to last") {
        static std::vector<int> of_function{1};
        CHECK(in_static_storage(&zeroed.first));
        CHECK(in_static_storage(&zeroed.last));
        CHECK(in_static_storage(&with_constructor));
        CHECK(in_static_storage(&filled));
        CHECK(in_static_storage(&owner::member));
        CHECK(in_static_storage(&of_function));
    }

    TEST_CASE("F34 static storage: so do the globals of a library that is loaded beside the program") {
        CHECK(in_static_storage(&std::cout));
        CHECK(in_static_storage(&std::nothrow));
    }

    TEST_CASE("F34 static storage: what such an object owns does not stand there") {
        CHECK_FALSE(in_static_storage(with_constructor.data()));
        CHECK_FALSE(in_static_storage(owner::member.data()));
    }

    TEST_CASE("F34 static storage: neither heap, small or large, nor stack, of this thread or another, is in it") {
        auto const small = std::make_unique<int>();
        auto const large = std::make_unique<many[]>(64);
        int local = 0;
        CHECK_FALSE(in_static_storage(small.get()));
        CHECK_FALSE(in_static_storage(large.get()));
        CHECK_FALSE(in_static_storage(&local));
        bool of_other = true;
        std::jthread{[&] {
            int inside = 0;
            of_other = in_static_storage(&inside);
        }}.join();
        CHECK_FALSE(of_other);
    }

    TEST_CASE("F34 static storage: a thread_local object is not in it, neither the first thread's nor another's") {
        CHECK_FALSE(in_static_storage(&of_thread));
        bool of_other = true;
        std::jthread{[&] { of_other = in_static_storage(&of_thread); }}.join();
        CHECK_FALSE(of_other);
    }

    TEST_CASE("F34 static storage: null and the ends of the address space are not in it") {
        CHECK_FALSE(in_static_storage(nullptr));
        CHECK_FALSE(in_static_storage(reinterpret_cast<void const*>(~std::size_t{0})));
    }
}
