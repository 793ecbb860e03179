#include "daemon/capture/filter/packet_filter_program.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/unique_fd.h"
#include "daemon/capture/link_type.h"
#include "daemon/capture/live/kernel_filter.h"
#include "tests/support/packet_builder.h"

namespace packetsentry::capture {
namespace {

using base::PacketFilter;
using base::PacketKind;
using test::Bytes;
using test::PacketBuilder;
using Network = PacketKind::Network;

constexpr std::uint32_t kSnapshot = 262144;
constexpr std::uint32_t kUndecided = 1;

// How much of the frame passes: all, kUndecided, or nothing.
std::uint32_t verdict(const PacketFilter& filter, const Bytes& frame, std::uint32_t link_type) {
    const auto program = packet_filter_program(filter, link_type, kSnapshot, kUndecided);
    EXPECT_TRUE(program);
    EXPECT_TRUE(bpf_validate(program->data(), static_cast<int>(program->size())));
    const auto size = static_cast<u_int>(frame.size());
    return bpf_filter(program->data(), reinterpret_cast<const u_char*>(frame.data()), size, size);
}

bool passes(const PacketFilter& filter, const Bytes& frame, std::uint32_t link_type = 1) {
    const std::uint32_t passed = verdict(filter, frame, link_type);
    EXPECT_NE(passed, kUndecided);
    return passed == kSnapshot;
}

bool is_undecided(const PacketFilter& filter, const Bytes& frame, std::uint32_t link_type = 1) {
    return verdict(filter, frame, link_type) == kUndecided;
}

const PacketFilter kTcp{.kinds = {{.ip_protocol = 6}}};
const PacketFilter kUdp{.kinds = {{.ip_protocol = 17}}};
const PacketFilter kDns{.kinds = {{.ip_protocol = 17, .port = 53}, {.ip_protocol = 6, .port = 53}}};
const PacketFilter kIcmp6{.kinds = {{.network = Network::ipv6, .ip_protocol = 58}}};
const PacketFilter kArp{.kinds = {{.network = Network::arp}}};
const PacketFilter kIp{.kinds = {{.network = Network::ipv4}}};
const PacketFilter kIp6{.kinds = {{.network = Network::ipv6}}};

PacketFilter with_port(std::uint16_t port) {
    return {.port = port};
}

PacketFilter with_address(const char* text, int bits) {
    return {.address = base::AddressPrefix{*base::parse_ip(text), bits}};
}

// An Ethernet frame of a type that the builder does not know, and the first bytes behind its header.
PacketBuilder ethernet_of(std::uint16_t type, std::string_view digits) {
    return PacketBuilder().ethernet(test::kSourceMac, test::kDestinationMac, type).payload(test::hex(digits));
}

// What may stand before the network layer, each as it begins a frame.
struct Carrier {
    const char* name;
    std::uint32_t link_type;
    PacketBuilder (*begin)();
};

const std::vector<Carrier>& carriers() {
    static const std::vector<Carrier> all{
        {"Ethernet", 1, [] { return PacketBuilder().ethernet(); }},
        {"tag", 1, [] { return PacketBuilder().ethernet().vlan(30); }},
        {"two tags", 1, [] { return PacketBuilder().ethernet().vlan(30, 0x88A8).vlan(40); }},
        {"four tags", 1,
         [] { return PacketBuilder().ethernet().vlan(1, 0x9100).vlan(2, 0x9200).vlan(3).vlan(4); }},
        {"label", 1, [] { return PacketBuilder().ethernet().mpls({16}); }},
        {"tag and three labels", 1,
         [] {
             return PacketBuilder().ethernet().vlan(30).mpls({16, 17, 18});
         }},
        {"four labels", 1,
         [] {
             return PacketBuilder().ethernet().mpls({16, 17, 18, 19});
         }},
        {"E-Tag and tag", 1, [] { return ethernet_of(0x893F, "0000 1001 0000 8100").vlan(7); }},
        {"VN-Tag and tag", 1, [] { return ethernet_of(0x8926, "8001 0002 8100").vlan(7); }},
        {"E-Tag and three tags", 1,
         [] { return ethernet_of(0x893F, "0000 1001 0000 88A8").vlan(7).vlan(8).vlan(9); }},
        {"PPPoE", 1, [] { return PacketBuilder().ethernet().pppoe_session(); }},
        {"tag and PPPoE", 1, [] { return PacketBuilder().ethernet().vlan(7).pppoe_session(); }},
        {"SNAP", 1, [] { return PacketBuilder().ethernet_802_3().snap(); }},
        {"cooked", 113, [] { return PacketBuilder().linux_sll(); }},
        {"cooked with a tag", 113, [] { return PacketBuilder().linux_sll().vlan(30); }},
        {"cooked v2", 276, [] { return PacketBuilder().linux_sll2(3); }},
        {"cooked v2 with a tag", 276, [] { return PacketBuilder().linux_sll2(3).vlan(30); }},
        {"cooked v2 with PPPoE", 276, [] { return PacketBuilder().linux_sll2(3).pppoe_session(); }},
        {"raw", 101, [] { return PacketBuilder(); }},
        {"PPPoE alone", 51, [] { return PacketBuilder().pppoe_session(); }},
    };
    return all;
}

TEST(PacketFilterProgram, WhatCarriesTheNetworkLayerMakesNoDifference) {
    for (const Carrier& carrier : carriers()) {
        const auto check = [&](const PacketFilter& filter, PacketBuilder packet, bool passing) {
            EXPECT_EQ(passes(filter, packet.build(), carrier.link_type), passing) << carrier.name;
        };
        const auto begin = carrier.begin;
        check(kDns, begin().ipv4().udp(4000, 53), true);
        check(kDns, begin().ipv4().udp(53, 4000), true);
        check(kDns, begin().ipv4().tcp(4000, 53), true);
        check(kDns, begin().ipv4().udp(4000, 54), false);
        check(kDns, begin().ipv6().udp(4000, 53), true);
        check(kUdp, begin().ipv4().udp(1, 2), true);
        check(kUdp, begin().ipv4().tcp(1, 2), false);
        check(kTcp, begin().ipv6().tcp(1, 2), true);
        check(kIp, begin().ipv4().udp(1, 2), true);
        check(kIp, begin().ipv6().udp(1, 2), false);
        check(kIp6, begin().ipv6().udp(1, 2), true);
        check(kIcmp6, begin().ipv6().icmpv6(128, 0), true);
        check(kIcmp6, begin().ipv4().icmp(8, 0), false);
        check(with_port(4000), begin().ipv4().udp(4000, 53), true);
        check(with_port(4000), begin().ipv4().sctp(1, 4000), true);
        check(with_port(4001), begin().ipv4().udp(4000, 53), false);
        check(with_address("192.168.1.100", 32), begin().ipv4().udp(1, 2), true);
        check(with_address("8.8.0.0", 16), begin().ipv4().udp(1, 2), true);
        check(with_address("8.9.0.0", 16), begin().ipv4().udp(1, 2), false);
        check(with_address("2001:db8::2", 128), begin().ipv6().udp(1, 2), true);
        check(with_address("2001:db8::", 33), begin().ipv6().udp(1, 2), true);
        check(with_address("2001:db8:8000::", 33), begin().ipv6().udp(1, 2), false);
        check(with_address("2001:db8::2", 128), begin().ipv4().udp(1, 2), false);
        check(with_address("::", 0), begin().ipv6().udp(1, 2), true);
        check(with_address("::", 0), begin().ipv4().udp(1, 2), false);
    }
}

TEST(PacketFilterProgram, ArpIsWhatItAsksAbout) {
    const Bytes frame = PacketBuilder().ethernet().vlan(3).arp(1, "10.0.0.1", "10.0.0.2").build();
    EXPECT_TRUE(passes(kArp, frame));
    EXPECT_FALSE(passes(kIp, frame));
    EXPECT_TRUE(passes(with_address("10.0.0.1", 32), frame));
    EXPECT_TRUE(passes(with_address("10.0.0.2", 32), frame));
    EXPECT_FALSE(passes(with_address("10.0.0.3", 32), frame));
    EXPECT_FALSE(passes(with_port(1), frame));
    EXPECT_FALSE(passes(kArp, PacketBuilder().ethernet().ipv4().udp(1, 2).build()));
}

TEST(PacketFilterProgram, ExtensionHeadersMakeNoDifference) {
    const auto ipv6 = [] { return PacketBuilder().ethernet().ipv6(); };
    EXPECT_TRUE(passes(kDns, ipv6().hop_by_hop().udp(1, 53).build()));
    EXPECT_TRUE(passes(kDns, ipv6().hop_by_hop().destination_options().routing().udp(1, 53).build()));
    EXPECT_TRUE(passes(kDns, ipv6().authentication().tcp(1, 53).build()));
    EXPECT_TRUE(passes(kIcmp6, ipv6().hop_by_hop(test::hex("0502 0000")).icmpv6(143, 0).build()));
    EXPECT_TRUE(passes(kTcp, ipv6().destination_options(Bytes(100)).tcp(1, 2).build()));
    EXPECT_FALSE(passes(kUdp, ipv6().destination_options().tcp(1, 2).build()));
    EXPECT_TRUE(passes(kUdp, ipv6()
                                 .hop_by_hop()
                                 .ipv6_fragment(0, true, 1)
                                 .authentication()
                                 .destination_options()
                                 .udp(1, 2)
                                 .build()));
    EXPECT_TRUE(passes(kDns, PacketBuilder().ethernet().ipv4().authentication().udp(1, 53).build()));
}

// RFC 2675: the length stands in an option, and the header's own is 0. Linux sends such to itself (BIG TCP).
TEST(PacketFilterProgram, JumbogramsAreLikeOthers) {
    const Bytes frame = PacketBuilder()
                            .ethernet()
                            .ipv6("2001:db8::1", "2001:db8::2", {.payload_length = 0})
                            .hop_by_hop(test::hex("c204 0001118c"))
                            .tcp(4000, 53)
                            .payload(Bytes(70'000))
                            .build();
    EXPECT_TRUE(passes(kTcp, frame));
    EXPECT_TRUE(passes(kDns, frame));
    EXPECT_TRUE(passes(with_port(4000), frame));
    EXPECT_TRUE(passes(with_address("2001:db8::1", 128), frame));
    EXPECT_FALSE(passes(kUdp, frame));
    EXPECT_FALSE(passes(with_port(54), frame));
}

// A later fragment has its protocol's number, and its payload where the first one has the ports.
TEST(PacketFilterProgram, LaterFragmentsHaveNoPorts) {
    const Bytes payload = test::hex("0035 0035 0008 0000");
    const Bytes later = PacketBuilder()
                            .ethernet()
                            .ipv4("10.0.0.1", "10.0.0.2", {.fragment_offset = 8, .protocol = 17})
                            .payload(payload)
                            .build();
    EXPECT_TRUE(passes(kUdp, later));
    EXPECT_FALSE(passes(kDns, later));
    EXPECT_FALSE(passes(with_port(53), later));
    const Bytes later6 =
        PacketBuilder().ethernet().ipv6().ipv6_fragment(8, false, 7, 17).payload(payload).build();
    EXPECT_TRUE(passes(kUdp, later6));
    EXPECT_FALSE(passes(kDns, later6));
    const Bytes first6 = PacketBuilder().ethernet().ipv6().ipv6_fragment(0, true, 7).udp(1, 53).build();
    EXPECT_TRUE(passes(kDns, first6));
}

TEST(PacketFilterProgram, PartsAreAllAskedFor) {
    const PacketFilter all{
        .kinds = kDns.kinds, .address = with_address("192.168.1.100", 32).address, .port = 4000};
    EXPECT_TRUE(passes(all, PacketBuilder().ethernet().ipv4().udp(4000, 53).build()));
    EXPECT_FALSE(passes(all, PacketBuilder().ethernet().ipv4().udp(4001, 53).build()));
    EXPECT_FALSE(passes(all, PacketBuilder().ethernet().ipv4().udp(4000, 54).build()));
    EXPECT_FALSE(passes(all, PacketBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(4000, 53).build()));
    // Without ports there is none to have.
    const PacketFilter icmp{.kinds = kIcmp6.kinds, .port = 1};
    EXPECT_FALSE(passes(icmp, PacketBuilder().ethernet().ipv6().icmpv6(128, 0, 0x10001).build()));
    // A kind without a port takes what another names a port of.
    const PacketFilter wider{.kinds = {{.ip_protocol = 17, .port = 53}, {.ip_protocol = 17}}};
    EXPECT_TRUE(passes(wider, PacketBuilder().ethernet().ipv4().udp(1, 2).build()));
}

TEST(PacketFilterProgram, WhatIsCutShortDoesNotPassAndHarmsNothing) {
    const Bytes frame = PacketBuilder().ethernet().vlan(3).mpls({16}).ipv6().hop_by_hop().udp(1, 53).build();
    for (std::size_t size = 0; size < frame.size(); ++size)
        EXPECT_EQ(passes(kDns, test::cut(frame, size)), size >= 14 + 4 + 4 + 40 + 8 + 4) << size;
}

TEST(PacketFilterProgram, BrokenHeadersHaveNoTransport) {
    for (const std::uint8_t version : {std::uint8_t{3}, std::uint8_t{5}}) {
        const Bytes frame =
            PacketBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2", {.version = version}).udp(1, 53).build();
        EXPECT_TRUE(passes(kIp, frame));
        EXPECT_FALSE(passes(kUdp, frame));
        EXPECT_FALSE(passes(with_address("10.0.0.1", 32), frame));
    }
    const Bytes too_short =
        PacketBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2", {.header_words = 4}).udp(1, 53).build();
    EXPECT_FALSE(passes(kUdp, too_short));
    EXPECT_FALSE(
        passes(kUdp, PacketBuilder().ethernet().ipv6("::1", "::2", {.version = 5}).udp(1, 53).build()));
}

// The dissector decides on these (daemon/worker/own_options.h).
TEST(PacketFilterProgram, WhatOnlyTheDissectorCanReadIsUndecided) {
    const Bytes inner = PacketBuilder().ethernet().ipv4().udp(1, 53).build();
    const Bytes inner_like_ip =
        PacketBuilder().ethernet("6c:40:08:6a:6b:6c", "4a:1b:21:5a:5b:5c").ipv6().udp(1, 53).build();
    const auto around = [](PacketBuilder outer, const Bytes& frame) { return outer.payload(frame).build(); };
    const auto ipv6 = [] { return PacketBuilder().ethernet().ipv6(); };
    struct Case {
        const char* name;
        Bytes frame;
        std::uint32_t link_type = 1;
    };
    const std::vector<Case> cases{
        {"FabricPath", around(ethernet_of(0x8903, "0060"), inner)},
        {"PBB", around(ethernet_of(0x88E7, "00000007"), inner)},
        {"NSH", ethernet_of(0x894F, "0fc20201000010ff").ipv4().udp(1, 53).build()},
        {"bridged Ethernet", around(ethernet_of(0x6558, ""), inner)},
        {"pseudowire", around(PacketBuilder().ethernet().mpls({16}), inner)},
        {"pseudowire with a control word",
         around(PacketBuilder().ethernet().mpls({16}).payload(test::hex("00000000")), inner)},
        {"pseudowire with a MAC address like IP",
         around(PacketBuilder().ethernet().mpls({16}), inner_like_ip)},
        {"five tags",
         PacketBuilder().ethernet().vlan(1).vlan(2).vlan(3).vlan(4).vlan(5).ipv4().udp(1, 53).build()},
        {"five labels", PacketBuilder().ethernet().mpls({16, 17, 18, 19, 20}).ipv4().udp(1, 53).build()},
        {"five extension headers", ipv6()
                                       .hop_by_hop()
                                       .destination_options()
                                       .routing()
                                       .authentication()
                                       .destination_options()
                                       .udp(1, 53)
                                       .build()},
        {"SNAP with a tag", PacketBuilder().ethernet_802_3().snap().vlan(3).ipv4().udp(1, 53).build()},
        {"SNAP with a frame", around(PacketBuilder().ethernet_802_3().snap(0x0080C2, 7), inner)},
        {"cooked radiotap",
         PacketBuilder()
             .linux_sll2(3, 4, test::kSourceMac, 803)
             .radiotap()
             .ieee80211_data()
             .snap()
             .ipv4()
             .udp(1, 53)
             .build(),
         276},
        {"Cisco HDLC in place of PPP",
         PacketBuilder().payload(test::hex("0f000800")).ipv4().udp(1, 53).build(), 50},
    };
    for (const Case& one : cases) EXPECT_TRUE(is_undecided(kDns, one.frame, one.link_type)) << one.name;
}

TEST(PacketFilterProgram, OtherLinkTypesHaveNone) {
    // Token Ring, FDDI, Cisco HDLC, Wi-Fi, frame relay, radiotap, PPI, NFLOG, and a number that nobody uses.
    for (const std::uint32_t link_type : {6U, 10U, 104U, 105U, 107U, 127U, 192U, 239U, 4000U}) {
        EXPECT_FALSE(packet_filter_program(kDns, link_type, kSnapshot, kUndecided)) << link_type;
        EXPECT_FALSE(has_packet_filter_program(link_type)) << link_type;
    }
    for (const Carrier& carrier : carriers())
        EXPECT_TRUE(has_packet_filter_program(carrier.link_type)) << carrier.name;
}

// The kernel checks more than libpcap's interpreter: each word of the scratch memory is to be written before.
TEST(PacketFilterProgram, TheKernelTakesIt) {
    const base::UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const PacketFilter long_one{.kinds = {{.ip_protocol = 6, .port = 443},
                                          {.ip_protocol = 6, .port = 853},
                                          {.ip_protocol = 17, .port = 443},
                                          {.ip_protocol = 132}},
                                .address = with_address("2001:db8::2", 127).address,
                                .port = 443};
    for (const PacketFilter& filter : {kTcp, kDns, kIcmp6, kArp, kIp, kIp6, with_port(53), long_one}) {
        for (const std::uint32_t link_type : {1U, 113U, 276U, 101U, 0U, 9U, 50U, 51U, 228U, 229U}) {
            auto program = packet_filter_program(filter, link_type, kSnapshot, kSnapshot);
            ASSERT_TRUE(program);
            const bpf_program whole{static_cast<u_int>(program->size()), program->data()};
            auto in_kernel = kernel_filter(whole, dlt_of(link_type));
            ASSERT_TRUE(in_kernel) << in_kernel.error().message;
            const auto attached = attach(socket.get(), *in_kernel);
            EXPECT_TRUE(attached) << attached.error().message;
            // Eight captures of one user on an interface are not to be refused for their length.
            EXPECT_LT(in_kernel->size(), 4096U / 8);
        }
    }
}

}  // namespace
}  // namespace packetsentry::capture
