#pragma once

#include <string>
#include <string_view>

namespace memo::sim {

/// A file that appears when it is complete: it is written beside its place and then moved there. What is no plain file, such as
/// `/dev/stdout`, is written to as it is.
class output_file {
public:
    /// Throws:   memo::error that names the option and the path when it cannot be written.
    output_file(std::string option, std::string path);

    /// Throws:   as the constructor.
    void write(std::string_view text) const;

private:
    [[noreturn]] void fail(std::string_view step) const;
    void put(int file, std::string_view text) const;

    std::string option_;
    std::string path_;    // behind links
    std::string fresh_;   // beside it; empty for what is no plain file
};

}  // namespace memo::sim
