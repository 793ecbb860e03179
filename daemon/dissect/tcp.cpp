#include "daemon/dissect/tcp.h"

#include <algorithm>
#include <array>

#include "daemon/dissect/application/application.h"
#include "daemon/dissect/option_list.h"
#include "daemon/dissect/tcp_options.h"
#include "proto/rows/tcp_flags.h"

namespace packetsentry::dissect {
namespace {

// What the line says of most segments is in the header's own fields, so no text is put together for them.
constexpr Protocol kTcp{.word = "TCP", .shows_ports = true, .detail = kDetailOnly};
constexpr std::array kHeaderDetail{&field("packetsentry.tcp.flags"),
                                   &field("packetsentry.tcp.payload_bytes")};
constexpr Protocol kTcpByHeader{.word = "TCP", .shows_ports = true, .detail = kHeaderDetail};

constexpr std::size_t kTcpFixedSize = 20, kPortsSize = 4;
constexpr std::uint16_t kFlags = 0x0FFF;
constexpr std::size_t kMostPayload = 0xFFFF;  // that a row can tell

// The fixed part, behind the ports.
using Header = FixedHeader<kTcpFixedSize - kPortsSize>;

void note_header(const Header& header, Dissection& out) {
    out.headers.tcp_sequence = header.u32<0>();
    out.headers.tcp_acknowledgement = header.u32<4>();
    out.headers.tcp_flags = kTcpHeader | (header.u16<8>() & kFlags);
    out.headers.tcp_window = header.u16<10>();
}

void note_payload(std::size_t payload, Dissection& out) {
    out.incomplete |= payload > kMostPayload;
    out.headers.tcp_payload_bytes = static_cast<std::uint16_t>(std::min(payload, kMostPayload));
}

void add_detail(std::uint8_t flags, std::size_t payload, Walk& walk) {
    const bool in_header = !walk.tunnelled() && !walk.in_tunnel() && payload <= kMostPayload;
    if (in_header) {
        walk.out.protocol = &kTcpByHeader;
        return;
    }
    const std::string_view text = rows::bracketed_tcp_flags(flags);
    if (payload != 0)
        walk.detail(text, " ", std::uint64_t{payload}, " bytes");
    else if (walk.tunnelled())
        walk.detail(text);
    else
        walk.out.add(kDetail, text);
}

void read_payload(Cursor payload, std::uint16_t source_port, std::uint16_t destination_port, Walk& walk) {
    if (payload.empty()) return;
    dissect_application(Carrier::tcp, source_port, destination_port, payload, walk.out);
    walk.enter(walk.out.protocol == &kTcp ? LayerName::data : LayerName::by_protocol);
}

}  // namespace

// The ports alone are worth having where the rest is cut off.
Layer dissect_tcp(Cursor& bytes, Walk& walk) {
    const auto ports = bytes.header<kPortsSize>();
    walk.check(bytes);
    walk.understood(kTcp, LayerName::tcp);
    if (bytes.failed()) return {};
    const std::uint16_t source_port = ports.u16<0>(), destination_port = ports.u16<2>();
    walk.enter_ports(source_port, destination_port);
    if (!bytes.has(kTcpFixedSize - kPortsSize)) walk.header_ends(bytes);
    const Header header = bytes.header<kTcpFixedSize - kPortsSize>();
    walk.check(bytes);
    if (bytes.failed()) return {};
    const std::size_t size = (header.u8<8>() >> 4) * 4U;
    if (size < kTcpFixedSize) walk.stop_keeping();
    walk.note(Layout::Kind::checksum, header.take<12, 2>());
    walk.header_ends(bytes);
    // A tunnel's packet is inside of another one. The record's header is the first.
    const bool is_first = walk.out.headers.tcp_flags == 0;
    if (is_first) note_header(header, walk.out);
    if (size < kTcpFixedSize) {
        walk.out.malformed = true;
        return {};
    }
    // From what the headers say, with the part of the options that the snapshot length may have cut off.
    const std::size_t behind_fixed = bytes.remaining_on_wire();
    const std::size_t payload = behind_fixed - std::min(behind_fixed, size - kTcpFixedSize);
    if (is_first) note_payload(payload, walk.out);
    if (size > kTcpFixedSize) {
        const Cursor options = bytes.sub(size - kTcpFixedSize);
        walk.note(Layout::Kind::tcp_options, options.left());
        if (is_first)
            read_tcp_options(options, walk);
        else
            check_option_list(options, walk);
    }
    walk.check(bytes);
    walk.payload_begins(bytes);
    if (is_first) walk.out.tcp_payload = bytes.left();
    read_payload(bytes.rest(), source_port, destination_port, walk);
    if (walk.out.protocol == &kTcp) add_detail(header.u8<9>(), payload, walk);
    return {};
}

}  // namespace packetsentry::dissect
