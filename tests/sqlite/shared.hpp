#pragma once

#include <sys/mman.h>

#include <new>

/// Seen by this process and its children.
template <class T>
class shared_with_children {
public:
    shared_with_children() : room_{::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)} {
        ::new (room_) T{};
    }
    ~shared_with_children() { ::munmap(room_, sizeof(T)); }
    shared_with_children(shared_with_children const&) = delete;
    shared_with_children& operator=(shared_with_children const&) = delete;
    T* operator->() const noexcept { return static_cast<T*>(room_); }

private:
    void* room_;
};
