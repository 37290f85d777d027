#include <memo/manager.hpp>

#include <memo/base/error.hpp>
#include <memo/call/settings.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <utility>

namespace memo {
namespace {

void check_store_name(std::string_view name) {
    constexpr std::size_t longest = 128;
    auto const blank = [](unsigned char byte) { return byte < ' ' || byte == 0x7f; };
    if (name.empty() || name.size() > longest || std::any_of(name.begin(), name.end(), blank))
        throw config_error{"memo::manager: a store has a name of " + std::to_string(name.size()) +
                           " bytes, or one that cannot be printed; give 1 to 128 bytes, such as main"};
}

evicted told(char const* verb, detail::space& in, evicted outcome) {
    if (!outcome.confirmed())
        in.fail(std::make_exception_ptr(
            connection_error{"memo::manager(" + std::string{verb} +
                             "): a store did not confirm the eviction; evict again, entries may be stale until they expire"}));
    return outcome;
}

detail::space_defaults defaults_of(manager_options& options) {
    detail::space_defaults all{options.ttl.value, std::move(options.prefix), std::move(options.clock), std::move(options.executor),
                               options.shutdown_timeout.value};
    for (auto& [name, said] : options.wrappers) {
        detail::check_name(name);
        detail::settings{}.heed(said);
        all.wrappers.emplace(name, said);
    }
    return all;
}

}  // namespace

manager::manager(manager_options options) : space_{std::make_shared<detail::space>(defaults_of(options))} {
    for (auto& [name, chosen] : options.stores)
        add(name, chosen.store, chosen.near);
    if (options.store)
        space_->name_store({}, {*options.store});
}

manager::manager(std::shared_ptr<detail::space> inside) noexcept : space_{std::move(inside)} {}

manager& manager::operator=(manager&& other) noexcept {
    if (this != &other) {
        if (space_ != nullptr)
            space_->close();
        space_ = std::move(other.space_);
    }
    return *this;
}

manager::~manager() {
    if (space_ != nullptr)
        space_->close();
}

shared_store manager::store(std::string_view name) const {
    return inside()->store(name).store;
}

shared_store manager::add(std::string name, shared_store store, std::optional<near_settings> near) {
    check_store_name(name);
    return inside()->name_store(std::move(name), {std::move(store), std::move(near)});
}

std::vector<std::string> manager::stores() const {
    std::vector<std::string> names;
    for (auto const& [name, chosen] : inside()->named_stores())
        if (!name.empty())
            names.push_back(name);
    return names;
}

evicted manager::evict_key(std::string_view text) {
    return told("evict_key", *inside(), inside()->evict_text(text));
}

evicted manager::evict_pattern(std::string_view glob) {
    return told("evict_pattern", *inside(), inside()->evict_pattern(glob));
}

evicted manager::evict_tag(std::string_view tag) {
    return told("evict_tag", *inside(), inside()->evict_tag(tag));
}

evicted manager::clear() {
    return told("clear", *inside(), inside()->evict_all());
}

memo::stats manager::stats() const {
    return inside()->statistics();
}

std::vector<wrapper_summary> manager::wrappers() const {
    std::vector<wrapper_summary> all;
    for (auto const& one : inside()->residents())
        all.push_back({std::string{one->shown_name()}, one->statistics()});
    return all;
}

void manager::on_event(std::function<void(event const&)> listener) {
    inside()->listen(std::move(listener));
}

std::shared_ptr<detail::space> const& manager::inside() const {
    if (space_ == nullptr)
        throw config_error{"memo::manager: it was moved away; use the manager that it was moved to"};
    return space_;
}

manager& default_manager() {
    static auto& process_wide = *new manager{detail::default_space()};
    return process_wide;
}

namespace {

[[maybe_unused]] auto const& made_early = default_manager();  // before there are threads, of which one may fork meanwhile

}  // namespace

}  // namespace memo
