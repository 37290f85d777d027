#include <memo/call/space.hpp>

#include <memo/base/error.hpp>
#include <memo/base/glob.hpp>

#include <new>
#include <utility>

namespace memo::detail {

std::function<bool(key_view const&)> matching(std::string_view glob) {
    return [glob](key_view const& key) { return glob_match(glob, key.text); };
}

std::function<bool(key_view const&)> all_keys() {
    return [](key_view const&) { return true; };
}

void space::enter(std::weak_ptr<resident> fresh) {
    check_open("memo::in");
    std::lock_guard const lock{mutex_};
    if (residents_.size() == residents_.capacity()) {
        std::erase_if(residents_, [](auto const& one) { return one.expired(); });
        residents_.reserve(2 * residents_.size() + 1);
    }
    residents_.push_back(std::move(fresh));
}

std::vector<std::shared_ptr<resident>> space::residents() const {
    std::vector<std::shared_ptr<resident>> alive;
    std::lock_guard const lock{mutex_};
    alive.reserve(residents_.size());
    for (auto const& one : residents_)
        if (auto still = one.lock())
            alive.push_back(std::move(still));
    return alive;
}

evicted space::evict_text(std::string_view text) {
    check_open("memo::manager");
    evicted sum;
    for (auto const& one : residents())
        sum += one->evict_text(text);
    return sum;
}

evicted space::evict_pattern(std::string_view glob) {
    check_open("memo::manager");
    if (auto const* const fault = glob_fault(glob))
        throw key_error{"memo::manager(evict_pattern): the pattern is malformed: " + std::string{fault} +
                        "; escape the character with a backslash"};
    evicted sum;
    for (auto const& one : residents())
        sum += one->evict_pattern(glob);
    return sum;
}

evicted space::evict_tag(std::string_view tag) {
    check_open("memo::manager");
    evicted sum;
    for (auto const& one : residents())
        sum += one->evict_tag(tag);
    return sum;
}

evicted space::evict_all() {
    check_open("memo::manager");
    evicted sum;
    for (auto const& one : residents())
        sum += one->evict_all();
    return sum;
}

memo::stats space::statistics() const {
    memo::stats sum;
    for (auto const& one : residents())
        sum += one->statistics();
    sum.errors += errors_.load(std::memory_order_relaxed);
    return sum;
}

void space::listen(event_listener fn) {
    auto fresh = std::make_shared<event_listener const>(std::move(fn));
    std::lock_guard const lock{mutex_};
    auto more = listeners_ == nullptr ? listeners{} : *listeners_;
    more.push_back(std::move(fresh));
    listeners_ = std::make_shared<listeners const>(std::move(more));
    heard_.store(true, std::memory_order_release);
}

void space::tell(event const& happening) noexcept {
    std::shared_ptr<listeners const> all;
    {
        std::lock_guard const lock{mutex_};
        all = listeners_;
    }
    if (all == nullptr)
        return;
    for (auto const& one : *all) {
        try {
            (*one)(happening);
        } catch (...) {
            errors_.fetch_add(1, std::memory_order_relaxed);
        }
    }
}

void space::fail(std::exception_ptr const& error) noexcept {
    errors_.fetch_add(1, std::memory_order_relaxed);
    if (heard())
        tell({event_kind::error, {}, {}, evict_cause::none, error, {}});
}

void space::close() noexcept {
    closed_.store(true, std::memory_order_release);
    try {
        for (auto const& one : residents())
            one->stop();
    } catch (std::bad_alloc const&) {  // their own ends will stop them
    }
    heard_.store(false, std::memory_order_release);
    std::shared_ptr<listeners const> dead;
    std::lock_guard const lock{mutex_};
    dead = std::move(listeners_);
}

void space::check_open(char const* who) const {
    if (closed_.load(std::memory_order_acquire))
        throw config_error{std::string{who} + ": the manager has ended; keep it alive as long as it is used"};
}

std::shared_ptr<space> const& default_space() {
    static auto const& process_wide = *new std::shared_ptr<space>{std::make_shared<space>(space_defaults{})};
    return process_wide;
}

}  // namespace memo::detail
