// Any bytes are the URL of a store, whose parts are in their ranges, or refused with what to do and without a secret.
#include "fuzz/check.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/store/address.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace {

bool is_prefix(std::string_view prefix) { return prefix.size() <= 128 && !prefix.starts_with('#'); }

void judge(memo::detail::memory_address const& read) {
    fuzz::check(read.options.max_size > 0 && read.options.max_bytes > 0, "bounds are above zero");
    fuzz::check(is_prefix(read.prefix), "a prefix is one");
}

void judge(memo::detail::sqlite_address const& read) {
    fuzz::check(!read.path.empty() && read.path.find('\0') == read.path.npos, "there is a path, and no NUL in it");
    fuzz::check(read.options.max_bytes > 0 && read.options.max_entries > 0, "bounds are above zero");
    fuzz::check(read.options.timeout > memo::duration::zero(), "there is time");
    fuzz::check(is_prefix(read.prefix), "a prefix is one");
}

void judge(memo::detail::redis_address const& read) {
    auto const& server = read.options;
    fuzz::check(server.path.empty() ? !server.host.empty() : server.path.front() == '/', "there is a host or a socket");
    fuzz::check(server.port > 0 && server.pool > 0 && server.max_reply > 0, "numbers are above zero");
    fuzz::check(server.timeout.value > memo::duration::zero(), "there is time");
    fuzz::check(server.password.reveal().find('\0') == std::string_view::npos, "no NUL is in the password");
    fuzz::check(is_prefix(server.prefix), "a prefix is one");
}

/// What stands between :// and an @ is never shown.
void hide_a_secret(std::string_view url) {
    auto const begin = url.find("://");
    auto const end = url.rfind('@');
    if (begin == url.npos || end == url.npos || end < begin + 3 || url.find("hunter2") != url.npos)
        return;
    std::string with_secret{url};
    with_secret.insert((begin + 3 + end) / 2, "hunter2");
    try {
        memo::detail::read_address(with_secret, "fuzz");
    } catch (memo::config_error const& error) {
        fuzz::check(std::string_view{error.what()}.find("hunter2") == std::string_view::npos, "no secret is shown");
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const url = fuzz::text_of(data, size);
    try {
        std::visit([](auto const& read) { judge(read); }, memo::detail::read_address(url, "fuzz"));
        fuzz::check(size <= memo::detail::longest_url, "a URL has its greatest length");
    } catch (memo::config_error const& error) {
        std::string_view const message = error.what();
        fuzz::check(message.starts_with("fuzz: ") && message.find("; ") != message.npos, "a refusal says who, what and what to do");
        fuzz::check(message.size() < 300, "a refusal is short");
    }
    hide_a_secret(url);
    return 0;
}
