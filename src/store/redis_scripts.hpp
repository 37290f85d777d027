#pragma once

#include <memo/transport/redis_client.hpp>

#include <string>
#include <string_view>

/// What runs in the server, each as a whole.
///
/// Keys beside the entries:
///   #n                    the last ticket: microseconds since 1970 by the server's clock, and always greater than the one
///                         before, also when this key was lost
///   #l:<family>:<name>    the tickets of an entry: a hash, ticket -> its tags
///   #g:f:<family>, #g:t:<tag>
///                         since which ticket nothing was evicted by scope, or by tag. Evictions delete it, runs make
///                         it anew: what is not there, for whatever reason, voids tickets
///   #f                    the families that were ever stored: a set
///   #w                    touched by whoever comes too late with a batch
///   #t:<tag>              which writes bear the tag: a set of the number of the write (8 bytes) and the key
///
/// A server whose memory is full refuses a script at its first command that takes memory, unless it wrote anything before: so
/// what stores registers its family first.
///
/// Arguments: the time after which nothing is done, the prefix, then what each script says; of an entry its value (empty: there
///            is
/// none), lifetime in milliseconds (empty: forever), family, number of tags, tags.
namespace memo::detail {

inline constexpr std::string_view redis_prelude = R"lua(
local P = ARGV[2]
local at = 2
local function argument() at = at + 1 return ARGV[at] end
local function now() local t = redis.call('TIME') return tonumber(t[1]) * 1000000 + tonumber(t[2]) end
if ARGV[1] ~= '' and now() > tonumber(ARGV[1]) then return redis.status_reply('LATE') end
local function text(number) return string.format('%.0f', number) end
local function tickets_of(key) return P .. '#l:' .. string.sub(key, #P + 1) end
local function some_tags()
    local tags = {}
    for i = 1, tonumber(argument()) do tags[i] = argument() end
    return tags
end
local function entry() return argument(), argument(), argument(), some_tags() end
local function seal(key, digest)
    local size = redis.pcall('STRLEN', key)
    if type(size) ~= 'number' or size < 16 or redis.call('GETRANGE', key, 0, 7) ~= digest then return false end
    return redis.call('GETRANGE', key, size < 32 and 16 or -16, -1)
end
local known = {}
local function register(family)
    if not known[family] then redis.call('SADD', P .. '#f', family) end
    known[family] = true
end
local function bears(member) return redis.pcall('GETRANGE', string.sub(member, 9), 8, 15) == string.sub(member, 1, 8) end
local function tag_with(tag, member, lifetime)
    local set = P .. '#t:' .. tag
    local left = redis.call('PTTL', set)
    redis.call('SADD', set, member)
    if lifetime == '' then
        if left >= 0 then redis.call('PERSIST', set) end
    elseif left == -2 or (left >= 0 and left < tonumber(lifetime)) then
        redis.call('PEXPIRE', set, lifetime)
    end
    for _, other in ipairs(redis.call('SRANDMEMBER', set, 3)) do
        if not bears(other) then redis.call('SREM', set, other) end
    end
end
local function put(key, value, lifetime, family, tags)
    if lifetime == '' then redis.call('SET', key, value) else redis.call('SET', key, value, 'PX', lifetime) end
    for _, tag in ipairs(tags) do tag_with(tag, string.sub(value, 9, 16) .. key, lifetime) end
end
local function generations(family, tags)
    local all = {P .. '#g:f:' .. family}
    for i, tag in ipairs(tags) do all[i + 1] = P .. '#g:t:' .. tag end
    return all
end
local function stands(key, family, ticket)
    local packed = redis.call('HGET', tickets_of(key), ticket)
    if not packed or now() - tonumber(ticket) > 3600000000 then return false end
    for _, generation in ipairs(generations(family, cmsgpack.unpack(packed))) do
        local since = redis.call('GET', generation)
        if not since or tonumber(since) > tonumber(ticket) then return false end
    end
    return true
end
)lua";

/// Stores an entry without tags. Keys: its own, and that of its tickets. Arguments: family, value, lifetime. Returns the number of
/// the write, which is in the value.
inline constexpr std::string_view redis_set = R"lua(
if ARGV[1] ~= '' then
    local t = redis.call('TIME')
    if t[1] * 1000000 + t[2] > tonumber(ARGV[1]) then return redis.status_reply('LATE') end
end
redis.call('SADD', ARGV[2] .. '#f', ARGV[3])
redis.call('DEL', KEYS[2])
if ARGV[5] == '' then redis.call('SET', KEYS[1], ARGV[4]) else redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5]) end
return string.sub(ARGV[4], 9, 16)
)lua";

/// Stores and erases entries, all or nothing.
inline constexpr std::string_view redis_store_all = R"lua(
local entries = {}
for i = 1, #KEYS do
    entries[i] = {entry()}
    if entries[i][1] ~= '' then register(entries[i][3]) end
end
for i, key in ipairs(KEYS) do
    redis.call('DEL', tickets_of(key))
    if entries[i][1] == '' then redis.call('UNLINK', key) else put(key, unpack(entries[i])) end
end
return 1
)lua";

/// Adds, amends or discards by what is there. Arguments: verb, digest of the key, seal, entry.
inline constexpr std::string_view redis_replace = R"lua(
local verb, digest, seen = argument(), argument(), argument()
local value, lifetime, family, tags = entry()
local there = seal(KEYS[1], digest)
if verb == 'add' and there and there ~= seen or verb ~= 'add' and there ~= seen then return 0 end
if value ~= '' then register(family) end
if verb == 'add' then redis.call('DEL', tickets_of(KEYS[1])) end
if value == '' then redis.call('UNLINK', KEYS[1]) else put(KEYS[1], value, lifetime, family, tags) end
return (value ~= '' or verb == 'discard') and 1 or 0
)lua";

/// A record, a run to join, or a new ticket. Arguments: `open` or `lead`, digest, seal, ticket to join, family, number of tags,
/// tags.
inline constexpr std::string_view redis_open = R"lua(
local verb, digest, seen, joining, family, tags = argument(), argument(), argument(), argument(), argument(), some_tags()
local key = KEYS[1]
if verb == 'open' then
    local there = seal(key, digest)
    if there and there ~= seen then return redis.call('GET', key) end
    if joining ~= '0' and stands(key, family, joining) then return redis.status_reply('JOINED') end
end
local last = tonumber(redis.call('GET', P .. '#n') or '0')
local ticket = math.max(last + 1, now())
redis.call('SET', P .. '#n', text(ticket))
register(family)
for _, generation in ipairs(generations(family, tags)) do
    if not redis.call('SET', generation, text(ticket), 'NX', 'PX', 7200000) then redis.call('PEXPIRE', generation, 7200000) end
end
if redis.call('HLEN', tickets_of(key)) >= 100 then
    for _, other in ipairs(redis.call('HKEYS', tickets_of(key))) do
        if ticket - tonumber(other) > 3600000000 then redis.call('HDEL', tickets_of(key), other) end
    end
end
redis.call('HSET', tickets_of(key), text(ticket), cmsgpack.pack(tags))
redis.call('PEXPIRE', tickets_of(key), 3660000)
return ticket
)lua";

/// Stores while the ticket stands. Arguments: ticket, entry.
inline constexpr std::string_view redis_commit = R"lua(
local ticket = argument()
local value, lifetime, family, tags = entry()
local key = KEYS[1]
local standing = stands(key, family, ticket)
if standing and value ~= '' then register(family) end
for _, other in ipairs(redis.call('HKEYS', tickets_of(key))) do
    if other == ticket or standing and tonumber(other) < tonumber(ticket) then redis.call('HDEL', tickets_of(key), other) end
end
if not standing then return 0 end
if value == '' then redis.call('UNLINK', key) return 2 end
put(key, value, lifetime, family, tags)
return 1
)lua";

/// Erases a text from all readable families of a scope. Arguments: scope, text. Returns how many.
inline constexpr std::string_view redis_erase_text = R"lua(
local scope, name = argument(), argument()
local count = 0
for _, family in ipairs(redis.call('SMEMBERS', P .. '#f')) do
    if string.sub(family, 1, #scope) == scope and string.sub(family, -1) ~= '#' then
        local key = P .. family .. ':' .. name
        redis.call('DEL', tickets_of(key))
        count = count + redis.call('UNLINK', key)
    end
end
return count
)lua";

/// The families of a scope. Arguments: scope, `readable` or `all`, `void` for voiding all tickets there.
inline constexpr std::string_view redis_families = R"lua(
local scope, which, void = argument(), argument(), argument()
local chosen = {}
for _, family in ipairs(redis.call('SMEMBERS', P .. '#f')) do
    if string.sub(family, 1, #scope) == scope and (which == 'all' or string.sub(family, -1) ~= '#') then
        chosen[#chosen + 1] = family
        if void == 'void' then redis.call('DEL', P .. '#g:f:' .. family) end
    end
end
return chosen
)lua";

/// Erases some of what bears a tag; the first step voids its tickets. Arguments: tag, cursor. Returns the next cursor and how
/// many.
inline constexpr std::string_view redis_untag = R"lua(
local tag, cursor = argument(), argument()
if cursor == '0' then redis.call('DEL', P .. '#g:t:' .. tag) end
local set = P .. '#t:' .. tag
local page = redis.call('SSCAN', set, cursor, 'COUNT', 500)
local count = 0
for _, member in ipairs(page[2]) do
    local key = string.sub(member, 9)
    if bears(member) then
        redis.call('DEL', tickets_of(key))
        count = count + redis.call('UNLINK', key)
    end
    redis.call('SREM', set, member)
end
return {page[1], count}
)lua";

/// One of these behind what they share.
struct redis_program : redis_script {
    explicit redis_program(std::string_view body) : redis_script{std::string{redis_prelude}.append(body)} {}
};

}  // namespace memo::detail
