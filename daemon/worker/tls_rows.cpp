#include "daemon/worker/tls_rows.h"

#include "daemon/worker/secret_number.h"

namespace packetsentry::worker {

TlsRows::TlsRows(const Context& context)
    : TransactionRows(context, wire::TABLE_TLS), handshakes_(secret_number(), *this) {}

void TlsRows::take_packet(const capture::Packet& packet, const dissect::Dissection& dissection,
                          std::uint64_t number) {
    const flows::FlowPacket* const innermost = read_innermost(packet, dissection, number);
    if (innermost == nullptr) return;
    auto message = message_of<transactions::TlsPacket>(packet, *innermost);
    message.segment = innermost->tcp;
    message.payload = dissection.tcp_payload;
    handshakes_.take(dissection, message, now_ns());
}

}  // namespace packetsentry::worker
