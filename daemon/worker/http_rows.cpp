#include "daemon/worker/http_rows.h"

#include "daemon/worker/secret_number.h"
#include "proto/link/worker_reader.h"

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

base::Result<void> HttpRows::give_away(Clock::time_point until) {
    static_assert(kPieceBytes + transactions::HttpExchanges::kMostPassed < proto::WorkerReader::kPassedLimit);
    return send_pieces(until, [this](wire::PassedState& passed) {
        return !exchanges_.give_away(*passed.mutable_requests(), kPieceBytes);
    });
}

void HttpRows::adopt(const wire::PassedState& passed) {
    set_now(Clock::now());
    if (!exchanges_.adopt(passed.requests(), interfaces_of(passed), now_ns())) note_damage();
}

}  // namespace packetsentry::worker
