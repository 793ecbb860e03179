#include "daemon/capture/file/zstd_codec.h"

#include <zstd_errors.h>

namespace packetsentry::capture {
namespace {

constexpr int kWindowLog = 23;

Codec::Failure failure(std::size_t status) {
    const bool too_large = ZSTD_getErrorCode(status) == ZSTD_error_frameParameter_windowTooLarge;
    return {ZSTD_getErrorName(status), !too_large};
}

}  // namespace

ZstdCodec::ZstdCodec() : state_(ZSTD_createDStream()) {
    ZSTD_DCtx_setParameter(state_.get(), ZSTD_d_windowLogMax, kWindowLog);
}

std::expected<std::size_t, Codec::Failure> ZstdCodec::unpack(std::span<const std::byte>& in,
                                                             std::span<std::byte> out) {
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer room{out.data(), out.size(), 0};
    const std::size_t status = ZSTD_decompressStream(state_.get(), &room, &from);
    in = in.subspan(from.pos);
    if (ZSTD_isError(status) != 0) return std::unexpected(failure(status));
    in_frame_ = status != 0;
    return room.pos;
}

}  // namespace packetsentry::capture
