#include <memo/call/flight.hpp>

#include <memo/base/error.hpp>
#include <memo/base/sync.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>

namespace memo::detail {

/// Crews are never freed, since a flight that has landed still names its own; they are hired again. That takes no lock, since
/// who makes a flight may hold one that a fork waits for.
struct flight_crew {
    flight_base const* waits_for = nullptr;  // under the waiting_lock
    std::atomic<bool> hired{true};
    std::atomic<std::uint64_t> hiring{0};
    flight_crew* next = nullptr;
};

namespace {

/// Guards who waits for whom, among all threads.
class waiting_lock final : public mutex, fork_aware {
    void before_fork() noexcept override { lock(); }
    void after_fork(fork_side) noexcept override { unlock(); }
    fork_enrolment enrolment_{*this};
};

waiting_lock& waiting_mutex() {
    static auto& never_destroyed = *new waiting_lock;
    return never_destroyed;
}
[[maybe_unused]] auto const& made_early = waiting_mutex();  // before there are threads, of which one may fork meanwhile

constinit std::atomic<flight_crew*> crews{nullptr};  // all there are
constinit thread_local flight_crew* crew_of_thread = nullptr;

/// A crew that is nobody's, from now on this thread's until it ends. A thread that asks once more in its last destructors keeps it.
flight_crew* hired_crew() {
    struct berth {
        ~berth() { std::exchange(crew_of_thread, nullptr)->hired.store(false, std::memory_order_release); }
    };
    auto* crew = crews.load(std::memory_order_acquire);
    while (crew != nullptr && (crew->hired.load(std::memory_order_relaxed) || crew->hired.exchange(true, std::memory_order_acq_rel)))
        crew = crew->next;
    if (crew == nullptr) {
        crew = new flight_crew;
        crew->next = crews.load(std::memory_order_relaxed);
        while (!crews.compare_exchange_weak(crew->next, crew, std::memory_order_acq_rel)) {
        }
    }
    crew->hiring.fetch_add(1, std::memory_order_relaxed);
    crew_of_thread = crew;
    thread_local berth const until_it_ends;
    static_cast<void>(until_it_ends);
    return crew_of_thread;
}

flight_crew* own_crew() { return crew_of_thread != nullptr ? crew_of_thread : hired_crew(); }

}  // namespace

flight_base::flight_base(departure when, ledger const* whose, key_view const& key, std::vector<std::string> tags)
    : lease{key, std::move(tags)}, ledger_{whose}, claimed_{when == departure::at_once} {
    if (when == departure::at_once)
        be_led_by(*own_crew());
}

flight_base::~flight_base() = default;

bool flight_base::claim() {
    auto* const own = own_crew();
    if (!take())
        return false;
    std::lock_guard const lock{waiting_mutex()};
    be_led_by(*own);
    return true;
}

bool flight_base::take() noexcept {
    return !claimed_.exchange(true, std::memory_order_acq_rel);
}

void flight_base::fail(std::exception_ptr error) noexcept {
    land([&] { error_ = std::move(error); });
}

bool flight_base::survive_fork() noexcept {
    settle();
    return leader_ == nullptr || is_led_by(*own_crew());
}

void flight_base::settle() noexcept {
    if (!inherited())
        return;
    renew(mutex_);
    renew(landing_);
    born_ = fork_generation();
}

void flight_base::call_waiters() noexcept {
    { std::lock_guard const waits_or_has_looked{mutex_}; }
    landing_.notify_all();
}

void flight_base::be_led_by(flight_crew& crew) noexcept {
    leader_ = &crew;
    hiring_ = crew.hiring.load(std::memory_order_relaxed);
}

bool flight_base::is_led_by(flight_crew const& crew) const noexcept {
    return leader_ == &crew && hiring_ == crew.hiring.load(std::memory_order_relaxed);
}

void flight_base::join_crew() {
    auto* const own = own_crew();
    std::lock_guard const lock{waiting_mutex()};
    for (auto const* at = this; at != nullptr && at->leader_ != nullptr && at->is_led_by(*at->leader_) && !at->landed_;
         at = at->leader_->waits_for)
        if (at->leader_ == own)
            throw recursion_error{"memo(" + name() + "): the call would wait for itself: " + circle(*own) +
                                  "; call with other arguments, or without the cache"};
    own->waits_for = this;
}

std::string flight_base::name() const {
    return ledger_ == nullptr ? "a cached_property" : ledger_->name_of(key()).text();
}

std::string flight_base::circle(flight_crew const& last) const {
    auto names = name();
    for (auto const* at = this; at->leader_ != &last; names += at->name())
        at = at->leader_->waits_for, names += " -> ";
    return names + " -> " + name();
}

void flight_base::leave_crew() noexcept {
    std::lock_guard const lock{waiting_mutex()};
    own_crew()->waits_for = nullptr;
}

arrival flight_base::wait(duration longest) {
    join_crew();
    struct waiting {
        ~waiting() { leave_crew(); }
    } const scope;
    auto const has_landed = [&] { return landed_.load(); };
    awaited_ = true;
    std::unique_lock lock{mutex_};
    if (longest == duration::max()) {
        landing_.wait(lock, has_landed);
        return arrival::landed;
    }
    return landing_.wait_until(lock, deadline(longest), has_landed) ? arrival::landed : arrival::timed_out;
}

}  // namespace memo::detail
