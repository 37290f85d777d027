#include <memo/manager.hpp>

#include <memo/base/error.hpp>

#include <utility>

namespace memo {

manager::manager(manager_options options)
    : space_{std::make_shared<detail::space>(
          detail::space_defaults{options.ttl.value, std::move(options.prefix), std::move(options.clock),
                                 std::move(options.executor), options.shutdown_timeout.value})} {}

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

evicted manager::evict_key(std::string_view text) {
    return inside()->evict_text(text);
}

evicted manager::evict_pattern(std::string_view glob) {
    return inside()->evict_pattern(glob);
}

evicted manager::evict_tag(std::string_view tag) {
    return inside()->evict_tag(tag);
}

evicted manager::clear() {
    return inside()->evict_all();
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

}  // namespace memo
