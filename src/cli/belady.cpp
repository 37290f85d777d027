#include "belady.hpp"

#include <algorithm>
#include <limits>

namespace memo::sim {
namespace {

constexpr auto never = std::numeric_limits<std::uint32_t>::max();

std::vector<std::uint32_t> next_requests(trace const& what) {
    std::vector<std::uint32_t> next(what.requests.size());
    std::vector<std::uint32_t> seen(what.keys(), never);
    for (auto at = next.size(); at-- != 0;) {
        next[at] = seen[what.requests[at]];
        seen[what.requests[at]] = static_cast<std::uint32_t>(at);
    }
    return next;
}

}  // namespace

belady::belady(trace const& what, std::size_t capacity)
    : what_{what}, capacity_{std::min(capacity, what.keys())}, next_{next_requests(what)}, resident_(what.keys()) {}

bool belady::ask(std::size_t request) {
    auto const key = what_.requests[request];
    auto const next = next_[request];
    bool const hit = resident_[key];
    if (hit && next == never) {
        resident_[key] = false;
        --size_;
        return true;
    }
    if (next == never)
        return hit;
    if (!hit) {
        if (size_ == capacity_) {
            if (latest_.front() < next)
                return false;
            resident_[what_.requests[latest_.front()]] = false;
            std::pop_heap(latest_.begin(), latest_.end());
            latest_.pop_back();
            --size_;
        }
        resident_[key] = true;
        ++size_;
    }
    latest_.push_back(next);
    std::push_heap(latest_.begin(), latest_.end());
    constexpr std::size_t spare = 1024;
    if (latest_.size() > 2 * capacity_ + spare)
        drop_stale(request);
    return hit;
}

void belady::drop_stale(std::size_t request) {
    std::erase_if(latest_, [request](std::uint32_t next) { return next <= request; });
    std::make_heap(latest_.begin(), latest_.end());
}

}  // namespace memo::sim
