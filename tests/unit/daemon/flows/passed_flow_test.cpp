// Flows that one table gives away and another one adopts.
#include "daemon/flows/passed_flow.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "daemon/flows/flow_table.h"
#include "tests/unit/daemon/flows/flow_builder.h"

namespace packetsentry::flows {
namespace {

constexpr dissect::Protocol kService{.word = "TLS", .name = "tls"};
constexpr std::array<std::uint32_t, 3> kSameInterfaces{0, 1, 2};
// Many tables are made here.
const FlowTable::Limits kSmall{.bytes = FlowTable::bytes_of(20)};

class Told : public FlowSink {
  public:
    void flow(const Flow& flow, FlowReason reason) override {
        std::ostringstream line;
        line << flow.originator().port << ' ' << static_cast<int>(reason) << ' ' << to_string(flow.state())
             << ' ' << flow.history().text() << ' ' << flow.begin_ns() << '-' << flow.end_ns() << ' '
             << flow.data_bytes(true) << '/' << flow.data_bytes(false) << ' ' << flow.counts(true).packets
             << '/' << flow.counts(false).packets << ' ' << flow.counts(false).ip_bytes << ' '
             << flow.highest_rate().value_or(0) << ' ' << community_id(flow.community());
        if (flow.parent() != nullptr) line << " in " << community_id(*flow.parent());
        for (const dissect::Protocol* const service : flow.services()) line << ' ' << service->name;
        for (std::size_t i = 0; flow.names() != nullptr && i < flow.names()->size(); ++i)
            line << ' ' << to_string(flow.names()->source(i)) << ':' << flow.names()->text(i);
        if (flow.tcp() != nullptr) line << " rtt " << flow.tcp()->responder_rtt_ns().value_or(-1);
        interfaces.push_back(flow.interface());
        lost.push_back(flow.lost_since(1000));
        lines.push_back(line.str());
    }
    std::vector<std::string> lines;
    std::vector<std::uint32_t> interfaces;
    std::vector<std::uint32_t> lost;
};

// A connection with a name, a retransmission and a hole; datagrams of three hosts; a tunnel.
std::vector<FlowPacket> some_packets() {
    static const FlowTuple tunnel = tuple(IPPROTO_UDP, end("198.51.100.1", 4000), end("198.51.100.2", 4789));
    std::vector<FlowPacket> all{
        tcp_packet(true, segment("S", kClientFirst, 0)),
        tcp_packet(false, segment("SA", kServerFirst, kClientFirst + 1)),
        tcp_packet(true, segment("A", kClientFirst + 1, kServerFirst + 1)),
        tcp_packet(true, segment("A", kClientFirst + 1, kServerFirst + 1, 300)),
        packet(tuple(IPPROTO_UDP, {kClient.address, 2000}, kServer), 20),
        tcp_packet(false, segment("A", kServerFirst + 1, kClientFirst + 301, 100)),
        tcp_packet(false, segment("A", kServerFirst + 301, kClientFirst + 301, 100)),
        packet(tuple(IPPROTO_UDP, kServer, {kClient.address, 2000}), 30),
        tcp_packet(false, segment("A", kServerFirst + 1, kClientFirst + 301, 100)),
        packet(tuple(IPPROTO_UDP, end("2001:db8::1", 3000), end("2001:db8::2", 53)), 20),
        tcp_packet(true, segment("A", kClientFirst + 301, kServerFirst + 201)),
        packet(tuple(IPPROTO_ICMP, {kClient.address, 8}, {kServer.address, 0}), 56),
        tcp_packet(false, segment("FA", kServerFirst + 401, kClientFirst + 301)),
        tcp_packet(true, segment("FA", kClientFirst + 301, kServerFirst + 402)),
        tcp_packet(false, segment("A", kServerFirst + 402, kClientFirst + 302)),
    };
    all[3].protocol = &kService;
    all[3].called = {.source = NameSource::tls, .text = "printer.example"};
    all[9].parent = &tunnel;
    std::int64_t time = 0;
    for (FlowPacket& made : all) {
        made.time_ns = time += 600 * kMillisecond;
        if (made.tcp) made.tcp->time_ns = made.time_ns;
        made.interface = 1;
        made.lost_before = 10;
    }
    return all;
}

void take(FlowTable& table, std::span<const FlowPacket> packets) {
    for (const FlowPacket& packet : packets) (void)table.take(packet, packet.time_ns);
}

std::string all_of(FlowTable& table, std::uint64_t lost = 0) {
    std::string passed;
    while (!table.give_away(passed, passed.size() + 1, lost)) EXPECT_LT(passed.size(), 100'000U);
    EXPECT_EQ(table.flows(), 0U);
    return passed;
}

std::vector<std::string> sorted(std::vector<std::string> lines) {
    std::ranges::sort(lines);
    return lines;
}

TEST(PassedFlow, GoesOnAsIfThereHadBeenOneTable) {
    const auto packets = some_packets();
    const std::int64_t later = packets.back().time_ns + kSecond;
    Told whole;
    FlowTable alone(kSmall, {}, 1, whole);
    take(alone, packets);
    alone.advance(later);
    alone.finish();
    ASSERT_EQ(whole.lines.size(), 4U);
    for (std::size_t cut = 0; cut <= packets.size(); ++cut) {
        Told told;
        FlowTable first(kSmall, {}, 2, told);
        FlowTable second(kSmall, {}, 3, told);
        take(first, std::span(packets).first(cut));
        const std::int64_t now = cut == 0 ? 0 : packets[cut - 1].time_ns;
        ASSERT_TRUE(second.adopt(all_of(first), kSameInterfaces, 0, now));
        second.settle();
        EXPECT_TRUE(told.lines.empty()) << "what is given away is not shown";
        take(second, std::span(packets).subspan(cut));
        second.advance(later);
        second.finish();
        EXPECT_EQ(sorted(told.lines), sorted(whole.lines)) << "passed on before packet " << cut;
    }
}

TEST(PassedFlow, IsShownWhileItLastsWhenItWouldHaveBeen) {
    Told told;
    FlowTable first(kSmall, {}, 2, told);
    FlowTable second(kSmall, {}, 3, told);
    const auto udp = [](std::uint16_t port, std::int64_t seconds) {
        return packet(tuple(IPPROTO_UDP, {kClient.address, port}, kServer), 1, seconds * kSecond);
    };
    // By classes, the connection comes last; by age, first.
    FlowPacket connection = tcp_packet(true, segment("A", 1, 1, 10));
    (void)first.take(connection, 0);
    for (std::int64_t second_of = 10; second_of <= 290; second_of += 10)
        (void)first.take(udp(7, second_of), second_of * kSecond);
    ASSERT_TRUE(second.adopt(all_of(first), kSameInterfaces, 0, 290 * kSecond));
    second.settle();
    second.advance(300 * kSecond);
    ASSERT_EQ(told.lines.size(), 1U);
    EXPECT_EQ(told.interfaces[0], 0U);
    EXPECT_NE(told.lines[0].find("OTH"), std::string::npos) << told.lines[0];
    second.advance(310 * kSecond);
    EXPECT_EQ(told.lines.size(), 2U);
}

TEST(PassedFlow, FindsItsInterfaceAndItsLosses) {
    Told told;
    FlowTable first(kSmall, {}, 2, told);
    FlowTable second(kSmall, {}, 3, told);
    take(first, some_packets());
    const std::array<std::uint32_t, 2> others{9, 5};
    ASSERT_TRUE(second.adopt(all_of(first, 13), others, 998, 20 * kSecond));
    second.finish();
    for (const std::uint32_t interface : told.interfaces) EXPECT_EQ(interface, 5U);
    for (const std::uint32_t lost : told.lost) EXPECT_EQ(lost, 3U + 2U) << "3 there, and 2 of 1000 here";
}

TEST(PassedFlow, GoesOnWithoutAnInterfaceThatHasGone) {
    Told told;
    FlowTable first(kSmall, {}, 2, told);
    FlowTable second(kSmall, {}, 3, told);
    FlowTable third(kSmall, {}, 4, told);
    take(first, some_packets());
    ASSERT_TRUE(second.adopt(all_of(first), {}, 0, 0));
    ASSERT_TRUE(third.adopt(all_of(second), kSameInterfaces, 0, 0));
    third.finish();
    ASSERT_EQ(told.interfaces.size(), 4U);
    for (const std::uint32_t interface : told.interfaces) EXPECT_EQ(interface, kNoInterface);
}

TEST(PassedFlow, EndsInItsTimeHoweverOftenItIsPassedOn) {
    Told told;
    std::optional<FlowTable> table(std::in_place, kSmall, FlowTimes(), 2, told);
    const auto udp = [](std::uint16_t port) {
        return packet(tuple(IPPROTO_UDP, {kClient.address, port}, kServer), 1);
    };
    (void)table->take(udp(1), 0);
    (void)table->take(udp(2), 0);
    for (std::int64_t second = 1; second <= 70; ++second) {
        (void)table->take(udp(1), second * kSecond);  // it stands before the other one
        const std::string passed = all_of(*table);
        table.emplace(kSmall, FlowTimes(), 3, told);
        ASSERT_TRUE(table->adopt(passed, kSameInterfaces, 0, second * kSecond));
        table->settle();
        table->advance(second * kSecond);
    }
    ASSERT_EQ(told.lines.size(), 1U);
    EXPECT_TRUE(told.lines[0].starts_with("2 ")) << told.lines[0];
}

TEST(StateReader, HasNothingOfWhatIsOutOfItsRange) {
    const std::string bytes(300, '\xff');
    StateReader reader(bytes);
    std::uint8_t count = 1;
    reader.within<std::uint8_t>(count, 0, 4);
    EXPECT_EQ(count, 0U);
    EXPECT_FALSE(reader.good());
    StateReader of_coverage(bytes);
    StreamCoverage coverage;
    coverage.pass(of_coverage);
    EXPECT_FALSE(of_coverage.good());
    EXPECT_EQ(coverage.end(), 0U);
    StateReader of_history(bytes);
    FlowHistory history;
    history.pass(of_history);
    EXPECT_TRUE(history.text().empty());
}

TEST(PassedFlow, ThatIsDamagedIsNone) {
    Told told;
    FlowTable first(kSmall, {}, 2, told);
    take(first, some_packets());
    const std::string passed = all_of(first);
    std::size_t whole = 0;
    for (std::size_t size = 0; size <= passed.size(); ++size) {
        FlowTable second(kSmall, {}, 3, told);
        if (second.adopt(std::string_view(passed).substr(0, size), kSameInterfaces, 0, 0)) ++whole;
        second.settle();
        second.finish();
    }
    EXPECT_EQ(whole, 5U) << "it ends behind one of the four, or before all";
    for (std::size_t at = 0; at < passed.size(); ++at) {
        for (const char other : {'\0', '\x7f', '\xff'}) {
            std::string damaged = passed;
            damaged[at] = other;
            FlowTable second(kSmall, {}, 3, told);
            (void)second.adopt(damaged, kSameInterfaces, 0, 0);
            second.settle();
            take(second, some_packets());
            second.finish();
            EXPECT_EQ(second.flows(), 0U);
        }
    }
}

TEST(PassedFlow, ComesOnceAndOnlyWhereThereIsRoom) {
    Told told;
    FlowTable first(kSmall, {}, 2, told);
    take(first, some_packets());
    const std::string passed = all_of(first);
    FlowTable second(kSmall, {}, 3, told);
    ASSERT_TRUE(second.adopt(passed + passed, kSameInterfaces, 0, 0));
    EXPECT_EQ(second.flows(), 4U);
    FlowTable small({.bytes = FlowTable::bytes_of(2)}, {}, 3, told);
    ASSERT_TRUE(small.adopt(passed, kSameInterfaces, 0, 0));
    EXPECT_EQ(small.flows(), 2U);
}

TEST(PassedFlow, DoesNotLiveForEverByItsAge) {
    Told told;
    FlowTable first(kSmall, {}, 2, told);
    const auto udp = packet(tuple(IPPROTO_UDP, kClient, kServer), 1);
    (void)first.take(udp, 1'000'000 * kSecond);  // by a clock that is ahead of the other one
    FlowTable second(kSmall, {}, 3, told);
    ASSERT_TRUE(second.adopt(all_of(first), kSameInterfaces, 0, 100 * kSecond));
    second.settle();
    second.advance(160 * kSecond);
    EXPECT_EQ(second.flows(), 0U);
}

TEST(PassedServices, AreFewAndPrintable) {
    PassedServices services;
    const auto* const first = services.find_or_add("TLS", "tls");
    ASSERT_NE(first, nullptr);
    EXPECT_EQ(first->word, "TLS");
    EXPECT_EQ(services.find_or_add("TLS", "tls"), first);
    for (const char* const name : {"", "with space", "\n", "a-name-that-is-longer-than-any-protocol-has"})
        EXPECT_EQ(services.find_or_add("X", name), nullptr) << name;
    for (std::size_t i = 1; i < PassedServices::kLimit; ++i)
        EXPECT_NE(services.find_or_add("X", "x" + std::to_string(i)), nullptr);
    EXPECT_EQ(services.find_or_add("X", "one-more"), nullptr);
}

}  // namespace
}  // namespace packetsentry::flows
