#pragma once

#include <string>
#include <string_view>

namespace memo::sim {

/// A file that appears when it is complete: it is written beside its place and then moved there. The standard output by its name,
/// and what is no plain file, are written to as they are.
class output_file {
public:
    /// Throws:   memo::error that names the option and the path when it cannot be written.
    output_file(std::string option, std::string path);

    /// Throws:   as the constructor.
    void write(std::string_view text) const;

private:
    [[noreturn]] void fail(std::string_view step) const;
    [[nodiscard]] int open_anew() const;
    void put(int file, std::string_view text) const;

    std::string option_;
    std::string path_;   // behind links
    std::string fresh_;  // beside it; empty for what is written to as it is
    bool is_output_ = false;
};

}  // namespace memo::sim
