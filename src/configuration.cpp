#include <memo/configuration.hpp>

#include <memo/base/error.hpp>
#include <memo/base/quantity.hpp>

#if MEMO_HAS_CONFIGURATION
#include "document.hpp"
#endif

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <utility>

namespace memo::detail {

#if MEMO_HAS_CONFIGURATION
namespace {

constexpr std::size_t longest_name = 128;
constexpr std::size_t longest_path = 4'096;

/// A value with its path in the file. Each reader throws config_error when the value is another one.
class setting {
public:
    setting(node const& at, std::string path, std::string_view who) : at_{at}, path_{std::move(path)}, who_{who} {}

    std::string_view key() const { return at_.key; }
    std::string path() const { return std::string{who_} + (path_.empty() ? "" : ": " + path_); }
    [[noreturn]] void refuse(std::string const& what) const { throw config_error{path() + ": " + what}; }

    /// Calls `fn` with each member. Requires, unless `known` is empty: their keys are among those.
    template <class Fn>
    void each(std::initializer_list<std::string_view> known, Fn const& fn) const {
        if (at_.what != node::kind::object)
            refuse("this is no object; write { ... }");
        for (auto const& member : at_.inside) {
            setting const one{member, below(path_, member.key), who_};
            if (known.size() != 0 && std::find(known.begin(), known.end(), member.key) == known.end())
                one.refuse("there is no such key; " + listed(known));
            fn(one);
        }
    }
    /// Members that have names of the user's.
    template <class Fn>
    void each_named(Fn const& fn) const {
        each({}, [&](setting const& one) {
            if (one.key().empty() || one.key().size() > longest_name || has_blank(one.key()))
                one.refuse("a name has 1 to " + std::to_string(longest_name) + " bytes that can be printed; write one such as main");
            fn(one);
        });
    }

    bool truth() const {
        if (at_.what != node::kind::truth)
            refuse("this is neither true nor false; write one of them, without quotes");
        return at_.truth;
    }
    std::string_view text(std::size_t longest) const {
        if (at_.what != node::kind::text)
            refuse("this is no text; write it in quotes");
        if (text().empty() || text().size() > longest || text().find('\0') != std::string_view::npos)
            refuse("the text is empty, longer than " + std::to_string(longest) + " bytes, or holds a NUL; write another one");
        return text();
    }
    duration span() const {
        auto const read = at_.what == node::kind::text ? read_span(text()) : std::nullopt;
        if (!read)
            refuse("this is no span; " + std::string{span_advice});
        return *read;
    }
    duration lifetime() const { return at_.what == node::kind::text && text() == "forever" ? duration::max() : span(); }
    std::size_t count() const {
        if (at_.what != node::kind::number || at_.number == 0 || at_.number > std::numeric_limits<std::size_t>::max())
            refuse("this is no whole number above zero; write one such as 10000, without quotes");
        return static_cast<std::size_t>(at_.number);
    }
    std::size_t size() const {
        if (at_.what != node::kind::text)
            return count();
        auto const read = read_size(text());
        if (!read)
            refuse("this is no size; " + std::string{size_advice});
        return *read;
    }
    double fraction() const {
        auto const value = at_.what == node::kind::number ? static_cast<double>(at_.number) : at_.fraction;
        if ((at_.what != node::kind::number && at_.what != node::kind::fraction) || std::signbit(value) || !(value <= 1))
            refuse("this is no fraction from 0 to 1; write one such as 0.1");
        return value;
    }

private:
    std::string_view text() const { return at_.text.reveal(); }

    static bool has_blank(std::string_view text) {
        return std::any_of(text.begin(), text.end(), [](unsigned char byte) { return byte < ' ' || byte == 0x7f; });
    }
    static std::string listed(std::initializer_list<std::string_view> known) {
        std::string all;
        for (auto const one : known)
            all += (all.empty() ? "there are " : ", ") + std::string{one};
        return all;
    }

    node const& at_;
    std::string path_;
    std::string_view who_;
};

void read_defaults(setting const& defaults, configuration& said) {
    defaults.each({"ttl", "prefix", "store"}, [&](setting const& one) {
        if (one.key() == "ttl")
            said.ttl = one.lifetime();
        else if (one.key() == "store")
            said.store = one.text(longest_name);
        else
            check_prefix(said.prefix = one.text(longest_path), one.path());
    });
}

near_settings read_near(setting const& near) {
    near_settings said;
    near.each({"ttl", "max_size", "max_bytes"}, [&](setting const& one) {
        if (one.key() == "ttl")
            said.ttl = one.lifetime();
        else if (one.key() == "max_size")
            said.max_size = one.count();
        else
            said.max_bytes = one.size();
    });
    return said;
}

configured_store read_store(setting const& store) {
    std::optional<configured_store> said;
    store.each({"url", "near", "password_env", "password_file"}, [&](setting const& one) {
        if (one.key() == "url")
            said = configured_store{read_address(one.text(longest_url), one.path())};
    });
    if (!said)
        store.refuse("there is no url; write \"url\": \"memory:\", or another one");
    auto const* const server = std::get_if<redis_address>(&said->address);
    store.each({}, [&](setting const& one) {
        if (one.key() == "near")
            said->near = read_near(one);
        if (!one.key().starts_with("password"))
            return;
        if (server == nullptr || !server->options.password.empty() || !said->password_env.empty() || !said->password_file.empty())
            one.refuse("the store takes no password, or has one already; give one to a server, once");
        if (one.key() == "password_env")
            said->password_env = one.text(longest_name);
        else
            said->password_file = one.text(longest_path);
    });
    return std::move(*said);
}

wrapper_settings read_wrapper(setting const& wrapper) {
    wrapper_settings said;
    wrapper.each({"ttl", "idle", "jitter", "max_size", "max_bytes", "enabled"}, [&](setting const& one) {
        if (one.key() == "ttl")
            said.ttl = one.lifetime();
        else if (one.key() == "idle")
            said.idle = one.lifetime();
        else if (one.key() == "jitter")
            said.jitter = one.fraction();
        else if (one.key() == "max_size")
            said.max_size = one.count();
        else if (one.key() == "max_bytes")
            said.max_bytes = one.size();
        else
            said.enabled = one.truth();
    });
    return said;
}

}  // namespace

configuration read_configuration(std::string_view json, std::string_view who) {
    if (json.size() > longest_configuration)
        throw config_error{std::string{who} + ": the configuration has more than " + std::to_string(longest_configuration) +
                           " bytes; shorten it"};
    auto const document = document_reader{json, who, deepest_configuration}.read();
    configuration said;
    setting{document, {}, who}.each({"defaults", "stores", "wrappers"}, [&](setting const& one) {
        if (one.key() == "defaults")
            read_defaults(one, said);
        else if (one.key() == "stores")
            one.each_named([&](setting const& store) { said.stores.emplace(store.key(), read_store(store)); });
        else
            one.each_named([&](setting const& wrapper) { said.wrappers.emplace(wrapper.key(), read_wrapper(wrapper)); });
    });
    if (!said.store.empty() && !said.stores.contains(said.store))
        throw config_error{std::string{who} + ": defaults.store: there is no store of this name; describe it among stores"};
    return said;
}
#else
configuration read_configuration(std::string_view, std::string_view who) {
    throw config_error{std::string{who} + ": this memo was built without configuration; build it with -Dconfiguration=enabled"};
}
#endif

}  // namespace memo::detail
