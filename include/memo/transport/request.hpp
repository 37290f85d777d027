#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memo::detail {

/// Commands for a Redis server, which it answers one by one, in order: hiredis writes them.
class request {
public:
    request() = default;
    request(std::initializer_list<std::string_view> command) { add(command); }
    request(request const&) = delete;
    request& operator=(request const&) = delete;
    /// Leaves no password in freed memory.
    ~request();

    /// Any bytes may be words.
    /// Throws: bad_alloc; connection_error: `too_large` for a command of 512 MiB or more.
    void add(std::span<std::string_view const> words);
    void add(std::initializer_list<std::string_view> words) { add(std::span{words.begin(), words.size()}); }

    std::string_view bytes() const noexcept { return bytes_; }
    /// How many replies will come.
    std::size_t size() const noexcept { return commands_; }
    /// Takes back what was added after it was so long.
    void rewind(std::size_t bytes, std::size_t commands) noexcept;

    static constexpr std::size_t most_bytes = std::size_t{512} << 20;

private:
    std::string bytes_;
    std::size_t commands_ = 0;
    bool secret_ = false;
    std::vector<char const*> texts_;   ///< of the command that is added
    std::vector<std::size_t> sizes_;
};

}  // namespace memo::detail
