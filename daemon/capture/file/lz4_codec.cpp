#include "daemon/capture/file/lz4_codec.h"

namespace packetsentry::capture {

Lz4Codec::Lz4Codec() {
    LZ4F_dctx* made = nullptr;
    (void)LZ4F_createDecompressionContext(&made, LZ4F_VERSION);
    state_.reset(made);
}

std::expected<std::size_t, Codec::Failure> Lz4Codec::unpack(std::span<const std::byte>& in,
                                                            std::span<std::byte> out) {
    if (!state_) return std::unexpected(Failure{"there is no memory for it", false});
    std::size_t used = in.size();
    std::size_t filled = out.size();
    const std::size_t status = LZ4F_decompress(state_.get(), out.data(), &filled, in.data(), &used, nullptr);
    if (LZ4F_isError(status) != 0) return std::unexpected(Failure{LZ4F_getErrorName(status)});
    in = in.subspan(used);
    in_frame_ = status != 0;
    return filled;
}

}  // namespace packetsentry::capture
