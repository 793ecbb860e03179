#include "daemon/capture/filter/filter_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>

namespace packetsentry::capture {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

constexpr std::uint32_t kEthernetLink = 1;
constexpr std::uint32_t kRaw = 101;
constexpr std::uint32_t kSnapshotLength = 262144;

struct Message {
    const char* expression;
    const char* complaint;  // part of libpcap's
    const char* place;
};

class FilterMessages : public testing::TestWithParam<Message> {};

TEST_P(FilterMessages, TellWhatAndWhere) {
    const auto& [expression, complaint, place] = GetParam();
    const auto filter = FilterProgram::compile(expression, kEthernetLink, kSnapshotLength);
    ASSERT_FALSE(filter);
    EXPECT_EQ(filter.error().code, base::ErrorCode::filter);
    const std::string& message = filter.error().message;
    EXPECT_THAT(message, testing::StartsWith("bad filter '" + std::string(expression) + "': "));
    EXPECT_THAT(message, HasSubstr(complaint));
    EXPECT_THAT(message, EndsWith(place));
    EXPECT_EQ(message.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FilterMessages,
    testing::Values(
        Message{"tcp prot 80", "syntax error", ", at 'prot' (character 5)"},
        Message{"foo", "syntax error", ", at 'foo' (character 1)"},
        Message{"tcp)", "syntax error", ", at ')' (character 4)"},
        Message{"tcp && && udp", "syntax error", ", at '&&' (character 8)"},
        Message{"tcp port 80 udp", "syntax error", ", at 'udp' (character 13)"},
        Message{"(tcp port 80) and (hst 10.0.0.1)", "names are not looked up",
                " in place of 'hst' (character 20)"},
        Message{"tcp $ udp", "syntax error", ", at '$' (character 5)"},
        Message{"vlan x", "syntax error", ", at 'x' (character 6)"},
        Message{"portrange 5-", "syntax error", ", at '5-' (character 11)"},
        Message{"host", "syntax error", ", at the end"}, Message{"tcp port", "syntax error", ", at the end"},
        Message{"tcp and", "syntax error", ", at the end"}, Message{"(tcp", "syntax error", ", at the end"},
        Message{"ip[0", "syntax error", ", at the end"}, Message{"ip[0] >", "syntax error", ", at the end"},
        Message{"len >", "syntax error", ", at the end"}, Message{"not", "syntax error", ", at the end"},
        Message{"ether host", "syntax error", ", at the end"},
        Message{"port http80", "names are not looked up; write the number",
                " in place of 'http80' (character 6)"},
        Message{"udp or port http80", "names are not looked up; write the number",
                " in place of 'http80' (character 13)"},
        Message{"port 99999", "illegal port number", ", at '99999' (character 6)"},
        Message{"host 1.2.3.400", "invalid IPv4 address", ", at '1.2.3.400' (character 6)"},
        Message{"net 10.0.0.1/8", "non-network bits", ", at '10.0.0.1/8' (character 5)"},
        Message{"(udp) and (proto nonsense)", "names are not looked up; write the number",
                " in place of 'nonsense' (character 18)"},
        Message{"tcp[99999999999] = 1", "overflows 32 bits", ", at '99999999999' (character 5)"},
        Message{"ip and ip6 and tcp", "rejects all packets", ", at 'ip6' (character 8)"},
        Message{"host example.com", "names are not looked up", " in place of 'example.com' (character 6)"},
        Message{"inbound", "only a live interface", "has, and a file has not"}));

TEST(FilterProgram, LinkTypeThatCannotHaveItIsTold) {
    const auto filter = FilterProgram::compile("udp and vlan 3", kRaw, kSnapshotLength);
    ASSERT_FALSE(filter);
    EXPECT_THAT(filter.error().message, EndsWith("no VLAN support for Raw IP, at 'vlan' (character 9)"));
}

TEST(FilterProgram, LongExpressionsGetNoPlaceAndLittleWork) {
    std::string many = "tcp port 1";
    for (int i = 2; i < 30; ++i) many += " or tcp port " + std::to_string(i);
    const std::string longer = many + std::string(1100, ' ') + " prot";
    const auto begin = std::chrono::steady_clock::now();
    for (const std::string& expression : {many + " prot", longer}) {
        const auto filter = FilterProgram::compile(expression, kEthernetLink, kSnapshotLength);
        ASSERT_FALSE(filter);
        EXPECT_THAT(filter.error().message, EndsWith("syntax error"));
        EXPECT_LT(filter.error().message.size(), 1200U);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST(FilterProgram, FilterBombIsRefused) {
    std::string expression = "host 10.0.0.1";
    for (int i = 0; i < 3000; ++i)
        expression += " or host 10." + std::to_string(i / 250) + "." + std::to_string(i % 250) + ".7";
    const auto filter = FilterProgram::compile(expression, kEthernetLink, kSnapshotLength);
    ASSERT_FALSE(filter);
    EXPECT_THAT(filter.error().message, EndsWith("at most 5120 are allowed"));
    EXPECT_LT(filter.error().message.size(), 100U);
}

TEST(FilterProgram, ZeroByteIsRefused) {
    EXPECT_FALSE(FilterProgram::compile(std::string("tcp\0 or udp", 11), kEthernetLink, kSnapshotLength));
}

TEST(FilterProgram, PassesByCapturedBytesAndLength) {
    auto filter = FilterProgram::compile("greater 100", kEthernetLink, kSnapshotLength);
    ASSERT_TRUE(filter);
    const std::array<std::byte, 14> frame{};
    EXPECT_TRUE(filter->passes({.wire_bytes = 100, .frame = frame}));
    EXPECT_FALSE(filter->passes({.wire_bytes = 99, .frame = frame}));
    FilterProgram moved(std::move(*filter));
    EXPECT_TRUE(moved.passes({.wire_bytes = 100, .frame = frame}));
}

TEST(FilterProgram, CutFrameFailsWhatItDoesNotHave) {
    const auto filter = FilterProgram::compile("ether[20] = 0", kEthernetLink, kSnapshotLength);
    ASSERT_TRUE(filter);
    const std::array<std::byte, 21> frame{};
    EXPECT_TRUE(filter->passes({.wire_bytes = 21, .frame = frame}));
    EXPECT_FALSE(filter->passes({.wire_bytes = 21, .frame = std::span(frame).first(20)}));
}

TEST(FilterProgram, OptionsPassWhatTheyCannotDecideOn) {
    constexpr std::uint32_t kNflog = 239;
    const base::PacketFilter arp{.kinds = {{.network = base::PacketKind::Network::arp}}};
    std::array<std::byte, 60> frame{};
    const Packet packet{.wire_bytes = 60, .frame = frame};
    EXPECT_FALSE(FilterProgram::of_options(arp, kEthernetLink, kSnapshotLength).passes(packet));
    EXPECT_TRUE(FilterProgram::of_options(arp, kNflog, kSnapshotLength).passes(packet));
    // The EtherType of FabricPath.
    frame[12] = std::byte{0x89};
    frame[13] = std::byte{0x03};
    EXPECT_TRUE(FilterProgram::of_options(arp, kEthernetLink, kSnapshotLength).passes(packet));
}

TEST(FilterProgram, ChecksWhetherSomeLiveInterfaceMayTakeIt) {
    for (const char* good :
         {"udp port 53", "wlan type mgt", "inbound", "inbound and ether host 02:00:00:00:00:01",
          "vlan 7 and udp", "ether[0] & 1 = 1"})
        EXPECT_TRUE(FilterProgram::check(good)) << good;
    for (const char* bad :
         {"udp prot 53", "udp) or (udp", "host example.org", "port 99999", "udp and tcp and 1"}) {
        const auto checked = FilterProgram::check(bad);
        ASSERT_FALSE(checked) << bad;
        EXPECT_EQ(checked.error().code, base::ErrorCode::filter);
    }
}

}  // namespace
}  // namespace packetsentry::capture
