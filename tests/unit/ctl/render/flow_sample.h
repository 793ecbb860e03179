// Rows of conversations for the tests of formats.
#pragma once

#include "tests/support/row_builder.h"

namespace packetsentry::ctl::render {

// An HTTP conversation that ended well, and an echo request that nobody answered. Neither has a name.
inline wire::Batch flow_sample() {
    constexpr std::int64_t kEndNs = 1'747'297'805'500'000'000;
    test::RowBuilder rows;
    rows.row({.source = "192.168.1.10",
              .destination = "198.51.100.7",
              .source_port = 49152,
              .destination_port = 80,
              .ip_protocol = 6,
              .word = "HTTP",
              .name = "http",
              .time_ns = kEndNs,
              .layers = ""})
        .number("source.packets", 12)
        .number("source.bytes", 3482)
        .number("destination.packets", 10)
        .number("destination.bytes", 20582)
        .number("packetsentry.flow.source.payload_bytes", 3000)
        .number("packetsentry.flow.destination.payload_bytes", 20182)
        .number("packetsentry.flow.source.retransmissions", 2)
        .number("packetsentry.flow.missed_bytes", 100)
        .text("packetsentry.flow.state", "SF")
        .text("packetsentry.flow.history", "ShADadFf")
        .text("packetsentry.flow.reason", "ended")
        .text("packetsentry.flow.services", "http")
        .text("packetsentry.flow.services", "tls")
        .text("network.direction", "outbound")
        .text("network.community_id", "1:abc=");
    rows.row({.source = "2001:db8::1",
              .destination = "2001:db8::2",
              .ip_protocol = 58,
              .word = "ICMPv6",
              .time_ns = kEndNs + 1,
              .layers = ""})
        .number("source.packets", 1)
        .number("source.bytes", 104)
        .number("destination.packets", 0)
        .number("destination.bytes", 0)
        .text("packetsentry.flow.state", "OTH")
        .text("packetsentry.flow.reason", "lasts");
    wire::Batch batch = rows.batch();
    batch.set_table(wire::TABLE_FLOWS);
    batch.clear_wire_bytes();
    batch.clear_cut_bytes();
    batch.clear_first_place();
    batch.add_duration_ns(5'213'000'000);
    batch.add_duration_ns(0);
    return batch;
}

}  // namespace packetsentry::ctl::render
