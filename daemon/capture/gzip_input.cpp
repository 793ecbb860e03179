#include "daemon/capture/gzip_input.h"

#include <algorithm>
#include <string>

namespace packetsentry::capture {
namespace {

constexpr std::size_t kCompressedBytes = 64 * 1024;
constexpr int kGzipOnly = 16 + MAX_WBITS;
constexpr std::size_t kRoomLimit = 1U << 30;  // zlib counts in unsigned int

}  // namespace

GzipInput::GzipInput(ByteInput& from) : from_(from), compressed_(kCompressedBytes) {
    // Where this has no memory, the first inflate() says so.
    (void)inflateInit2(&state_, kGzipOnly);
}

base::Error GzipInput::error(const char* what) const {
    return {base::ErrorCode::file,
            "the gzip data is " + std::string(what) + " (byte " + std::to_string(position()) + ")"};
}

base::Result<Chunk::State> GzipInput::refill() {
    auto chunk = from_.read(compressed_);
    if (!chunk) return std::unexpected(chunk.error());
    state_.next_in = reinterpret_cast<Bytef*>(compressed_.data());
    state_.avail_in = static_cast<uInt>(chunk->size);
    return chunk->state;
}

base::Result<Chunk> GzipInput::read(std::span<std::byte> out) {
    for (;;) {
        if (state_.avail_in == 0 && !more_inside_) {
            auto state = refill();
            if (!state) return std::unexpected(state.error());
            if (*state == Chunk::State::end && in_member_) return std::unexpected(error("cut"));
            if (*state != Chunk::State::data) return Chunk{*state, 0};
        }
        if (!in_member_) skip_padding();
        if (!in_member_) continue;
        auto size = inflate_into(out);
        if (!size) return std::unexpected(size.error());
        if (*size != 0) return Chunk{Chunk::State::data, *size};
    }
}

base::Result<std::size_t> GzipInput::inflate_into(std::span<std::byte> out) {
    const auto room = static_cast<uInt>(std::min(out.size(), kRoomLimit));
    state_.next_out = reinterpret_cast<Bytef*>(out.data());
    state_.avail_out = room;
    const int status = inflate(&state_, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        return std::unexpected(error("damaged"));
    in_member_ = status != Z_STREAM_END;
    more_inside_ = in_member_ && state_.avail_out == 0;
    return room - state_.avail_out;
}

// Between members: zeros that fill up the block of a tape, then perhaps another member.
void GzipInput::skip_padding() {
    while (state_.avail_in != 0 && *state_.next_in == 0) {
        ++state_.next_in;
        --state_.avail_in;
    }
    if (state_.avail_in != 0) in_member_ = inflateReset(&state_) == Z_OK;
}

}  // namespace packetsentry::capture
