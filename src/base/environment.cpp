#include <memo/base/environment.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace memo::detail {

std::optional<std::string> read_environment(std::string const& name) {
    auto const* const value = ::secure_getenv(name.c_str());
    return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>{value};
}

std::vector<std::string> environment_names(std::string_view beginning) {
    std::vector<std::string> names;
    for (auto const* const* one = ::environ; one != nullptr && *one != nullptr; ++one) {
        std::string name{*one};
        name.resize(std::min(name.find('='), name.size()));
        if (name.starts_with(beginning) && read_environment(name))
            names.push_back(std::move(name));
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace memo::detail
