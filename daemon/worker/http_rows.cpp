#include "daemon/worker/http_rows.h"

#include "daemon/worker/secret_number.h"

namespace packetsentry::worker {

HttpRows::HttpRows(const Context& context)
    : TransactionRows(context, wire::TABLE_HTTP), exchanges_(secret_number(), *this) {}

void HttpRows::take_packet(const capture::Packet& packet, const dissect::Dissection& dissection,
                           std::uint64_t number) {
    const flows::FlowPacket* const innermost = read_innermost(packet, dissection, number);
    if (innermost == nullptr || !innermost->tcp) return;
    auto segment = message_of<transactions::HttpPacket>(packet, *innermost);
    segment.segment = *innermost->tcp;
    if (transactions::HttpExchanges::may_be(dissection)) exchanges_.take(dissection, segment, now_ns());
    if (exchanges_.needs(segment.segment.flags)) exchanges_.take_control(segment, now_ns());
}

}  // namespace packetsentry::worker
