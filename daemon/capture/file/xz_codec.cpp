#include "daemon/capture/file/xz_codec.h"

#include <array>
#include <cstdint>

namespace packetsentry::capture {
namespace {

constexpr std::uint64_t kMemoryLimit = 96U << 20;

lzma_ret begin(lzma_stream& state) {
    return lzma_stream_decoder(&state, kMemoryLimit, 0);
}

struct Reason {
    lzma_ret status;
    const char* why;
    bool damaged;
};
constexpr std::array kReasons{
    Reason{LZMA_MEMLIMIT_ERROR, "it needs more than 96 MiB of memory", false},
    Reason{LZMA_MEM_ERROR, "there is no memory for it", false},
    Reason{LZMA_OPTIONS_ERROR, "it uses an option that is not known", false},
    Reason{LZMA_FORMAT_ERROR, "something else follows it", true},
};

Codec::Failure failure(lzma_ret status) {
    for (const Reason& row : kReasons)
        if (row.status == status) return {row.why, row.damaged};
    return {};
}

}  // namespace

XzCodec::XzCodec() {
    // Where this has no memory, the first lzma_code() fails.
    (void)begin(state_);
}

bool XzCodec::begins_stream(std::span<const std::byte>& in) {
    if (!in_stream_) skip_padding(in);
    if (!in_stream_ && !in.empty()) in_stream_ = begin(state_) == LZMA_OK;
    return in_stream_ || in.empty();
}

std::expected<std::size_t, Codec::Failure> XzCodec::unpack(std::span<const std::byte>& in,
                                                           std::span<std::byte> out) {
    if (!begins_stream(in)) return std::unexpected(failure(LZMA_MEM_ERROR));
    if (!in_stream_) return 0;
    state_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    state_.avail_in = in.size();
    state_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    state_.avail_out = out.size();
    const lzma_ret status = lzma_code(&state_, LZMA_RUN);
    if (status != LZMA_OK && status != LZMA_STREAM_END && status != LZMA_BUF_ERROR)
        return std::unexpected(failure(status));
    in = in.last(state_.avail_in);
    in_stream_ = status != LZMA_STREAM_END;
    return out.size() - state_.avail_out;
}

}  // namespace packetsentry::capture
