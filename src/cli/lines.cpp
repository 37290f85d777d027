#include "lines.hpp"

#include "wording.hpp"

#include <memo/base/error.hpp>

#include <cstdint>
#include <cstring>

namespace memo::sim {
namespace {

class splitter {
public:
    explicit splitter(std::function<void(std::string_view)> const& take) : take_{take} {}

    /// The line that is being read, from 1.
    [[nodiscard]] std::uint64_t line() const noexcept { return line_; }

    void feed(std::string_view text) {
        while (auto const* const end = static_cast<char const*>(std::memchr(text.data(), '\n', text.size()))) {
            auto const length = static_cast<std::size_t>(end - text.data());
            if (begun_.empty()) {
                give(text.substr(0, length));
            } else {
                begun_.append(text, 0, length);
                give(begun_);
                begun_.clear();
            }
            ++line_;
            text.remove_prefix(length + 1);
        }
        begun_ += text;
        judge(begun_);
    }

    void finish() {
        if (!begun_.empty())
            give(begun_);
    }

private:
    static void judge(std::string_view line) {
        if (line.size() > longest_line)
            throw line_fault{"this line is longer than " + grouped(longest_line) + " bytes; write a digest in the place of such a key"};
    }

    void give(std::string_view line) const {
        judge(line);
        if (std::memchr(line.data(), '\0', line.size()) != nullptr)
            throw line_fault{"this line holds a NUL byte; write text, " + std::string{forms_of_text()}};
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        take_(line);
    }

    std::function<void(std::string_view)> const& take_;
    std::string begun_;
    std::uint64_t line_ = 1;
};

}  // namespace

void each_line(std::string const& path, std::function<void(std::string_view)> const& take) {
    auto const source = open_source(path);
    splitter lines{take};
    auto const place = [&] { return printable(path) + ":" + std::to_string(lines.line()) + ": "; };
    try {
        for (auto text = source->read(); !text.empty(); text = source->read())
            lines.feed(text);
        lines.finish();
    } catch (line_fault const& fault) {
        throw error{error_code::bad_value, place() + fault.what()};
    } catch (source_fault const& fault) {
        throw error{error_code::corrupt, place() + fault.what()};
    }
}

}  // namespace memo::sim
