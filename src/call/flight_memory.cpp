#include <memo/call/flight_memory.hpp>

#include <cstddef>
#include <new>
#include <utility>

namespace memo::detail {

namespace {

struct spare_block {
    void* memory = nullptr;
    std::size_t bytes = 0;
    bool ended = false;  // the thread is in its last destructors, and keeps nothing
};
constinit thread_local spare_block spare;

}  // namespace

void* flight_blocks::take(std::size_t bytes) {
    return spare.memory != nullptr && spare.bytes == bytes ? std::exchange(spare.memory, nullptr) : ::operator new(bytes);
}

void flight_blocks::give_back(void* block, std::size_t bytes) noexcept {
    struct janitor {
        ~janitor() {
            spare.ended = true;
            ::operator delete(std::exchange(spare.memory, nullptr));
        }
    };
    if (spare.memory != nullptr || spare.ended)
        return ::operator delete(block);
    thread_local janitor const until_it_ends;
    static_cast<void>(until_it_ends);
    spare.memory = block;
    spare.bytes = bytes;
}

}  // namespace memo::detail
