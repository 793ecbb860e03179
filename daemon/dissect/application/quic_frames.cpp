#include "daemon/dissect/application/quic_frames.h"

#include <algorithm>

#include "daemon/dissect/application/quic_number.h"

namespace packetsentry::dissect {
namespace {

// The types of frames that may be in an Initial packet (RFC 9000 table 3), but that which closes the
// connection: nothing follows it that anybody asks for.
enum FrameType : std::uint8_t { kPadding = 0, kPing = 1, kAck = 2, kAckWithEcn = 3, kCrypto = 6 };

// Section 19.3: largest, delay, number of further ranges, first range; two numbers for each range; three
// counts where the type says so.
void skip_ack(std::uint64_t type, Cursor& at) {
    for (int i = 0; i < 2; ++i) (void)read_quic_number(at);
    std::uint64_t ranges = read_quic_number(at);
    (void)read_quic_number(at);
    for (; ranges > 0 && !at.failed(); --ranges)
        for (int i = 0; i < 2; ++i) (void)read_quic_number(at);
    for (int i = 0; type == kAckWithEcn && i < 3; ++i) (void)read_quic_number(at);
}

}  // namespace

void QuicCrypto::read(Cursor frames) {
    while (!frames.empty()) {
        const std::uint64_t type = read_quic_number(frames);
        switch (type) {
            case kPadding:
            case kPing:
                break;
            case kAck:
            case kAckWithEcn:
                skip_ack(type, frames);
                break;
            case kCrypto:
                add(frames);
                break;
            default:
                return;
        }
    }
}

// Section 19.6: offset, length, bytes.
void QuicCrypto::add(Cursor& frames) {
    const std::uint64_t offset = read_quic_number(frames);
    const std::uint64_t size = read_quic_number(frames);
    if (frames.failed() || !frames.has(size)) return frames.fail();
    if (count_ == kFrameLimit)
        too_many_ = true;
    else
        pieces_[count_++] = {offset, frames.left_text().substr(0, size)};
    frames.skip(size);
}

std::string_view QuicCrypto::join(Dissection& out) {
    if (too_many_) out.incomplete = true;
    const std::span<QuicPiece> pieces = std::span(pieces_).first(count_);
    std::ranges::sort(pieces, {}, &QuicPiece::offset);
    const std::size_t begin = out.begin_text();
    std::uint64_t joined = 0;
    for (const QuicPiece& piece : pieces) {
        if (piece.offset > joined) break;
        const std::uint64_t known = joined - piece.offset;
        if (known >= piece.bytes.size()) continue;
        out.put(piece.bytes.substr(known));
        joined = piece.offset + piece.bytes.size();
    }
    return out.text_since(begin);
}

}  // namespace packetsentry::dissect
