// Handshakes of TLS, out of packets. The first byte says how many handshakes there is room for. Then come
// packets (flow_packets.h).
#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>

#include "daemon/transactions/tls_handshakes.h"
#include "tests/fuzz/flow_packets.h"
#include "tests/fuzz/transaction_rows.h"

using namespace packetsentry;
using fuzz::promise;
using transactions::TlsHandshakes;
using transactions::TlsPacket;

namespace {

constexpr std::size_t kRoomForHandshakes = 40;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = std::as_bytes(std::span(data, size));
    if (input.empty()) return 0;
    const std::size_t room = 1 + fuzz::byte_at(input, 0) % kRoomForHandshakes;
    fuzz::TransactionRows rows(wire::TABLE_TLS);
    const auto handshakes = std::make_unique<TlsHandshakes>(7, rows, room);
    const auto packets = std::make_unique<fuzz::FlowPackets>(input.subspan(1));
    std::uint64_t taken = 0;
    std::int64_t now_ns = 0;
    while (packets->next()) {
        if (packets->levels().empty() || !handshakes->may_be(packets->dissection())) continue;
        const flows::FlowPacket& innermost = packets->levels().back();
        now_ns = std::max(now_ns, packets->now_ns());
        TlsPacket packet{.tuple = innermost.tuple,
                         .time_ns = packets->now_ns(),
                         .number = ++taken,
                         .seen_on = {.interface = static_cast<std::uint32_t>(packets->code() % 2)},
                         .segment = innermost.tcp,
                         .payload = packets->dissection().tcp_payload};
        if (packets->code() % 5 == 0) packet.time_ns.reset();
        const std::uint64_t before = rows.transactions;
        handshakes->take(packets->dissection(), packet, now_ns);
        promise(rows.transactions - before <= TlsHandshakes::kEndedByPacket);
        promise(handshakes->waiting() <= room);
        rows.look();
    }
    while (!handshakes->finish(now_ns, 1)) continue;
    promise(handshakes->waiting() == 0 && rows.packets <= taken && rows.evicted <= handshakes->evicted());
    rows.seal();
    return 0;
}
