#include "daemon/worker/http_rows.h"

#include "daemon/worker/secret_number.h"

namespace packetsentry::worker {

HttpRows::HttpRows(CaptureMode mode, const capture::PacketSource& source, InterfaceNames& names,
                   Keeping& keeping, Link& link)
    : DerivedRows(mode, wire::TABLE_HTTP, {builder_, kept_}, kFull, source, names, keeping, link),
      exchanges_(secret_number(), *this),
      builder_(wire::TABLE_HTTP),
      kept_(wire::TABLE_HTTP) {
    if (live()) now_ns_ = nanoseconds(Clock::now());
}

// A segment in a tunnel is between the ends inside of it, which are the last ones.
void HttpRows::take_segment(const capture::Packet& packet, const dissect::Dissection& dissection,
                            std::uint64_t number) {
    const auto levels = reader_.read_levels(dissection, packet.time_ns, number);
    if (levels.empty() || !levels.back().tcp) return;
    const flows::FlowPacket& innermost = levels.back();
    transactions::HttpPacket segment{
        .tuple = innermost.tuple,
        .time_ns = {},
        .number = number,
        .seen_on = {.interface = packet.interface, .interface_index = innermost.interface_index},
        .segment = *innermost.tcp};
    if (packet.has_time) segment.time_ns = packet.time_ns;
    if (transactions::HttpExchanges::may_be(dissection)) exchanges_.take(dissection, segment, now_ns_);
    if (exchanges_.needs(segment.segment.flags)) exchanges_.take_control(segment, now_ns_);
}

void HttpRows::look(Clock::time_point now) {
    if (!live() || full()) return;
    now_ns_ = nanoseconds(now);
    exchanges_.advance(now_ns_);
}

bool HttpRows::finish() {
    return !full() && exchanges_.finish(now_ns_, kFinished);
}

void HttpRows::transaction(const transactions::Transaction& transaction) {
    const Place place = place_of(transaction.seen_on.interface, transaction.seen_on.interface_index);
    add_row(builder_, kept_, [&](record::TransactionBatchBuilder& builder) {
        builder.append(transaction, place.name, place.link_type);
    });
}

}  // namespace packetsentry::worker
