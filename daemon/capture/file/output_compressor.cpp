#include "daemon/capture/file/output_compressor.h"

#include <zlib.h>
#include <zstd.h>

#include <array>
#include <new>
#include <string>
#include <utility>

namespace packetsentry::capture {
namespace {

// Fast rather than small: a capture must not wait for it.
constexpr int kGzipLevel = 1;
constexpr int kGzipWindow = 16 + MAX_WBITS;
constexpr int kMemoryLevel = 8;  // zlib's own default
constexpr int kZstdLevel = 1;

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

// Blocks of a frame without content, RFC 8878, section 3.1.1.2: the bit of the last block, two bits of
// its type (0: raw), and its size.
constexpr std::array kLastBlock{std::byte{1}, std::byte{0}, std::byte{0}};
constexpr std::array kEmptyBlock{std::byte{0}, std::byte{0}, std::byte{0}};
constexpr std::uint64_t kSizeStep = 4;
constexpr std::uint64_t kOpenFrame = 1;  // what the size of a file leaves that ends with an open frame

class Zstd final : public OutputCompressor {
  public:
    explicit Zstd(bool one_frame) : one_frame_(one_frame) {}

    base::Result<void> pack(std::span<const std::byte> piece, std::vector<std::byte>& packed) override {
        try {
            return pack_whole(piece, packed);
        } catch (const std::bad_alloc&) {
            return cannot_pack("out of memory");
        }
    }

    void begin_file(std::uint64_t size) override {
        size_ = size;
        in_frame_ = false;
        completes_other_ = one_frame_ && size % kSizeStep == kOpenFrame;
    }

    void complete(std::vector<std::byte>& packed) override {
        if (in_frame_ || completes_other_) append(kLastBlock, packed);
        in_frame_ = completes_other_ = false;
    }

  private:
    base::Result<void> pack_whole(std::span<const std::byte> piece, std::vector<std::byte>& packed) {
        packed.clear();
        if (!state_ && !begin()) return cannot_pack("out of memory");
        if (std::exchange(completes_other_, false)) append(kLastBlock, packed);
        if (!in_frame_) ZSTD_CCtx_reset(state_.get(), ZSTD_reset_session_only);
        if (auto added = add(piece, packed); !added) return added;
        in_frame_ = one_frame_;
        while (one_frame_ && (size_ + packed.size()) % kSizeStep != kOpenFrame) append(kEmptyBlock, packed);
        size_ += packed.size();
        return {};
    }

    base::Result<void> add(std::span<const std::byte> piece, std::vector<std::byte>& packed) {
        const auto how = one_frame_ ? ZSTD_e_flush : ZSTD_e_end;
        ZSTD_inBuffer in{piece.data(), piece.size(), 0};
        for (std::size_t left = 1; left != 0;) {
            const std::size_t before = packed.size();
            packed.resize(before + ZSTD_compressBound(piece.size() - in.pos) + ZSTD_CStreamOutSize());
            ZSTD_outBuffer out{packed.data() + before, packed.size() - before, 0};
            left = ZSTD_compressStream2(state_.get(), &out, &in, how);
            packed.resize(before + out.pos);
            if (ZSTD_isError(left) != 0) return cannot_pack(ZSTD_getErrorName(left));
        }
        return {};
    }

    bool begin() {
        state_.reset(ZSTD_createCCtx());
        return state_ &&
               ZSTD_isError(ZSTD_CCtx_setParameter(state_.get(), ZSTD_c_compressionLevel, kZstdLevel)) == 0;
    }

    static void append(std::span<const std::byte> block, std::vector<std::byte>& packed) {
        packed.insert(packed.end(), block.begin(), block.end());
    }

    struct Free {
        void operator()(ZSTD_CCtx* state) const { ZSTD_freeCCtx(state); }
    };

    bool one_frame_;
    std::unique_ptr<ZSTD_CCtx, Free> state_;
    std::uint64_t size_ = 0;
    bool in_frame_ = false;         // one of this object's own is open
    bool completes_other_ = false;  // the file ends with an open frame of another writer
};

}  // namespace

std::unique_ptr<OutputCompressor> OutputCompressor::make(Compression compression, bool ordinary) {
    if (compression == Compression::gzip) return std::make_unique<Gzip>();
    if (compression == Compression::zstd) return std::make_unique<Zstd>(ordinary);
    return nullptr;
}

}  // namespace packetsentry::capture
