#include <memo/open.hpp>

#include <memo/base/environment.hpp>
#include <memo/base/error.hpp>
#include <memo/base/quantity.hpp>
#include <memo/base/secret.hpp>
#include <memo/configuration.hpp>
#include <memo/store/address.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/store/prefixed.hpp>
#include <memo/store/redis.hpp>
#include <memo/store/sqlite.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <fstream>
#include <ios>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace memo {
namespace {

shared_store behind(std::string const& prefix, shared_store store) {
    return prefix.empty() ? store : prefixed(std::move(store), prefix);
}

/// Opens what an address says; a back end that was left out is refused by `read_address`.
struct opener {
    shared_store operator()(detail::memory_address const& at) const { return behind(at.prefix, memory_bytes_store{at.options}); }
    shared_store operator()([[maybe_unused]] detail::sqlite_address const& at) const {
#if MEMO_HAS_SQLITE
        return behind(at.prefix, sqlite_store{at.path, at.options});
#else
        throw config_error{"memo::open: this memo was built without SQLite; build it with -Dsqlite=enabled"};
#endif
    }
    shared_store operator()([[maybe_unused]] detail::redis_address const& at) const {
#if MEMO_HAS_REDIS
        return redis_store{at.options};
#else
        throw config_error{"memo::open: this memo was built without Redis; build it with -Dredis=enabled"};
#endif
    }
};

/// What a small file holds. Returns: nothing when it cannot be read, or holds more than `most` bytes.
std::optional<std::string> read_file(std::string const& path, std::size_t most) {
    std::ifstream in{path, std::ios::binary};
    std::string bytes(most + 1, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return !in.eof() || in.bad() ? std::nullopt : std::optional{std::move(bytes)};
}

/// Reads passwords from where a configuration says that they stand.
secret read_password(detail::configured_store const& store, std::string const& at) {
    constexpr std::size_t longest = 4'096;
    bool const named = !store.password_env.empty();
    auto text = named ? detail::read_environment(store.password_env) : read_file(store.password_file, longest);
    if (text && !named)
        text->resize(text->size() - (text->ends_with("\r\n") ? 2 : text->ends_with('\n') ? 1 : 0));
    if (!text || text->empty() || text->find_first_of(std::string_view{"\0\n", 2}) != std::string::npos)
        throw config_error{at + (named ? "password_env: there is no password in the environment variable; set it"
                                       : "password_file: the file holds no password; write one line, readable by this process")};
    secret password{*text};
    detail::wipe(text->data(), text->size());
    return password;
}

manager_options open_all(detail::configuration said, std::string const& who) {
    manager_options options{.ttl = said.ttl, .prefix = std::move(said.prefix), .wrappers = std::move(said.wrappers)};
    for (auto& [name, store] : said.stores)
        if (!store.password_env.empty() || !store.password_file.empty())
            std::get<detail::redis_address>(store.address).options.password =
                read_password(store, who + ": stores." + name + ".");
    for (auto const& [name, store] : said.stores) {
        try {
            options.stores.emplace(name, named_store{std::visit(opener{}, store.address), store.near});
        } catch (config_error const& fault) {
            throw config_error{who + ": stores." + name + ": " + fault.what()};
        }
    }
    if (auto const found = options.stores.find(said.store); found != options.stores.end())
        options.store = found->second.store;
    return options;
}

detail::configuration read_configuration_at(std::string const& path, std::string const& who) {
    auto text = read_file(path, detail::longest_configuration);
    if (!text)
        throw config_error{who + ": the file cannot be read, or has more than " + std::to_string(detail::longest_configuration) +
                           " bytes; name a JSON file that this process may read"};
    auto said = detail::read_configuration(*text, who);
    detail::wipe(text->data(), text->size());
    return said;
}

[[noreturn]] void refuse_variable(std::string const& name, std::string_view what) {
    throw config_error{"memo::manager(environment): " + name + ": " + std::string{what}};
}

enum class bare_numbers { refused, seconds };

std::optional<duration> read_lifetime(std::string const& name, bare_numbers bare) {
    auto const text = detail::read_environment(name);
    if (!text || *text == "forever")
        return text ? std::optional{duration::max()} : std::nullopt;
    bool const is_bare = bare == bare_numbers::seconds && detail::read_number(*text);
    auto const span = detail::read_span(is_bare ? *text + "s" : *text);
    if (!span)
        refuse_variable(name, "this is no span; " + std::string{detail::span_advice});
    return span;
}

std::string read_small_number(std::string const& name, std::string fallback) {
    auto const text = detail::read_environment(name);
    if (text && !detail::read_number(*text))
        refuse_variable(name, "this is no number; write digits alone (Kubernetes sets REDIS_PORT to tcp://... for a service named redis)");
    return text.value_or(std::move(fallback));
}

/// The server that REDIS_HOST and its like describe, where one of them does.
std::optional<detail::store_address> read_redis_variables() {
    auto const host = detail::read_environment("REDIS_HOST");
    auto const port = detail::read_environment("REDIS_PORT");
    bool const of_kubernetes = !host && port && port->starts_with("tcp://");
    auto password = detail::read_environment("REDIS_PASSWORD");
    if (of_kubernetes || (!host && !port && !password && !detail::read_environment("REDIS_DB")))
        return std::nullopt;
    auto shown = host.value_or("localhost");
    if (shown.find_first_of("/?@#% ") != std::string::npos)
        refuse_variable("REDIS_HOST", "this is no host; write a name or an address, and the port into REDIS_PORT");
    if (std::count(shown.begin(), shown.end(), ':') > 1 && !shown.starts_with('['))
        shown = "[" + shown + "]";
    auto const url = "redis://" + shown + ":" + read_small_number("REDIS_PORT", "6379") + "/" + read_small_number("REDIS_DB", "0");
    auto address = detail::read_address(url, "memo::manager(environment): REDIS_HOST, REDIS_PORT, REDIS_DB");
    if (password) {
        std::get<detail::redis_address>(address).options.password = secret{*password};
        detail::wipe(password->data(), password->size());
    }
    return address;
}

void check_variables() {
    constexpr std::array<std::string_view, 4> known{"MEMO_CONFIG", "MEMO_PREFIX", "MEMO_TTL", "MEMO_URL"};
    for (auto const& name : detail::environment_names("MEMO_"))
        if (std::find(known.begin(), known.end(), name) == known.end())
            refuse_variable(name, "there is no such variable; there are MEMO_CONFIG, MEMO_PREFIX, MEMO_TTL and MEMO_URL");
}

/// The store `main`, from the environment, where no file describes it.
void add_main(detail::configuration& said) {
    std::optional<detail::store_address> address;
    if (auto url = detail::read_environment("MEMO_URL")) {
        address = detail::read_address(*url, "memo::manager(environment): MEMO_URL");
        detail::wipe(url->data(), url->size());
    } else if (!said.stores.contains("main")) {
        address = read_redis_variables();
        if (auto const ttl = address ? read_lifetime("REDIS_DEFAULT_TTL", bare_numbers::seconds) : std::nullopt;
            ttl && said.ttl == duration::max())
            said.ttl = *ttl;
    }
    if (!address)
        return;
    auto& chosen = said.stores["main"];
    chosen.address = std::move(*address);
    chosen.password_env.clear();
    chosen.password_file.clear();
    if (said.store.empty())
        said.store = "main";
}

}  // namespace

shared_store open(std::string_view url) {
    return std::visit(opener{}, detail::read_address(url, "memo::open"));
}

shared_store manager::open(std::string name, std::string_view url, std::optional<near_settings> near) {
    return add(std::move(name), memo::open(url), std::move(near));
}

manager manager::from_config(std::string const& path) {
    auto const who = "memo::manager(" + path + ")";
    return manager{open_all(read_configuration_at(path, who), who)};
}

manager manager::from_env() {
    check_variables();
    std::string who = "memo::manager(environment)";
    detail::configuration said;
    if (auto const path = detail::read_environment("MEMO_CONFIG")) {
        who = "memo::manager(" + *path + ")";
        said = read_configuration_at(*path, who);
    }
    add_main(said);
    if (auto const ttl = read_lifetime("MEMO_TTL", bare_numbers::refused))
        said.ttl = *ttl;
    if (auto prefix = detail::read_environment("MEMO_PREFIX")) {
        detail::check_prefix(*prefix, "memo::manager(environment): MEMO_PREFIX");
        said.prefix = std::move(*prefix);
    }
    return manager{open_all(std::move(said), who)};
}

}  // namespace memo
