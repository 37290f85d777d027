#pragma once

#include <memo/base/error.hpp>
#include <memo/base/secret.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {

/// A key as it may be shown: no secret that came astray, nothing that a terminal would heed.
inline std::string shown_key(std::string_view key) {
    constexpr std::string_view marks = "._:-";
    constexpr std::size_t longest = 64;
    auto const plain = [&](char byte) {
        return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || marks.find(byte) != marks.npos;
    };
    return !key.empty() && key.size() <= longest && std::all_of(key.begin(), key.end(), plain) ? std::string{key} : "(a key)";
}

inline std::string below(std::string const& path, std::string_view key) {
    return path.empty() ? shown_key(key) : path + "." + shown_key(key);
}

/// One value of a JSON document.
struct node {
    enum class kind { null, truth, number, fraction, text, object };

    std::string key{};
    kind what = kind::null;
    bool truth = false;
    std::uint64_t number = 0;
    double fraction = 0;
    secret text{};  // there are URLs with passwords
    std::vector<node> inside{};
};

/// Makes a tree of what nlohmann's parser reads, which itself does not recurse; refuses on the way what no configuration holds.
class document_reader {
public:
    using json = nlohmann::json;

    document_reader(std::string_view text, std::string_view who, std::size_t deepest) : text_{text}, who_{who}, deepest_{deepest} {}

    node read() {
        json::sax_parse(text_, this);
        return std::move(root_);
    }

    bool null() { return place().what = node::kind::null, true; }
    bool boolean(bool truth) {
        auto& at = place();
        at.what = node::kind::truth;
        at.truth = truth;
        return true;
    }
    bool number_integer(json::number_integer_t) { refuse("a number is below zero, or -0; give one above"); }
    bool number_unsigned(json::number_unsigned_t number) {
        auto& at = place();
        at.what = node::kind::number;
        at.number = number;
        return true;
    }
    bool number_float(json::number_float_t fraction, std::string const&) {
        auto& at = place();
        at.what = node::kind::fraction;
        at.fraction = fraction;
        return true;
    }
    bool string(std::string& text) {
        auto& at = place();
        at.what = node::kind::text;
        at.text = secret{text};
        wipe(text.data(), text.size());
        return true;
    }
    bool binary(json::binary_t&) { refuse("there are bytes that are no text; write text"); }
    bool start_array(std::size_t) { refuse("there is a list; a configuration has none"); }
    bool end_array() { return true; }

    bool start_object(std::size_t) {
        if (open_.size() == deepest_)
            refuse("it is nested more than " + std::to_string(deepest_) + " deep; a configuration needs four");
        auto& at = place();
        at.what = node::kind::object;
        open_.push_back({&at, {}});
        return true;
    }
    bool key(std::string& key) {
        auto& into = open_.back();
        into.at->inside.push_back({});
        into.at->inside.back().key = key;
        if (!into.keys.insert(std::move(key)).second)
            refuse("the key is given twice; keep one");
        return true;
    }
    bool end_object() {
        open_.pop_back();
        return true;
    }

    /// The parser's own words show what was read, which may be a secret.
    bool parse_error(std::size_t position, std::string const&, json::exception const& fault) {
        constexpr int number_out_of_range = 406;
        if (fault.id == number_out_of_range)
            refuse("a number is out of range; give a smaller one");
        auto const read = text_.substr(0, std::min(position == 0 ? 0 : position - 1, text_.size()));
        auto const line = std::count(read.begin(), read.end(), '\n') + 1;
        auto const line_begin = read.rfind('\n') + 1;  // npos + 1 is 0
        refuse("line " + std::to_string(line) + ", column " + std::to_string(read.size() - line_begin + 1) +
               ": this is no JSON; mend it there or just before");
    }

private:
    struct level {
        node* at;
        std::set<std::string> keys;
    };

    /// Where the next value goes; only the innermost object grows.
    node& place() { return open_.empty() ? root_ : open_.back().at->inside.back(); }

    [[noreturn]] void refuse(std::string const& what) const {
        std::string path;
        for (auto const& one : open_)
            if (!one.at->inside.empty())
                path = below(path, one.at->inside.back().key);
        throw config_error{std::string{who_} + ": " + (path.empty() ? "" : path + ": ") + what};
    }

    std::string_view text_;
    std::string_view who_;
    std::size_t deepest_;
    node root_{};
    std::vector<level> open_{};
};

}  // namespace memo::detail
