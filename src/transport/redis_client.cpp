#include <memo/transport/redis_client.hpp>

#include <memo/base/error.hpp>
#include <memo/transport/refusal.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memo::detail {
namespace {

/// The first refusal that does not merely mean that there is nothing.
refusal const* first_refusal(std::vector<reply> const& replies) noexcept {
    for (auto const& each : replies) {
        if (each.view().kind() != reply_kind::refusal)
            continue;
        auto const& why = refusal_of(each.view().text());
        if (why.action != remedy::miss)
            return &why;
    }
    return nullptr;
}

/// Who watches a key that was touched does not carry its transaction out.
constexpr std::string_view touch_when_late = R"lua(
local t = redis.call('TIME')
if t[1] * 1000000 + t[2] > tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '', 'PX', 1000) end
)lua";

void add_call(request& asked, std::string_view how, std::string_view script, std::vector<std::string_view> const& keys,
              std::string_view not_after, std::vector<std::string_view> const& arguments) {
    auto const count = std::to_string(keys.size());
    std::vector<std::string_view> words{how, script, count};
    words.reserve(words.size() + keys.size() + 1 + arguments.size());
    words.insert(words.end(), keys.begin(), keys.end());
    words.push_back(not_after);
    words.insert(words.end(), arguments.begin(), arguments.end());
    asked.add(words);
}

}  // namespace

std::string_view redis_script::name() const noexcept {
    return learnt_.load(std::memory_order_acquire) == learnt::all ? std::string_view{name_.data(), name_.size()}
                                                                  : std::string_view{};
}

void redis_script::learn(std::string_view name) noexcept {
    auto expected = learnt::nothing;
    if (name.size() != name_.size() || !learnt_.compare_exchange_strong(expected, learnt::being_told))
        return;
    std::ranges::copy(name, name_.begin());
    learnt_.store(learnt::all, std::memory_order_release);
}

std::vector<reply> redis_client::ask(request& asked, instant until, proof how) {
    auto line = pool_.take(until);
    auto replies = exchange(line, asked, until, how);
    auto const* why = first_refusal(replies);
    if (why != nullptr && why->action == remedy::try_again) {
        replies = exchange(line, asked, until, how);
        why = first_refusal(replies);
    }
    if (why != nullptr)
        refuse(line, *why);
    pool_.succeeded();
    return replies;
}

reply redis_client::run(redis_script& script, std::vector<std::string_view> const& keys,
                        std::vector<std::string_view> const& arguments, instant until, lateness late, std::string_view shown) {
    auto line = pool_.take(until);
    auto const known_time = late == lateness::refused ? time_of(line, until) : std::nullopt;
    auto const not_after = known_time ? std::to_string(*known_time) : std::string{};
    auto name = script.name();
    for (int attempt = 0;; ++attempt) {
        request asked;
        if (name.empty()) {
            asked.add({"SCRIPT", "LOAD", script.text()});
            add_call(asked, "EVAL", script.text(), keys, not_after, arguments);
        } else {
            add_call(asked, "EVALSHA", name, keys, not_after, arguments);
        }
        bool const shows = !shown.empty() && !name.empty() && attempt == 0;
        auto replies = exchange(line, asked, until, shows ? proof::values : proof::echo);
        if (auto const told = replies.front().view(); name.empty() && told.is_text())
            script.learn(told.text());
        reply answer = std::move(replies.back());
        if (answer.view().kind() != reply_kind::refusal) {
            pool_.succeeded();
            if (answer.view().kind() == reply_kind::status && answer.view().text() == "LATE")
                give_up(line);
            if (shows && answer.view().text() != shown)
                part(line);
            return answer;
        }
        auto const& why = refusal_of(answer.view().text());
        if (!shows && (attempt != 0 || (why.action != remedy::send_script && why.action != remedy::try_again)))
            refuse(line, why);
        if (why.action == remedy::send_script)
            name = {};
    }
}

void redis_client::all_or_nothing(std::string_view guard, std::function<void(request&)> const& add, instant until) {
    auto line = pool_.take(until);
    request asked;
    if (auto const not_after = time_of(line, until)) {
        asked.add({"WATCH", guard});
        asked.add({"EVAL", touch_when_late, "1", guard, std::to_string(*not_after)});
    }
    asked.add({"MULTI"});
    add(asked);
    asked.add({"EXEC"});
    auto const replies = exchange(line, asked, until, proof::echo);
    if (auto const* const why = first_refusal(replies))
        refuse(line, *why);
    auto const done = replies.back().view();
    for (std::size_t i = 0; i != done.size(); ++i) {
        if (done[i].kind() == reply_kind::refusal)
            refuse(line, refusal_of(done[i].text()));
    }
    pool_.succeeded();
    if (!done.is_list())
        give_up(line);
}

std::optional<std::int64_t> redis_client::time_of(redis_pool::loan& line, instant until) {
    if (line->knows_time_since() + longest_trust < std::chrono::steady_clock::now()) {
        request asked{"TIME"};
        line->keep_time(exchange(line, asked, until, proof::echo).front());
    }
    return line->server_time(until);
}

std::vector<reply> redis_client::exchange(redis_pool::loan& line, request& asked, instant until, proof how) {
    try {
        return line->exchange(asked, until, how);
    } catch (link_fault const& fault) {
        if (fault.code() != error_code::too_large)
            pool_.failed();
        throw;
    }
}

/// The server's clock may have been set meanwhile: another connection asks for it.
void redis_client::give_up(redis_pool::loan& line) {
    line->condemn();
    throw link_fault{
        pool_.server().caller + ": the server came to it too late and did nothing; see to its load, or raise `timeout`",
        error_code::timed_out, reached::no};
}

void redis_client::part(redis_pool::loan& line) {
    line->condemn();
    throw link_fault{pool_.server().caller + ": answers are out of step with questions; see who stands in between",
                     error_code::corrupt, reached::perhaps};
}

void redis_client::refuse(redis_pool::loan& line, refusal const& why) {
    if (why.action == remedy::rest || why.action == remedy::reconnect)
        line->condemn();
    if (why.action == remedy::rest)
        pool_.failed();
    else
        pool_.succeeded();
    throw link_fault{pool_.server().caller + ": the server refuses, " + std::string{why.word} + "; " + std::string{why.advice},
                     why.code, reached::no};
}

}  // namespace memo::detail
