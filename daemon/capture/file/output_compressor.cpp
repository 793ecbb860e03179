#include "daemon/capture/file/output_compressor.h"

#include <zlib.h>

#include <new>
#include <string>

namespace packetsentry::capture {
namespace {

// Fast rather than small: a capture must not wait for it.
constexpr int kGzipLevel = 1;
constexpr int kGzipWindow = 16 + MAX_WBITS;
constexpr int kMemoryLevel = 8;  // zlib's own default

base::Result<void> cannot_pack(const std::string& why) {
    return base::fail(base::ErrorCode::file, "cannot compress the packets: " + why);
}

class Gzip final : public OutputCompressor {
  public:
    Gzip() = default;
    ~Gzip() override {
        if (begun_) (void)::deflateEnd(&state_);
    }
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;

    base::Result<void> pack(std::span<const std::byte> piece, std::vector<std::byte>& packed) override {
        try {
            return pack_whole(piece, packed);
        } catch (const std::bad_alloc&) {
            return cannot_pack("out of memory");
        }
    }

  private:
    base::Result<void> pack_whole(std::span<const std::byte> piece, std::vector<std::byte>& packed) {
        if (!begin()) return cannot_pack("out of memory");
        packed.resize(::deflateBound(&state_, static_cast<uLong>(piece.size())));
        state_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(piece.data()));
        state_.avail_in = static_cast<uInt>(piece.size());
        state_.next_out = reinterpret_cast<Bytef*>(packed.data());
        state_.avail_out = static_cast<uInt>(packed.size());
        if (::deflate(&state_, Z_FINISH) != Z_STREAM_END) return cannot_pack("zlib does not end");
        packed.resize(packed.size() - state_.avail_out);
        return {};
    }

    bool begin() {
        if (begun_) return ::deflateReset(&state_) == Z_OK;
        begun_ = ::deflateInit2(&state_, kGzipLevel, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                                Z_DEFAULT_STRATEGY) == Z_OK;
        return begun_;
    }

    z_stream state_{};
    bool begun_ = false;
};

}  // namespace

std::unique_ptr<OutputCompressor> OutputCompressor::make(Compression compression) {
    if (compression == Compression::gzip) return std::make_unique<Gzip>();
    return nullptr;
}

}  // namespace packetsentry::capture
