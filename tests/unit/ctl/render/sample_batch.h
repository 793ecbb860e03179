// A batch with a row of every kind, for the renderers' tests.
#pragma once

#include <string>
#include <string_view>

#include "tests/unit/ctl/batch_maker.h"

namespace packetsentry::ctl {

inline constexpr std::int64_t kSampleTime = 1'747'297'801'123'456'789;  // 2025-05-15 08:30:01 UTC

inline wire::Batch sample_batch() {
    BatchMaker maker;
    const auto host = maker.address("192.168.1.100");
    const auto server = maker.address("8.8.8.8");
    const auto six = maker.address("2001:db8::1");
    const auto mac = maker.address("00-00-5e-00-53-23");
    const auto bridge = maker.address("01-80-c2-00-00-00");
    const auto inner = maker.address("10.0.0.1");
    const auto inner_peer = maker.address("10.0.0.2");
    const auto tcp = maker.protocol("TCP", "", true, {});
    const auto dns =
        maker.protocol("DNS", "dns", false, {"dns.question.name", "dns.response_code", "dns.resolved_ip"});
    const auto http =
        maker.protocol("HTTP", "http", true, {"http.request.method", "http.response.status_code"});
    const auto stp = maker.protocol("STP", "", false, {});
    const auto icmp = maker.protocol("ICMP", "", false, {"packetsentry.detail"});
    const std::int64_t time = kSampleTime;

    // 0: a plain segment
    maker.row({.time_ns = time,
               .source = host,
               .destination = server,
               .source_mac = mac,
               .source_port = 12345,
               .destination_port = 80,
               .ip_protocol = 6,
               .protocol = tcp,
               .flags = wire::FLAG_PORTS});
    // 1: an answer
    auto row = maker.row({.time_ns = time + 1,
                          .source = host,
                          .destination = server,
                          .source_port = 5353,
                          .destination_port = 53,
                          .ip_protocol = 17,
                          .protocol = dns,
                          .flags = wire::FLAG_PORTS,
                          .cut_bytes = 40});
    maker.text("dns.question.name", row, "example.com");
    maker.text("dns.response_code", row, "NOERROR");
    maker.slot("dns.resolved_ip", row, server, true);
    maker.slot("dns.resolved_ip", row, six, true);
    // 2: a request
    row = maker.row({.time_ns = time + 2,
                     .source = host,
                     .destination = server,
                     .source_port = 12345,
                     .destination_port = 80,
                     .ip_protocol = 6,
                     .protocol = http,
                     .flags = wire::FLAG_PORTS});
    maker.text("http.request.method", row, "GET");
    maker.text("url.path", row, "/\x1b[2J\n2025-05-15 10:30:00 - forged");
    // 3: a response
    row = maker.row({.time_ns = time + 3,
                     .source = server,
                     .destination = host,
                     .source_port = 80,
                     .destination_port = 12345,
                     .ip_protocol = 6,
                     .protocol = http,
                     .flags = wire::FLAG_PORTS});
    maker.number("http.response.status_code", row, 404);
    // 4: no network address, malformed, no time
    maker.row({.time_ns = time + 4,
               .source_mac = mac,
               .destination_mac = bridge,
               .network = wire::NETWORK_NONE,
               .protocol = stp,
               .flags = wire::FLAG_MALFORMED | wire::FLAG_NO_TIME});
    // 5: in a tunnel, a hostile name
    row = maker.row({.time_ns = time + 5,
                     .source = six,
                     .destination = six,
                     .source_port = 4000,
                     .destination_port = 4789,
                     .network = wire::NETWORK_IPV6,
                     .ip_protocol = 17,
                     .protocol = dns,
                     .flags = wire::FLAG_PORTS});
    maker.text("dns.question.name", row, "a\x1b]0;x\x07\xff.b\\c");
    maker.text("packetsentry.tunnel.type", row, "gre", true);
    maker.text("packetsentry.tunnel.type", row, "vxlan", true);
    maker.slot("packetsentry.inner.source.ip", row, inner);
    maker.slot("packetsentry.inner.destination.ip", row, inner_peer);
    // 6: in a tunnel, whose text tells so itself
    row = maker.row({.time_ns = time + 6,
                     .source = six,
                     .destination = six,
                     .network = wire::NETWORK_IPV6,
                     .ip_protocol = 47,
                     .protocol = icmp});
    maker.text("packetsentry.detail", row, "gre 10.0.0.1 -> 10.0.0.2 echo request");
    maker.text("packetsentry.tunnel.type", row, "gre", true);
    // 7: nothing known at all
    maker.row({.time_ns = time + 7, .network = wire::NETWORK_NONE, .protocol = stp});
    // 8: after the clock was set back
    maker.row({.time_ns = time - 3'600'000'000'000,
               .network = wire::NETWORK_NONE,
               .protocol = stp,
               .flags = wire::FLAG_TIME_BACK});
    return maker.batch();
}

// Slots must ascend from call to call.
inline void add_address_name(wire::Batch& batch, std::uint32_t slot, std::string_view name,
                             wire::NameSource source) {
    batch.add_named(slot);
    batch.mutable_name()->append(name);
    batch.add_name_size(static_cast<std::uint32_t>(name.size()));
    batch.mutable_name_source()->push_back(static_cast<char>(source));
}

// With a name for 8.8.8.8, for 2001:db8::1, which a stranger has chosen to forge a line (its last character
// is a wide bracket), and for 10.0.0.2, which is inside of a tunnel.
inline wire::Batch named_sample_batch() {
    wire::Batch batch = sample_batch();
    add_address_name(batch, 2, "www.example", wire::NAME_SOURCE_DNS);
    add_address_name(batch, 3, "a) -> b\x1b\\\xEF\xBC\x89", wire::NAME_SOURCE_TLS);
    add_address_name(batch, 7, "inner.example", wire::NAME_SOURCE_HTTP);
    return batch;
}

}  // namespace packetsentry::ctl
