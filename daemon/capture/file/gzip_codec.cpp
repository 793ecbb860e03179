#include "daemon/capture/file/gzip_codec.h"

#include <algorithm>

namespace packetsentry::capture {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;
constexpr std::size_t kRoomLimit = 1U << 30;  // zlib counts in unsigned int

}  // namespace

GzipCodec::GzipCodec() {
    // Where this has no memory, the first inflate() says so.
    (void)inflateInit2(&state_, kGzipOnly);
}

bool GzipCodec::begins_member(std::span<const std::byte>& in) {
    if (!in_member_) skip_padding(in);
    if (!in_member_ && !in.empty()) in_member_ = inflateReset(&state_) == Z_OK;
    return in_member_;
}

std::expected<std::size_t, Codec::Failure> GzipCodec::unpack(std::span<const std::byte>& in,
                                                             std::span<std::byte> out) {
    if (!begins_member(in)) return 0;
    const auto room = static_cast<uInt>(std::min(out.size(), kRoomLimit));
    state_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
    state_.avail_in = static_cast<uInt>(in.size());
    state_.next_out = reinterpret_cast<Bytef*>(out.data());
    state_.avail_out = room;
    const int status = inflate(&state_, Z_NO_FLUSH);
    in = in.last(state_.avail_in);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) return std::unexpected(Failure());
    in_member_ = status != Z_STREAM_END;
    return room - state_.avail_out;
}

}  // namespace packetsentry::capture
