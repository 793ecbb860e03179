// One packet, dissected and put into words, so that a test compares a few strings.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/dissect/dissect.h"
#include "tests/support/packet_builder.h"

namespace packetsentry::dissect {

struct PacketReading {
    std::string ends;     // "ipv4 17 10.0.0.1:4000 -> 10.0.0.2:53"; "none" without a network layer
    std::string macs;     // "02-00-00-00-00-01 -> 02-00-00-00-00-02"
    std::string summary;  // as the client prints it
    std::string fields;   // "mpls.label=1,2 dns.id=8", without packetsentry.detail, which is in the summary
    bool has_detail = false;  // a text was put together for packetsentry.detail
    std::string word;
    std::string layers;  // "eth:ethertype:ip:tcp"
    std::uint16_t ethertype = 0;
    HeaderFields headers = {};
    bool malformed = false;
    bool incomplete = false;
    std::uint32_t interface_index = 0;
};

// wire_bytes: as long as the frame unless told.
[[nodiscard]] PacketReading read_packet(const test::Bytes& frame, std::uint32_t link_type = 1,
                                        std::optional<std::size_t> wire_bytes = {});

}  // namespace packetsentry::dissect
