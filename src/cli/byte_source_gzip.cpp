#include "byte_source.hpp"

#include <zlib.h>

#include <array>
#include <new>
#include <utility>

namespace memo::sim {

namespace {

class gzip_source final : public byte_source {
public:
    explicit gzip_source(std::unique_ptr<byte_source> packed) : packed_{std::move(packed)} {
        constexpr int gzip_only = 16;
        if (::inflateInit2(&stream_, MAX_WBITS + gzip_only) != Z_OK)
            throw std::bad_alloc{};
    }
    ~gzip_source() override { ::inflateEnd(&stream_); }

    /// Files may be several members, one behind the other.
    std::string_view read() override {
        stream_.next_out = reinterpret_cast<Bytef*>(stretch_.data());
        stream_.avail_out = static_cast<uInt>(stretch_.size());
        while (stream_.avail_out == stretch_.size()) {
            if (stream_.avail_in == 0 && !more_inside_ && !refill())
                break;
            if (std::exchange(between_, false))
                ::inflateReset(&stream_);
            int const said = ::inflate(&stream_, Z_NO_FLUSH);
            bool const starved = said == Z_BUF_ERROR && stream_.avail_in == 0;
            if (said != Z_OK && said != Z_STREAM_END && !starved)
                throw source_fault{"its gzip stream is broken (" + std::string{stream_.msg ? stream_.msg : "zlib gives no reason"} +
                                   "); pack the file anew"};
            between_ = said == Z_STREAM_END;
            more_inside_ = !between_ && stream_.avail_out == 0;
        }
        return {stretch_.data(), stretch_.size() - stream_.avail_out};
    }

private:
    bool refill() {
        auto const more = packed_->read();
        if (more.empty() && !between_)
            throw source_fault{"its gzip stream ends too early; pack the file anew"};
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(more.data()));  // which zlib only reads
        stream_.avail_in = static_cast<uInt>(more.size());
        return !more.empty();
    }

    std::unique_ptr<byte_source> packed_;
    ::z_stream stream_{};
    std::array<char, source_stretch> stretch_;
    bool between_ = false;      // two members, where the file may end
    bool more_inside_ = false;  // than there was room for
};

}  // namespace

std::unique_ptr<byte_source> unpack_gzip(std::unique_ptr<byte_source> packed) {
    return std::make_unique<gzip_source>(std::move(packed));
}

}  // namespace memo::sim
