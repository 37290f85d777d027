#pragma once

#include <memo/base/error.hpp>
#include <memo/codec/decoding.hpp>
#include <memo/codec/description.hpp>
#include <memo/codec/encoding.hpp>
#include <memo/codec/raw.hpp>
#include <memo/codec/shape.hpp>
#include <memo/codec/traits.hpp>
#include <memo/codec/wire.hpp>

#include <cereal/cereal.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace memo::detail {

class cereal_writer;
class cereal_reader;

}  // namespace memo::detail

CEREAL_SETUP_ARCHIVE_TRAITS(memo::detail::cereal_reader, memo::detail::cereal_writer)

namespace memo::detail {

template <class T>
constexpr bool has_cereal_functions() {
    return cereal::traits::is_output_serializable<T, cereal_writer>::value &&
           cereal::traits::is_input_serializable<T, cereal_reader>::value;
}

/// What both archives are beside cereal's part of them. What is handed to them inside functions of the user's leaves a mark, in
/// order, so that bytes that were written by other functions than those that read them are refused, though the name and the
/// version of the type are the same.
class cereal_marks {
public:
    template <class T>
    static constexpr bool drives() {
        return has_cereal_functions<T>();
    }
    template <class T>
    static std::uint32_t version_of() {
        return cereal::detail::Version<T>::version;
    }

    void mark(std::uint64_t what) noexcept {
        marks_ = std::rotl((marks_ ^ what) * 0x9e3779b97f4a7c15U, 29);
        marked_ = true;
    }
    bool marked() const noexcept { return marked_; }
    std::uint32_t marks() const noexcept { return static_cast<std::uint32_t>(marks_ >> 32); }

private:
    std::uint64_t marks_ = 0;
    bool marked_ = false;
};

template <class T>
std::uint64_t mark_of() {
    static std::uint64_t const known = fingerprint(description<cereal_marks, T>());
    return known;
}

template <class T, misfit Why = misfit_of<cereal_marks, T>()>
constexpr bool fits_archive() {
    static_assert(Why != misfit::pointer,
                  "memo::codec: a value holds a raw pointer, an address says nothing in another process; store what it "
                  "points to");
    static_assert(Why != misfit::smart,
                  "memo::codec: a value holds a smart pointer, which may share or alias what it points to; store the object "
                  "itself, or an optional or a vector of it");
    static_assert(Why != misfit::view,
                  "memo::codec: a value holds a view or a reference, whose object belongs to somebody else; store a copy, "
                  "such as a std::string");
    static_assert(Why != misfit::empty,
                  "memo::codec: a type has no default constructor, so there is nothing to fill; give it one, or specialize "
                  "memo::codec_traits");
    static_assert(Why != misfit::order,
                  "memo::codec: a container is ordered or hashed by an object with a state of its own, which bytes do not hold; "
                  "take a function object without members");
    static_assert(Why != misfit::constant, "memo::codec: a member is const, so it cannot be read; drop the const");
    static_assert(Why != misfit::unknown,
                  "memo::codec: a type has no codec; annotate its members with Boost.Hana, give it cereal functions that both "
                  "save and load, or specialize memo::codec_traits");
    return Why == misfit::none;
}

template <class T>
inline constexpr bool is_pair_of_name = false;
template <class T>
inline constexpr bool is_pair_of_name<cereal::NameValuePair<T>> = true;
template <class T>
inline constexpr bool is_deferred = false;
template <class T>
inline constexpr bool is_deferred<cereal::DeferredData<T>> = true;
template <class T>
inline constexpr bool is_size_tag = false;
template <class T>
inline constexpr bool is_size_tag<cereal::SizeTag<T>> = true;
template <class T>
inline constexpr bool is_item = false;
template <class Key, class Value>
inline constexpr bool is_item<cereal::MapItem<Key, Value>> = true;
template <class T>
inline constexpr bool is_base_part = false;
template <class T>
inline constexpr bool is_base_part<cereal::base_class<T>> = true;
template <class T>
inline constexpr bool is_base_part<cereal::virtual_base_class<T>> = true;
template <class T>
struct block_element {
    using type = void;
};
template <class T>
struct block_element<cereal::BinaryData<T>> {
    using type = std::remove_cv_t<std::remove_pointer_t<std::decay_t<T>>>;
};
template <class T>
using block_of = typename block_element<T>::type;

template <class T>
constexpr bool is_plain_block() {
    constexpr bool plain = bulk_number<T>;
    static_assert(plain,
                  "memo::codec: binary_data of what is no plain number may hold padding, pointers or bools; hand over its "
                  "members");
    return plain;
}

/// Takes cereal's wrappers off, and gives what is inside to `archive.part(...)`.
template <class Archive, class T>
void take_part(Archive& archive, T&& part) {
    using given = std::remove_cvref_t<T>;
    if constexpr (is_pair_of_name<given>) {
        archive.mark(fingerprint(part.name));
        take_part(archive, part.value);
    } else if constexpr (is_deferred<given>) {
        take_part(archive, part.value);
    } else if constexpr (is_item<given>) {
        take_part(archive, part.key);
        take_part(archive, part.value);
    } else if constexpr (is_base_part<given>) {
        take_part(archive, *part.base_ptr);
    } else if constexpr (is_size_tag<given>) {
        archive.size(part.size);
    } else if constexpr (!std::is_void_v<block_of<given>>) {
        if constexpr (is_plain_block<block_of<given>>())
            archive.template block<block_of<given>>(part.data, part.size);
    } else if constexpr (fits_archive<given>()) {
        archive.mark(mark_of<given>());
        archive.part(part);
    }
}

/// A type may have several functions, and say by `cereal::specialize` which is meant.
template <class T, class Archive, bool Has, bool Meant>
inline constexpr bool goes_by = Has && (Meant || !cereal::traits::is_specialized<T, Archive>::value);

#define MEMO_GOES_BY(function)                                          \
    goes_by<T, Archive, cereal::traits::has_##function<T, Archive>::value, \
            cereal::traits::is_specialized_##function<T, Archive>::value>

/// Calls the function by which cereal would save `value`.
template <class Archive, class T>
void drive_saving(Archive& to, T const& value) {
    [[maybe_unused]] auto const version = Archive::template version_of<T>();
    if constexpr (MEMO_GOES_BY(member_serialize))
        cereal::access::member_serialize(to, const_cast<T&>(value));
    else if constexpr (MEMO_GOES_BY(non_member_serialize))
        CEREAL_SERIALIZE_FUNCTION_NAME(to, const_cast<T&>(value));
    else if constexpr (MEMO_GOES_BY(member_save))
        cereal::access::member_save(to, value);
    else if constexpr (MEMO_GOES_BY(non_member_save))
        CEREAL_SAVE_FUNCTION_NAME(to, value);
    else if constexpr (MEMO_GOES_BY(member_save_minimal))
        to(cereal::access::member_save_minimal(to, value));
    else if constexpr (MEMO_GOES_BY(non_member_save_minimal))
        to(CEREAL_SAVE_MINIMAL_FUNCTION_NAME(to, value));
    else if constexpr (MEMO_GOES_BY(member_versioned_serialize))
        cereal::access::member_serialize(to, const_cast<T&>(value), version);
    else if constexpr (MEMO_GOES_BY(non_member_versioned_serialize))
        CEREAL_SERIALIZE_FUNCTION_NAME(to, const_cast<T&>(value), version);
    else if constexpr (MEMO_GOES_BY(member_versioned_save))
        cereal::access::member_save(to, value, version);
    else if constexpr (MEMO_GOES_BY(non_member_versioned_save))
        CEREAL_SAVE_FUNCTION_NAME(to, value, version);
    else if constexpr (MEMO_GOES_BY(member_versioned_save_minimal))
        to(cereal::access::member_save_minimal(to, value, version));
    else
        to(CEREAL_SAVE_MINIMAL_FUNCTION_NAME(to, value, version));
}

/// What a save_minimal function returned.
template <class Saved, class Archive>
auto read_minimal(Archive& from) {
    typename Saved::type taken{};
    from(taken);
    return taken;
}

/// Calls the function by which cereal would load `into`.
template <class Archive, class T>
void drive_loading(Archive& from, T& into) {
    namespace traits = cereal::traits;
    [[maybe_unused]] auto const version = Archive::template version_of<T>();
    if constexpr (MEMO_GOES_BY(member_serialize))
        cereal::access::member_serialize(from, into);
    else if constexpr (MEMO_GOES_BY(non_member_serialize))
        CEREAL_SERIALIZE_FUNCTION_NAME(from, into);
    else if constexpr (MEMO_GOES_BY(member_load))
        cereal::access::member_load(from, into);
    else if constexpr (MEMO_GOES_BY(non_member_load))
        CEREAL_LOAD_FUNCTION_NAME(from, into);
    else if constexpr (MEMO_GOES_BY(member_load_minimal))
        cereal::access::member_load_minimal(from, into, read_minimal<traits::has_member_save_minimal<T, cereal_writer>>(from));
    else if constexpr (MEMO_GOES_BY(non_member_load_minimal))
        CEREAL_LOAD_MINIMAL_FUNCTION_NAME(from, into,
                                          read_minimal<traits::has_non_member_save_minimal<T, cereal_writer>>(from));
    else if constexpr (MEMO_GOES_BY(member_versioned_serialize))
        cereal::access::member_serialize(from, into, version);
    else if constexpr (MEMO_GOES_BY(non_member_versioned_serialize))
        CEREAL_SERIALIZE_FUNCTION_NAME(from, into, version);
    else if constexpr (MEMO_GOES_BY(member_versioned_load))
        cereal::access::member_load(from, into, version);
    else if constexpr (MEMO_GOES_BY(non_member_versioned_load))
        CEREAL_LOAD_FUNCTION_NAME(from, into, version);
    else if constexpr (MEMO_GOES_BY(member_versioned_load_minimal))
        cereal::access::member_load_minimal(
            from, into, read_minimal<traits::has_member_versioned_save_minimal<T, cereal_writer>>(from), version);
    else
        CEREAL_LOAD_MINIMAL_FUNCTION_NAME(
            from, into, read_minimal<traits::has_non_member_versioned_save_minimal<T, cereal_writer>>(from), version);
}

#undef MEMO_GOES_BY

/// What save functions of the user's see. Everything that they hand over is written by memo.
class cereal_writer : public cereal::OutputArchive<cereal_writer>, public cereal_marks, public value_writer {
public:
    explicit cereal_writer(std::string& out) : cereal::OutputArchive<cereal_writer>{this}, value_writer{out} {}

    template <class... T>
    cereal_writer& operator()(T&&... parts) {
        (take_part(*this, parts), ...);
        return *this;
    }
    template <class T>
    cereal_writer& operator&(T&& whole) {
        return (*this)(whole);
    }
    template <class T>
    cereal_writer& operator<<(T&& whole) {
        return (*this)(whole);
    }

    template <class T>
    void part(T const& value) {
        write_value(*this, value);
    }
    void size(std::uint64_t count) { append_length(out(), count); }
    template <class T>
    void block(void const* first, std::uint64_t size) {
        append_numbers(out(), static_cast<T const*>(first), static_cast<std::size_t>(size) / sizeof(T));
    }
    void finish() {
        if (marked())
            append_wire(out(), marks());
    }
};

/// What load functions of the user's see. Everything that they ask for is read, within its limits, by memo.
class cereal_reader : public cereal::InputArchive<cereal_reader>, public cereal_marks, public value_reader {
public:
    cereal_reader(std::string_view bytes, decode_limits const& most)
        : cereal::InputArchive<cereal_reader>{this}, value_reader{bytes, most} {}

    template <class... T>
    cereal_reader& operator()(T&&... parts) {
        (take_part(*this, parts), ...);
        return *this;
    }
    template <class T>
    cereal_reader& operator&(T&& whole) {
        return (*this)(whole);
    }
    template <class T>
    cereal_reader& operator>>(T&& whole) {
        return (*this)(whole);
    }

    template <class T>
    void part(T& into) {
        static_assert(!std::is_const_v<T>, "memo::codec: a load function asks for a const object; drop the const");
        read_value(*this, into);
    }
    template <class T>
    void size(T& into) {
        into = static_cast<T>(count(1));
    }
    template <class T>
    void block(void* first, std::uint64_t size) {
        load_numbers(take(static_cast<std::size_t>(size)), static_cast<T*>(first), static_cast<std::size_t>(size) / sizeof(T));
    }
    void finish() {
        if (marked() && read_wire<std::uint32_t>(take(sizeof(std::uint32_t))) != marks())
            malformed("it was saved by other functions than those that load it");
        value_reader::finish();
    }
};

template <class T>
concept archived = (std::is_class_v<T> || std::is_union_v<T>) && !raw_text<T>;

template <class T>
concept fillable = misfit_of_element<cereal_marks, T>() == misfit::none;

}  // namespace memo::detail

namespace memo {

/// Standard types, types annotated with Boost.Hana and types with cereal functions, with all that they hold.
///
/// The bytes are memo's own, one form for each value, and read within limits: what cereal's binary archive makes of hostile bytes
/// is no matter. Where a type is both annotated and has cereal functions, the annotation goes. Versions (`CEREAL_CLASS_VERSION`)
/// are part of the schema and not of the bytes. Raw and smart pointers, views and references cannot be stored.
///
/// Throws: `decode` value_error, also for what load functions throw (but bad_alloc passes, and what is no std::exception);
///         `encode` value_error, and what save functions throw.
template <detail::archived T>
struct codec_traits<T> {
    using made_by_memo = void;

    // templates, since clang judges the constraints of other functions before the class stands
    template <detail::fillable Value = T>
    static void encode(std::string& out, T const& value) {
        detail::cereal_writer to{out};
        detail::write_value(to, value);
        to.finish();
    }

    template <detail::fillable Value = T>
    static T decode(std::string_view bytes, decode_limits const& most) {
        try {
            detail::cereal_reader from{bytes, most};
            from.spend(1, sizeof(T));
            T value = T();
            detail::read_value(from, value);
            from.finish();
            return value;
        } catch (...) {
            detail::loading_failed();
        }
    }

    template <detail::fillable Value = T>
    static std::string schema() {
        return detail::description<detail::cereal_marks, T>();
    }
};

}  // namespace memo
