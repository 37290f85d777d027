#pragma once

/// Every public name that can be declared without its header; options are values and stand in <memo/options.hpp>.

namespace memo {

template <class F, class... Options>
class cached;
template <class F, class... Targets>
class cache_evict;
template <class F, class... Targets>
class cache_put;
template <class Member, class... Options>
class cached_method;
template <auto Getter>
class cached_property;

class cache;
class transaction;
struct entry_options;

class byte_store;
class shared_store;
class memory_bytes_store;
struct memory_bytes_options;
class sqlite_store;
struct sqlite_options;
enum class sqlite_mode;
class redis_store;
struct redis_options;
struct tiered_options;
class secret;

template <class T>
struct codec_traits;
template <class T>
struct raw_codec;
template <class T>
struct json_codec;

class manager;
struct manager_options;
struct named_store;
struct near_settings;
struct wrapper_settings;
struct property_options;
struct wrapper_summary;

class cache_key;
class evicted;
struct event;
enum class event_kind;
enum class evict_cause;
struct explanation;
struct size_explanation;
struct size_point;
struct stats;
struct warm_options;

class error;
enum class error_code;
class key_error;
class value_error;
class connection_error;
class recursion_error;
class config_error;

class key_writer;
template <class T>
struct key_traits;
template <class T>
struct footprint_traits;

class adaptive_order;
class cost_aware_order;
class fifo_order;
class lfu_order;
class lru_order;
class random_order;
class s3_fifo_order;
class sieve_order;
class w_tinylfu_order;

class faulty_store;
class inline_executor;
class manual_clock;
class null_store;
class recording_store;

}  // namespace memo
