#pragma once

#include "trace.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace memo::sim {

/// What no order can beat: it knows the trace, and whoever is asked for latest leaves, the key that comes included.
///
/// Requires: as `simulated`; every request is asked for once, in turn.
/// Cost:     O(n log n) over n requests; eight bytes a request, and as many per entry.
/// Source:   L. A. Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems Journal 5(2), 1966.
class belady {
public:
    belady(trace const& what, std::size_t capacity);

    bool ask(std::size_t request);

private:
    void drop_stale(std::size_t request);

    trace const& what_;
    std::size_t capacity_;
    std::size_t size_ = 0;
    std::vector<std::uint32_t> next_;    // for each request, the next one of its key
    std::vector<std::uint32_t> latest_;  // a heap of the next requests of residents; those in the past stand at its bottom
    std::vector<bool> resident_;         // by key
};

}  // namespace memo::sim
