#include <memo/transport/request.hpp>

#include <memo/base/error.hpp>
#include <memo/base/secret.hpp>

#include <hiredis/hiredis.h>

#include <climits>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>

namespace memo::detail {
namespace {

struct release {
    void operator()(char* command) const noexcept { redisFreeCommand(command); }
};

/// hiredis adds the lengths up in an int.
void check_size(std::span<std::string_view const> words) {
    std::size_t whole = 0;
    for (auto const word : words) {
        if (word.size() >= request::most_bytes || (whole += word.size() + 32) >= request::most_bytes)
            throw connection_error{"redis: a command of 512 MiB or more; store less at once", error_code::too_large};
    }
}

}  // namespace

request::~request() {
    if (secret_)
        wipe(bytes_.data(), bytes_.size());
}

void request::rewind(std::size_t bytes, std::size_t commands) noexcept {
    bytes_.erase(bytes);
    commands_ = commands;
}

void request::add(std::span<std::string_view const> words) {
    check_size(words);
    texts_.clear();
    sizes_.clear();
    for (auto const word : words) {
        texts_.push_back(word.data());
        sizes_.push_back(word.size());
    }
    char* formatted = nullptr;
    int const size = redisFormatCommandArgv(&formatted, static_cast<int>(words.size()), texts_.data(), sizes_.data());
    std::unique_ptr<char, release> const command{formatted};
    if (size < 0)
        throw std::bad_alloc{};
    auto const length = static_cast<std::size_t>(size);
    bool const holds_password = words.front() == "AUTH";
    if (holds_password)
        bytes_.reserve(bytes_.size() + length + 256);
    secret_ = secret_ || holds_password;
    bytes_.append(formatted, length);
    ++commands_;
    if (holds_password)
        wipe(formatted, length);
}

}  // namespace memo::detail
