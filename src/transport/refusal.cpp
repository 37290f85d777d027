#include <memo/transport/refusal.hpp>

#include <memo/base/error.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace memo::detail {
namespace {

using enum remedy;

constexpr std::array<refusal, 21> known{{
    {"ASK", report, error_code::refused, "this is one node of a cluster; give the address of a server that holds all keys"},
    {"BUSY", rest, error_code::refused, "a script runs there for too long; end it with SCRIPT KILL"},
    {"CLUSTERDOWN", rest, error_code::refused, "the cluster of this node is down; mend it"},
    {"CROSSSLOT", report, error_code::refused, "this is one node of a cluster; give the address of a server that holds all keys"},
    {"DENIED", rest, error_code::refused, "the server is in protected mode; give it a password"},
    {"EXECABORT", report, error_code::refused, "a step of a transaction was refused"},
    {"LOADING", rest, error_code::refused, "the server loads its file; wait"},
    {"MASTERDOWN", rest, error_code::refused, "this replica has lost its master; give the address of the master"},
    {"MISCONF", report, error_code::refused, "the server cannot save to its disk and takes no writes; mend its disk"},
    {"MOVED", report, error_code::refused, "this is one node of a cluster; give the address of a server that holds all keys"},
    {"NOAUTH", rest, error_code::refused, "the server wants a password; give it"},
    {"NOPERM", report, error_code::refused, "the server's user may not do that; see redis_store for what it needs"},
    {"NOREPLICAS", report, error_code::refused, "too few replicas take part for a write; mend them"},
    {"NOSCRIPT", send_script, error_code::refused, "the server forgets scripts at once; see to its version"},
    {"OOM", report, error_code::full, "the memory of the server is full; give it more, or a `maxmemory-policy` that makes room"},
    {"READONLY", reconnect, error_code::refused, "this is a replica; give the address of the master"},
    {"TRYAGAIN", try_again, error_code::refused, "the cluster moves keys; wait"},
    {"UNKILLABLE", rest, error_code::refused, "a script runs there for too long; restart the server"},
    {"WRONGPASS", rest, error_code::refused, "user or password are wrong; mend them"},
    {"WRONGTYPE", miss, error_code::foreign, "something else is stored under these keys; take another prefix"},
    {"max", rest, error_code::refused, "the server has all the clients that it takes; raise `maxclients`"},
}};
static_assert(std::ranges::is_sorted(known, {}, &refusal::word));

constexpr refusal unknown{"ERR", report, error_code::refused, "see the server's version (5.0 or newer) and its log"};

std::string_view first_word(std::string_view text) noexcept { return text.substr(0, text.find_first_of(" \r\n")); }

refusal const* find(std::string_view word) noexcept {
    auto const* const found = std::ranges::find(known, word, &refusal::word);
    return found == known.end() ? nullptr : found;
}

}  // namespace

refusal const& refusal_of(std::string_view error_reply) noexcept {
    auto const word = first_word(error_reply);
    if (auto const* const found = find(word))
        return *found;
    if (word != "ERR")
        return unknown;
    auto const rest_of_it = error_reply.substr(std::min(error_reply.size(), word.size() + 1));
    if (auto const* const found = find(first_word(rest_of_it)); found != nullptr && found->word == "max")
        return *found;
    if (!rest_of_it.starts_with("Error running script"))
        return unknown;
    for (auto at = rest_of_it.find(" -"); at != std::string_view::npos; at = rest_of_it.find(" -", at + 2)) {
        if (auto const* const found = find(first_word(rest_of_it.substr(at + 2))))
            return *found;
    }
    return unknown;
}

}  // namespace memo::detail
