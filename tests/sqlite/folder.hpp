#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

/// A directory of its own for as long as it lives.
class folder {
public:
    folder() : path_{(std::filesystem::temp_directory_path() / "memo-XXXXXX").string()} {
        if (::mkdtemp(path_.data()) == nullptr)
            throw std::runtime_error{"folder: none can be made in " + path_};
    }
    folder(folder const&) = delete;
    folder& operator=(folder const&) = delete;
    ~folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string const& path() const noexcept { return path_; }
    std::string operator/(std::string const& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};
