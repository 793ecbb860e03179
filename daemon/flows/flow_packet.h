// What a flow takes from a packet, and how that is read from its dissection.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "daemon/dissect/dissection.h"
#include "daemon/flows/called_name.h"
#include "daemon/flows/tcp_segment.h"
#include "proto/flows/flow_key.h"

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
    // The application's, or that of the tunnel over UDP which it carries; null: none was recognised.
    const dissect::Protocol* protocol = nullptr;
    // The tuple of the packet that carries this one in a tunnel; null: none does. It lives as long as the
    // span that read_levels() returns.
    const FlowTuple* parent = nullptr;
    // By which it calls its destination. It lives as long as the dissection's texts.
    CalledName called = {};
    std::uint64_t lost_before = 0;  // packets that the capture itself had lost (OwnLosses)
};

// Later fragments have no ports. They belong to the flow of the first fragment, if that was seen shortly
// before.
class FlowPacketReader {
  public:
    static constexpr std::size_t kLevels = 1 + dissect::Dissection::kInnerLimit;

    // A packet in tunnels belongs to a flow at each level: between the ends of the tunnel, and between those
    // of whom it carries. The outermost comes first. A level is left out if it belongs to no flow: its IP
    // header could not be read, or its ports are not known. number: of the packet's row. The interface of the
    // capture, and its losses, are left to the caller. The span lives until the next call.
    [[nodiscard]] std::span<FlowPacket> read_levels(const dissect::Dissection& dissection,
                                                    std::int64_t time_ns, std::uint64_t number);
    // The outermost level alone.
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
    // The innermost level is that of the headers above IP.
    struct Level {
        const dissect::Dissection& dissection;
        dissect::InnerNetwork network;
        bool is_innermost;
    };
    [[nodiscard]] static Level outermost(const dissect::Dissection& dissection);
    [[nodiscard]] bool read_level(const Level& level, FlowPacket& packet);
    [[nodiscard]] bool read_ports(const Level& level, FlowPacket& packet);
    [[nodiscard]] static FragmentKey fragment_key(const dissect::InnerNetwork& network);
    [[nodiscard]] FirstFragment& place_of(const FragmentKey& key);

    std::array<FirstFragment, 256> fragments_{};  // a new one takes the place of an old one
    std::array<FlowPacket, kLevels> packets_{};
};

}  // namespace packetsentry::flows
