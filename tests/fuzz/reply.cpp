// Any bytes of a server are replies, or refused, in whatever pieces they come; what passes the gate hiredis reads.
#include "fuzz/check.hpp"

#include <memo/transport/reply.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using memo::detail::reply_limits;
using memo::detail::reply_reader;
using memo::detail::reply_view;
using verdict = reply_reader::verdict;

constexpr reply_limits most{.bytes = 100, .elements = 8};

std::size_t elements_of(reply_view told) {
    std::size_t all = told.size();
    for (std::size_t i = 0; i != told.size(); ++i)
        all += elements_of(told[i]);
    fuzz::check(told.text().size() <= most.bytes, "a text is within the limit");
    return all;
}

struct outcome {
    std::size_t replies = 0;
    std::size_t elements = 0;
    verdict last = verdict::more;
    bool operator==(outcome const&) const = default;
};

outcome read(std::string_view bytes, std::size_t piece) {
    reply_reader reader{most};
    outcome all;
    while (!bytes.empty()) {
        auto part = bytes.substr(0, piece);
        bytes.remove_prefix(part.size());
        while (!part.empty()) {
            all.last = reader.read(part);
            if (all.last == verdict::refused || all.last == verdict::too_large)
                return all;
            if (all.last != verdict::whole)
                continue;
            auto const whole = reader.take();
            auto const elements = elements_of(whole.view());
            fuzz::check(elements <= most.elements, "elements are within the limit");
            all.elements += elements;
            ++all.replies;
        }
    }
    return all;
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const bytes = fuzz::text_of(data, size);
    auto const at_once = read(bytes, bytes.size() + 1);
    fuzz::check(at_once == read(bytes, 1), "bytes one by one are the same replies");
    fuzz::check(at_once == read(bytes, 3), "bytes in threes are the same replies");
    return 0;
}
