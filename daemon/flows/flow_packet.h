// What a flow takes from a packet, and how that is read from its dissection.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "daemon/dissect/dissection.h"
#include "daemon/flows/flow_key.h"
#include "daemon/flows/tcp_segment.h"

namespace packetsentry::flows {

struct FlowPacket {
    FlowTuple tuple = {};
    std::int64_t time_ns = 0;
    std::uint64_t number = 0;           // of the packet's row
    std::uint32_t interface = 0;        // on which it came, among those of the capture
    std::uint32_t interface_index = 0;  // of the system, where the frame tells it; else 0
    std::uint32_t ip_bytes = 0;         // on the wire, with the IP header
    std::uint32_t payload_bytes = 0;    // on the wire, behind the header of UDP or ICMP, or of IP for others
    // A later fragment: its bytes count, and nothing else is known of it.
    bool fragment = false;
    std::optional<TcpSegment> tcp = {};
    const dissect::Protocol* protocol = nullptr;  // of the application; null: none was recognised
};

// Later fragments have no ports. They belong to the flow of the first fragment, if that was seen shortly
// before.
class FlowPacketReader {
  public:
    // Nothing if the packet belongs to no flow: it has no IP header that could be read, or its ports are not
    // known. number: of its row. The interface of the capture is left to the caller.
    [[nodiscard]] std::optional<FlowPacket> read(const dissect::Dissection& dissection, std::int64_t time_ns,
                                                 std::uint64_t number);

  private:
    struct FragmentKey {
        base::Address source = {};
        base::Address destination = {};
        std::uint32_t id = 0;
        std::uint8_t ip_protocol = 0;

        bool operator==(const FragmentKey& other) const = default;
    };
    struct FirstFragment {
        FragmentKey key;
        std::uint16_t source_port = 0;
        std::uint16_t destination_port = 0;
    };
    [[nodiscard]] static FragmentKey fragment_key(const dissect::Dissection& dissection);
    [[nodiscard]] FirstFragment& place_of(const FragmentKey& key);
    [[nodiscard]] bool read_ports(const dissect::Dissection& dissection, FlowPacket& packet);

    std::array<FirstFragment, 256> fragments_{};  // a new one takes the place of an old one
};

}  // namespace packetsentry::flows
