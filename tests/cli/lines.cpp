#include "lines.hpp"

#include "../folder.hpp"

#include <memo/base/error.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using memo::sim::longest_line;

class lines_of {
public:
    explicit lines_of(std::string_view text) : path_{folder_ / "text"} {
        std::ofstream{path_, std::ios::binary} << text;
        try {
            memo::sim::each_line(path_, [this](std::string_view line) {
                if (line == "bad")
                    throw memo::sim::line_fault{"this is bad; write good"};
                lines.emplace_back(line);
            });
        } catch (memo::error const& fault) {
            complaint = std::string{fault.what()}.substr(path_.size());
        }
    }

    std::vector<std::string> lines;
    std::string complaint;  ///< behind the path

private:
    folder folder_;
    std::string path_;
};

using list = std::vector<std::string>;

}  // namespace

TEST_CASE("each_line: the last line needs no end, and the ends of DOS are ends") {
    CHECK(lines_of{""}.lines.empty());
    CHECK(lines_of{"a"}.lines == list{"a"});
    CHECK(lines_of{"a\nb c\n"}.lines == list{"a", "b c"});
    CHECK(lines_of{"a\r\nb\r\n"}.lines == list{"a", "b"});
    CHECK(lines_of{"a\n\nb"}.lines == list{"a", "", "b"});
}

TEST_CASE("each_line: lines of any length lie across the stretches in which files are read") {
    list written;
    std::string text;
    for (std::size_t length = 1; length < longest_line; length += length / 3 + 1) {
        written.emplace_back(length, static_cast<char>('a' + length % 26));
        text += written.back() + '\n';
    }
    REQUIRE(text.size() > 3 * longest_line);
    CHECK(lines_of{text}.lines == written);
}

TEST_CASE("each_line: what is wrong is named with its line") {
    CHECK(lines_of{"a\nbad\nb"}.complaint == ":2: this is bad; write good");
    CHECK(lines_of{"a\nb\nbad"}.complaint == ":3: this is bad; write good");
    using namespace std::string_view_literals;
    CHECK(lines_of{"a\nb\0c\n"sv}.complaint == ":2: this line holds a NUL byte; write text, " + std::string{memo::sim::forms_of_text()});
    CHECK(lines_of{"a\n" + std::string(longest_line, 'x')}.complaint.empty());
    for (auto const excess : {std::size_t{1}, 10 * longest_line})
        for (auto const* const end : {"", "\n"})
            CHECK(lines_of{"a\n" + std::string(longest_line + excess, 'x') + end}.complaint ==
                  ":2: this line is longer than 65,536 bytes; write a digest in the place of such a key");
}

TEST_CASE("each_line: a file that cannot be opened is named") {
    CHECK_THROWS_WITH_AS(memo::sim::each_line("/nowhere/at all", [](std::string_view) {}),
                         doctest::Contains("/nowhere/at all: cannot be opened: No such file or directory"), memo::error);
}
