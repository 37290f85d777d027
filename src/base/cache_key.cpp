#include <memo/base/cache_key.hpp>

#include <ostream>

namespace memo {

std::ostream& operator<<(std::ostream& out, cache_key const& key) {
    return out << key.text_;
}

}  // namespace memo
