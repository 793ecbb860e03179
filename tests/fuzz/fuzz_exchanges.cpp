// Requests of HTTP with their responses, out of packets. The first byte says how many requests there is room
// for. Then come packets (flow_packets.h).
#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>

#include "daemon/transactions/http_exchanges.h"
#include "tests/fuzz/flow_packets.h"
#include "tests/fuzz/transaction_rows.h"

using namespace packetsentry;
using fuzz::promise;
using transactions::HttpExchanges;
using transactions::HttpPacket;

namespace {

constexpr std::size_t kRoomLimit = 40;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = std::as_bytes(std::span(data, size));
    if (input.empty()) return 0;
    const std::size_t room = 1 + fuzz::byte_at(input, 0) % kRoomLimit;
    fuzz::TransactionRows rows(wire::TABLE_HTTP);
    HttpExchanges exchanges(7, rows, room);
    const auto packets = std::make_unique<fuzz::FlowPackets>(input.subspan(1));
    std::uint64_t heads = 0;
    std::int64_t now_ns = 0;
    while (packets->next()) {
        if (packets->levels().empty() || !packets->levels().back().tcp) continue;
        const flows::FlowPacket& innermost = packets->levels().back();
        now_ns = std::max(now_ns, packets->now_ns());
        HttpPacket packet{.tuple = innermost.tuple,
                          .time_ns = packets->now_ns(),
                          .seen_on = {.interface = static_cast<std::uint32_t>(packets->code() % 2)},
                          .segment = *innermost.tcp};
        if (packets->code() % 5 == 0) packet.time_ns.reset();
        const std::uint64_t before = rows.transactions;
        if (HttpExchanges::may_be(packets->dissection())) {
            packet.number = ++heads;
            exchanges.take(packets->dissection(), packet, now_ns);
        }
        if (exchanges.needs(packet.segment.flags)) exchanges.take_control(packet, now_ns);
        promise(rows.transactions - before <= HttpExchanges::kEndedByPacket);
        promise(exchanges.waiting() <= room);
        rows.look();
    }
    while (!exchanges.finish(now_ns, 1)) continue;
    promise(exchanges.waiting() == 0 && rows.packets <= heads && rows.evicted == exchanges.evicted());
    rows.seal();
    return 0;
}
