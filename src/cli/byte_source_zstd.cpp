#include "byte_source.hpp"

#include <zstd.h>

#include <array>
#include <new>
#include <utility>

namespace memo::sim {

namespace {

class zstd_source final : public byte_source {
public:
    explicit zstd_source(std::unique_ptr<byte_source> packed) : packed_{std::move(packed)}, stream_{::ZSTD_createDStream()} {
        if (stream_ == nullptr)
            throw std::bad_alloc{};
    }
    ~zstd_source() override { ::ZSTD_freeDStream(stream_); }

    /// Files may be several frames, one behind the other.
    std::string_view read() override {
        ::ZSTD_outBuffer out{stretch_.data(), stretch_.size(), 0};
        while (out.pos == 0) {
            if (in_.pos == in_.size && !more_inside_ && !refill())
                break;
            auto const left = ::ZSTD_decompressStream(stream_, &out, &in_);
            if (::ZSTD_isError(left))
                throw source_fault{"its zstd stream is broken (" + std::string{::ZSTD_getErrorName(left)} + "); pack the file anew"};
            between_ = left == 0;
            more_inside_ = !between_ && out.pos == out.size;
        }
        return {stretch_.data(), out.pos};
    }

private:
    bool refill() {
        auto const more = packed_->read();
        if (more.empty() && !between_)
            throw source_fault{"its zstd stream ends too early; pack the file anew"};
        in_ = {more.data(), more.size(), 0};
        return !more.empty();
    }

    std::unique_ptr<byte_source> packed_;
    ::ZSTD_DStream* stream_;
    ::ZSTD_inBuffer in_{nullptr, 0, 0};
    std::array<char, source_stretch> stretch_;
    bool between_ = false;      // two frames, where the file may end
    bool more_inside_ = false;  // than there was room for
};

}  // namespace

std::unique_ptr<byte_source> unpack_zstd(std::unique_ptr<byte_source> packed) {
    return std::make_unique<zstd_source>(std::move(packed));
}

}  // namespace memo::sim
