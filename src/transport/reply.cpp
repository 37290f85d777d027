#include <memo/transport/reply.hpp>

#include <hiredis/hiredis.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <utility>

namespace memo::detail {

reply_kind reply_view::kind() const noexcept {
    switch (from_->type) {
        case REDIS_REPLY_STRING: return reply_kind::text;
        case REDIS_REPLY_ARRAY: return reply_kind::list;
        case REDIS_REPLY_INTEGER: return reply_kind::number;
        case REDIS_REPLY_STATUS: return reply_kind::status;
        case REDIS_REPLY_ERROR: return reply_kind::refusal;
        default: return reply_kind::nothing;
    }
}

std::string_view reply_view::text() const noexcept {
    return from_->str == nullptr ? std::string_view{} : std::string_view{from_->str, from_->len};
}

std::int64_t reply_view::number() const noexcept { return from_->type == REDIS_REPLY_INTEGER ? from_->integer : 0; }

std::size_t reply_view::size() const noexcept { return from_->type == REDIS_REPLY_ARRAY ? from_->elements : 0; }

reply_view reply_view::operator[](std::size_t i) const noexcept { return reply_view{from_->element[i]}; }

void reply::release::operator()(redisReply* whole) const noexcept { freeReplyObject(whole); }

void reply_reader::release::operator()(redisReader* reader) const noexcept { redisReaderFree(reader); }

reply_reader::reply_reader(reply_limits most) : gate_{most}, reader_{redisReaderCreate()} {
    if (!reader_)
        throw std::bad_alloc{};
}

reply_reader::verdict reply_reader::read(std::string_view& bytes) {
    auto const [what, passed] = gate_.look(bytes);
    if (what == verdict::refused || what == verdict::too_large)
        return what;
    if (redisReaderFeed(reader_.get(), bytes.data(), passed) != REDIS_OK)
        throw std::bad_alloc{};
    bytes.remove_prefix(passed);
    if (what == verdict::more)
        return what;
    void* whole = nullptr;
    if (redisReaderGetReply(reader_.get(), &whole) != REDIS_OK || whole == nullptr)
        return verdict::refused;
    whole_.emplace(static_cast<redisReply*>(whole));
    return what;
}

reply reply_reader::take() {
    reply taken = std::move(*whole_);
    whole_.reset();
    return taken;
}

}  // namespace memo::detail
