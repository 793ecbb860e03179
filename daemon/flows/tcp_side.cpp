#include "daemon/flows/tcp_side.h"

#include <algorithm>

namespace packetsentry::flows {

void TcpSide::begin_at(std::uint32_t number) {
    first = number;
    sent = acknowledged = {.number = number, .offset = 0};
    coverage = StreamCoverage();
}

std::uint64_t TcpSide::data_bytes(const TcpSide& peer) const {
    // The other side has forgotten a connection, acknowledged something of it, and was reset for that.
    const bool forgotten = before == TcpState::opening && state == TcpState::reset &&
                           peer.state == TcpState::silent && acknowledged.offset > 1;
    if (forgotten) return 0;
    std::int64_t bytes = std::max(sent.offset, acknowledged.offset);
    if (bytes > 0) --bytes;               // the SYN has a number
    if (fins != 0 && bytes > 0) --bytes;  // and so has the FIN
    return bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0;
}

// The last number is that of the FIN; a RST has none.
bool TcpSide::all_seen() const {
    return static_cast<std::int64_t>(coverage.whole()) + 1 >= sent.offset;
}

}  // namespace packetsentry::flows
