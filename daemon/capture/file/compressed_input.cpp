#include "daemon/capture/file/compressed_input.h"

#include <string>

namespace packetsentry::capture {
namespace {

constexpr std::size_t kCompressedBytes = 64 * 1024;

}  // namespace

CompressedInput::CompressedInput(ByteInput& from, std::unique_ptr<Codec> codec)
    : from_(from), codec_(std::move(codec)), compressed_(kCompressedBytes) {}

base::Error CompressedInput::error(const char* what, const std::string& why) const {
    return {base::ErrorCode::file, "the " + std::string(codec_->name()) + " data " + what + " (byte " +
                                       std::to_string(position()) + ")" + (why.empty() ? "" : ": " + why)};
}

base::Result<Chunk::State> CompressedInput::refill() {
    auto chunk = from_.read(compressed_);
    if (!chunk) return std::unexpected(chunk.error());
    left_ = std::span<const std::byte>(compressed_).first(chunk->size);
    return chunk->state;
}

base::Result<Chunk> CompressedInput::read(std::span<std::byte> out) {
    for (;;) {
        if (left_.empty() && !more_inside_) {
            auto state = refill();
            if (!state) return std::unexpected(state.error());
            if (*state == Chunk::State::end && codec_->in_frame())
                return std::unexpected(error("is truncated"));
            if (*state != Chunk::State::data) return Chunk{*state, 0};
        }
        auto size = codec_->unpack(left_, out);
        if (!size)
            return std::unexpected(
                error(size.error().damaged ? "is damaged" : "cannot be unpacked", size.error().why));
        more_inside_ = codec_->in_frame() && *size == out.size();
        if (*size != 0) return Chunk{Chunk::State::data, *size};
    }
}

}  // namespace packetsentry::capture
