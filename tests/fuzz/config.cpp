// Any bytes are a configuration, whose settings are in their ranges, or refused with their place and what to do.
#include "fuzz/check.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/configuration.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

bool is_name(std::string_view name) { return !name.empty() && name.size() <= 128; }

void judge(memo::detail::configured_store const& store) {
    fuzz::check(store.password_env.empty() || store.password_file.empty(), "a password stands in one place");
    if (store.near) {
        fuzz::check(store.near->max_size.value_or(1) > 0 && store.near->max_bytes.value_or(1) > 0, "bounds are above zero");
        fuzz::check(!store.near->ttl || store.near->ttl->value > memo::duration::zero(), "lifetimes are above zero");
    }
}

void judge(memo::wrapper_settings const& wrapper) {
    fuzz::check(wrapper.max_size.value_or(1) > 0 && wrapper.max_bytes.value_or(1) > 0, "bounds are above zero");
    fuzz::check(!wrapper.ttl || wrapper.ttl->value > memo::duration::zero(), "lifetimes are above zero");
    fuzz::check(!wrapper.idle || wrapper.idle->value > memo::duration::zero(), "lifetimes are above zero");
    fuzz::check(!wrapper.jitter || (*wrapper.jitter >= 0 && *wrapper.jitter <= 1), "fractions are from 0 to 1");
}

void judge(memo::detail::configuration const& said) {
    fuzz::check(said.ttl > memo::duration::zero(), "lifetimes are above zero");
    fuzz::check(said.store.empty() || said.stores.contains(said.store), "the store of those who name none is there");
    for (auto const& [name, store] : said.stores) {
        fuzz::check(is_name(name), "a name is one");
        judge(store);
    }
    for (auto const& [name, wrapper] : said.wrappers) {
        fuzz::check(is_name(name), "a name is one");
        judge(wrapper);
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    try {
        judge(memo::detail::read_configuration(fuzz::text_of(data, size), "fuzz"));
    } catch (memo::config_error const& error) {
        std::string_view const message = error.what();
        fuzz::check(message.starts_with("fuzz: ") && message.find("; ") != message.npos, "a refusal says who, what and what to do");
        fuzz::check(message.size() < 3'000, "a refusal is short");
        fuzz::check(std::none_of(message.begin(), message.end(), [](unsigned char byte) { return byte < ' ' || byte == 0x7f; }),
                    "a refusal can be printed");
    }
    return 0;
}
