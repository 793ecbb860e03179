// Messages of DNS as clients and servers send them, and packets with them.
#pragma once

#include <cstdint>
#include <string_view>

#include "tests/support/dns_answer.h"
#include "tests/support/packet_builder.h"

namespace packetsentry::test {

struct DnsMessage {
    std::uint16_t id = 1;
    std::string_view name = "www.example";  // empty: the message asks nothing
    std::uint16_t type = kDnsA;
    bool answer = false;
    std::uint8_t code = 0;          // of an answer
    std::string_view address = {};  // hex digits of an IPv4 address in the answer; empty: no record

    [[nodiscard]] Bytes bytes() const {
        const auto flags = static_cast<std::uint16_t>(answer ? 0x8180 | code : 0x0100);
        const std::uint16_t questions = name.empty() ? 0 : 1, records = address.empty() ? 0 : 1;
        const Bytes question =
            name.empty() ? Bytes{} : join({dns_name(name), big_endian(type, 2), hex("0001")});
        const Bytes record = address.empty()
                                 ? Bytes{}
                                 : join({dns_name(name), hex("0001 0001 0000003C"), sized(hex(address), 2)});
        return join({big_endian(id, 2), big_endian(flags, 2), big_endian(questions, 2),
                     big_endian(records, 2), hex("0000 0000"), question, record});
    }
};

struct DnsEnds {
    std::string_view client = "192.0.2.1";
    std::string_view server = "192.0.2.53";
    std::uint16_t client_port = 40000;
    std::uint16_t server_port = 53;
};

// A question goes from the client to the server, an answer comes back.
[[nodiscard]] inline Bytes dns_frame(const DnsMessage& message, const DnsEnds& ends = {}) {
    PacketBuilder packet;
    packet.ethernet();
    if (message.answer)
        packet.ipv4(ends.server, ends.client).udp(ends.server_port, ends.client_port);
    else
        packet.ipv4(ends.client, ends.server).udp(ends.client_port, ends.server_port);
    return packet.payload(message.bytes()).build();
}

}  // namespace packetsentry::test
