#include "daemon/capture/zstd_input.h"

#include <string>

namespace packetsentry::capture {
namespace {

constexpr std::size_t kCompressedBytes = 64 * 1024;
constexpr int kWindowLog = 23;

}  // namespace

ZstdInput::ZstdInput(ByteInput& from)
    : from_(from), compressed_(kCompressedBytes), state_(ZSTD_createDStream()) {
    ZSTD_DCtx_setParameter(state_.get(), ZSTD_d_windowLogMax, kWindowLog);
}

base::Result<Chunk::State> ZstdInput::refill() {
    auto chunk = from_.read(compressed_);
    if (!chunk) return std::unexpected(chunk.error());
    in_ = {compressed_.data(), chunk->size, 0};
    return chunk->state;
}

base::Error ZstdInput::damaged(std::size_t status) const {
    return {base::ErrorCode::file, "the zstd data is damaged (byte " + std::to_string(position()) +
                                       "): " + ZSTD_getErrorName(status)};
}

base::Result<Chunk> ZstdInput::read(std::span<std::byte> out) {
    for (;;) {
        if (in_.pos == in_.size && !more_inside_) {
            auto state = refill();
            if (!state) return std::unexpected(state.error());
            if (*state == Chunk::State::waiting) return Chunk{Chunk::State::waiting, 0};
            if (*state == Chunk::State::end && in_frame_)
                return base::fail(base::ErrorCode::file,
                                  "the zstd data is cut (byte " + std::to_string(position()) + ")");
            if (*state == Chunk::State::end) return Chunk{Chunk::State::end, 0};
        }
        ZSTD_outBuffer room{out.data(), out.size(), 0};
        const std::size_t status = ZSTD_decompressStream(state_.get(), &room, &in_);
        if (ZSTD_isError(status) != 0) return std::unexpected(damaged(status));
        in_frame_ = status != 0;
        more_inside_ = in_frame_ && room.pos == room.size;
        if (room.pos != 0) return Chunk{Chunk::State::data, room.pos};
    }
}

}  // namespace packetsentry::capture
