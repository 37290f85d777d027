#pragma once

#include <stdexcept>
#include <string>

namespace memo {

/// What went wrong, one word each; the words of the libraries behind memo travel no further than its edge.
enum class error_code {
    bad_key,
    bad_value,
    bad_config,
    recursion,
    unreachable,
    timed_out,
    refused,
    full,
    too_large,
    corrupt,
    foreign,
};

/// Of memo's own making; what a wrapped function throws passes through untouched.
/// The message says who, where, what happened and what to do, and never a secret, a password or a cached value.
class error : public std::runtime_error {
public:
    error(error_code code, std::string const& message) : std::runtime_error{message}, code_{code} {}
    error_code code() const noexcept { return code_; }

private:
    error_code code_;
};

/// A key, name, tag or pattern that cannot be used.
class key_error : public error {
public:
    explicit key_error(std::string const& message) : error{error_code::bad_key, message} {}
};

/// A value that may not be stored.
class value_error : public error {
public:
    explicit value_error(std::string const& message) : error{error_code::bad_value, message} {}
};

/// A store that cannot be reached or does not answer.
class connection_error : public error {
public:
    explicit connection_error(std::string const& message, error_code code = error_code::unreachable) : error{code, message} {}
};

/// A call that would wait for itself.
class recursion_error : public error {
public:
    explicit recursion_error(std::string const& message) : error{error_code::recursion, message} {}
};

/// An option or a setting out of its range, told when the wrapper is made.
class config_error : public error {
public:
    explicit config_error(std::string const& message) : error{error_code::bad_config, message} {}
};

}  // namespace memo
