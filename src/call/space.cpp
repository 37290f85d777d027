#include <memo/call/space.hpp>

#include <memo/base/error.hpp>
#include <memo/base/glob.hpp>
#include <memo/store/prefixed.hpp>

#include <new>
#include <utility>

namespace memo::detail {
namespace {

constexpr std::size_t longest_name = 128;

}  // namespace

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

void space::raise_into(raised_fences& all) {
    all.raise(fence, nullptr);
    for (auto const& one : stores())
        all.raise(one->fence(), one);
}

wrapper_settings const* space::settings_of(std::string_view wrapper) const noexcept {
    auto const found = defaults_.wrappers.find(wrapper);
    return found == defaults_.wrappers.end() ? nullptr : &found->second;
}

shared_store space::enter_store(shared_store const& bare) {
    check_open("memo::in");
    auto const known = [&] {
        std::lock_guard const lock{mutex_};
        return find_used(bare.inside());
    };
    if (auto used = known())
        return used;
    auto fresh = defaults_.prefix.empty() ? bare : prefixed(bare, defaults_.prefix);
    std::lock_guard const lock{mutex_};
    if (auto used = find_used(bare.inside()))
        return used;
    std::erase_if(entered_, [](auto const& one) { return one.used.expired(); });
    entered_.push_back({bare.inside(), fresh.inside()});
    return fresh;
}

shared_store space::name_store(std::string name, named_store chosen) {
    auto const used = chosen.store = enter_store(chosen.store);
    std::lock_guard const lock{mutex_};
    if (!named_.try_emplace(std::move(name), std::move(chosen)).second)
        throw config_error{"memo::manager: there is a store of this name already; give each its own"};
    return used;
}

named_store space::store(std::string_view name) const {
    auto const all = named_stores();
    if (auto const found = all.find(name); found != all.end() && !name.empty())
        return found->second;
    std::string others;
    for (auto const& [other, store] : all)
        if (!other.empty())
            others += (others.empty() ? "there is " : ", ") + other;
    throw config_error{"memo::store(" + std::string{name.substr(0, longest_name)} + "): the manager has no store of this name; " +
                       (others.empty() ? "open one in it: m.open(name, url)" : others)};
}

std::optional<named_store> space::default_store() const {
    std::lock_guard const lock{mutex_};
    auto const found = named_.find("");
    return found == named_.end() ? std::nullopt : std::optional{found->second};
}

std::map<std::string, named_store, std::less<>> space::named_stores() const {
    std::lock_guard const lock{mutex_};
    return named_;
}

std::vector<std::shared_ptr<byte_store>> space::stores() const {
    std::vector<std::shared_ptr<byte_store>> alive;
    std::lock_guard const lock{mutex_};
    alive.reserve(entered_.size());
    for (auto const& one : entered_)
        if (auto still = one.used.lock())
            alive.push_back(std::move(still));
    return alive;
}

/// Requires: the lock is held.
std::shared_ptr<byte_store> space::find_used(std::shared_ptr<byte_store> const& store) const {
    auto const is_it = [&](std::weak_ptr<byte_store> const& one) { return !one.owner_before(store) && !store.owner_before(one); };
    for (auto const& one : entered_)
        if (is_it(one.bare) || is_it(one.used))
            return one.used.lock();
    return nullptr;
}

template <class AskStore, class AskResident>
evicted space::evict(AskStore const& ask_store, AskResident const& ask_resident) {
    raised_fences raised;
    raise_into(raised);
    evicted sum;
    for (auto const& one : stores())
        sum += ask_store(*one);
    for (auto const& one : residents())
        sum += ask_resident(*one);
    return sum;
}

evicted space::evict_text(std::string_view text) {
    check_open("memo::manager");
    return evict([&](byte_store& one) { return one.erase_text({}, text); }, [&](resident& one) { return one.evict_text(text); });
}

evicted space::evict_pattern(std::string_view glob) {
    check_open("memo::manager");
    if (auto const* const fault = glob_fault(glob))
        throw key_error{"memo::manager(evict_pattern): the pattern is malformed: " + std::string{fault} +
                        "; escape the character with a backslash"};
    return evict([&](byte_store& one) { return one.erase_pattern({}, glob); },
                 [&](resident& one) { return one.evict_pattern(glob); });
}

evicted space::evict_tag(std::string_view tag) {
    check_open("memo::manager");
    return evict([&](byte_store& one) { return one.erase_tag(tag); }, [&](resident& one) { return one.evict_tag(tag); });
}

evicted space::evict_all() {
    check_open("memo::manager");
    return evict([](byte_store& one) { return one.erase_all({}); }, [](resident& one) { return one.evict_all(); });
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

void space::flush(byte_store& store) noexcept {
    try {
        store.flush();
    } catch (...) {
        fail(std::current_exception());
    }
}

void space::close() noexcept {
    closed_.store(true, std::memory_order_release);
    try {
        for (auto const& one : residents())
            one->stop();
        for (auto const& one : stores())
            flush(*one);
    } catch (std::bad_alloc const&) {  // their own ends will stop them
    }
    heard_.store(false, std::memory_order_release);
    std::shared_ptr<listeners const> dead;
    decltype(named_) closed;
    std::lock_guard const lock{mutex_};
    dead = std::move(listeners_);
    closed.swap(named_);
}

void space::check_open(char const* who) const {
    if (closed_.load(std::memory_order_acquire))
        throw config_error{std::string{who} + ": the manager has ended; keep it alive as long as it is used"};
}

std::shared_ptr<space> const& default_space() {
    static auto const& process_wide = *new std::shared_ptr<space>{std::make_shared<space>(space_defaults{})};
    return process_wide;
}

namespace {

// before there are threads: a fork while one of them makes it would leave the child half of it
[[maybe_unused]] auto const& made_early = default_space();

}  // namespace

}  // namespace memo::detail
