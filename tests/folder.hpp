#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

/// A directory of its own for as long as it lives.
class folder {
public:
    folder() : folder{std::filesystem::temp_directory_path()} {}
    explicit folder(std::filesystem::path const& above) : path_{(above / "memo-XXXXXX").string()} {
        if (::mkdtemp(path_.data()) == nullptr)
            throw std::runtime_error{"folder: none can be made in " + path_};
    }
    folder(folder const&) = delete;
    folder& operator=(folder const&) = delete;
    ~folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    /// Where syncs cost nothing, if the system has such a place.
    static std::filesystem::path in_memory() {
        std::filesystem::path const shared{"/dev/shm"};
        return std::filesystem::is_directory(shared) ? shared : std::filesystem::temp_directory_path();
    }

    std::string const& path() const noexcept { return path_; }
    std::string operator/(std::string const& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};
