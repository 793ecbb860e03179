#include "daemon/worker/analysis.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <vector>

#include "tests/unit/daemon/worker/recorder_fixture.h"

namespace packetsentry::worker {
namespace {

using test::Bytes;
using test::PacketBuilder;

constexpr std::uint32_t kEthernet = 1, kNflog = 239;
const base::PacketFilter kDns{.kinds = {{.ip_protocol = 17, .port = 53}, {.ip_protocol = 6, .port = 53}}};

struct AnalysisTest : RecorderFixture {};

TEST_F(AnalysisTest, TakesOnlyItsPartOfAHandover) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    recorder.analysis().take_from(100);
    recorder.analysis().take_until(200);
    for (const std::int64_t time : {99, 100, 199, 200, 150}) give(recorder, time);
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(rows_received(), 3U);
    EXPECT_EQ(recorder.ledger().filtered(), 2U);
    expect_balanced(recorder);
}

TEST_F(AnalysisTest, TakesAllFromThenOnIfTheClockIsSetBackBeforeTheHandover) {
    constexpr std::int64_t kHour = 3600LL * 1'000'000'000;
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    recorder.analysis().take_from(kHour);
    recorder.analysis().look(kHour);
    for (const std::int64_t time : {kHour - 1, kHour, kHour + 1}) give(recorder, time);
    recorder.analysis().look(kHour - 10);
    for (const std::int64_t time : {std::int64_t{5}, std::int64_t{6}}) give(recorder, time);
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(rows_received(), 4U);
    EXPECT_EQ(recorder.ledger().filtered(), 1U);
    expect_balanced(recorder);
}

TEST_F(AnalysisTest, MarksTheRowWhereTimeGoesBackAndKeepsTheOrder) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    const std::vector<std::int64_t> times{7200 * kSecond, 7199 * kSecond, 3600 * kSecond, 3601 * kSecond,
                                          7300 * kSecond};
    for (const std::int64_t time : times) give(recorder, time);
    give(recorder, 1, 1);  // the other interface's first
    ASSERT_TRUE(recorder.cut());
    const auto batches = batches_received();
    ASSERT_EQ(batches.size(), 1U);
    const auto view = proto::BatchView::check(batches.front());
    ASSERT_TRUE(view);
    for (std::uint32_t row = 0; row < times.size(); ++row) {
        EXPECT_EQ(view->time_ns(row), times[row]);
        EXPECT_EQ(view->flag(row, wire::FLAG_TIME_BACK), row == 2) << row;  // a second is reordering
    }
    EXPECT_FALSE(view->flag(5, wire::FLAG_TIME_BACK));
}

TEST_F(AnalysisTest, TimesAtTheEndsOfTheirRangeAreTimes) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    for (const std::int64_t time : {kMost, kLeast, kMost, kLeast}) give(recorder, time, 70);
    ASSERT_TRUE(recorder.cut());
    const auto batches = batches_received();
    ASSERT_EQ(batches.size(), 1U);
    const auto view = proto::BatchView::check(batches.front());
    ASSERT_TRUE(view);
    ASSERT_EQ(view->rows(), 4U);
    EXPECT_TRUE(view->flag(1, wire::FLAG_TIME_BACK));
    EXPECT_FALSE(view->flag(2, wire::FLAG_TIME_BACK));
}

TEST_F(AnalysisTest, KnowsWhenEveryInterfaceIsPastATime) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    give(recorder, 500, 0);
    EXPECT_FALSE(recorder.analysis().all_reached(500));
    give(recorder, 499, 1);
    EXPECT_FALSE(recorder.analysis().all_reached(500));
    EXPECT_TRUE(recorder.analysis().reached(0, 500));
    EXPECT_FALSE(recorder.analysis().reached(1, 500));
    give(recorder, 501, 1);
    EXPECT_TRUE(recorder.analysis().all_reached(500));
}

TEST_F(AnalysisTest, TakesOnlyWhatIsAskedForWhateverTheLinkType) {
    struct Carrier {
        const char* name;
        std::uint32_t link_type;
        PacketBuilder begin;
    };
    const Bytes fabricpath = test::hex("0060");
    const std::vector<Carrier> carriers{
        {"NFLOG", kNflog, PacketBuilder().nflog()},
        {"radiotap", 127, PacketBuilder().radiotap().ieee80211_data().snap()},
        {"FabricPath", kEthernet,
         PacketBuilder()
             .ethernet(test::kSourceMac, test::kDestinationMac, 0x8903)
             .payload(fabricpath)
             .ethernet()},
        {"Ethernet", kEthernet, PacketBuilder().ethernet()},
    };
    for (const CaptureMode mode : {CaptureMode::live, CaptureMode::file}) {
        for (const Carrier& carrier : carriers) {
            source.counted = {};
            Recorder recorder(mode, source, nullptr, *link);
            recorder.analysis().take_only(kDns);
            recorder.stop_at({.packets = 2});
            for (const std::uint16_t port : {std::uint16_t{54}, std::uint16_t{53}, std::uint16_t{54}}) {
                give_frame(recorder, PacketBuilder(carrier.begin).ipv4().udp(4000, port).build(),
                           carrier.link_type);
                EXPECT_TRUE(more) << carrier.name << ": what is not asked for counts towards no limit";
            }
            give_frame(recorder, PacketBuilder(carrier.begin).ipv6().udp(53, 4000).build(),
                       carrier.link_type);
            EXPECT_FALSE(more) << carrier.name;
            ASSERT_TRUE(recorder.cut());
            EXPECT_EQ(recorder.ledger().recorded(), 2U) << carrier.name;
            EXPECT_EQ(recorder.ledger().filtered(), 2U) << carrier.name;
            expect_balanced(recorder);
        }
    }
}

TEST_F(AnalysisTest, WhatIsAskedForIsDecidedBeforeRedaction) {
    const std::array<std::byte, redact::AddressMask::kKeySize> key{};
    const redact::Redaction masked{.mask_addresses = true};
    Recorder recorder(CaptureMode::live, source, nullptr, *link,
                      std::make_unique<redact::Redactor>(masked, redact::AddressMask::Key(key)));
    recorder.analysis().take_only({.address = base::AddressPrefix{*base::parse_ip("192.0.2.7"), 32}});
    for (const char* address : {"192.0.2.7", "192.0.2.8"})
        give_frame(recorder, PacketBuilder().nflog().ipv4(address, "192.0.2.1").udp(1, 2).build(), kNflog);
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(recorder.ledger().recorded(), 1U);
    EXPECT_EQ(recorder.ledger().filtered(), 1U);
    expect_balanced(recorder);
}

// The kernel's filter saw all of a packet that the snapshot length has truncated.
TEST_F(AnalysisTest, BelievesAProgramThatSawMore) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    recorder.analysis().take_only(kDns);
    const Bytes ethernet = PacketBuilder().ethernet().ipv4().udp(4000, 53).build();
    const Bytes nflog = PacketBuilder().nflog().ipv4().udp(4000, 53).build();
    for (const std::size_t size : {14U, 30U, 34U, 36U})
        give_frame(recorder, test::cut(ethernet, size), kEthernet, 50);
    EXPECT_EQ(recorder.ledger().filtered(), 0U);
    // Neither what contradicts the options, nor a link type that has no program.
    give_frame(recorder, test::cut(PacketBuilder().ethernet().ipv4().icmp(8, 0).build(), 36), kEthernet, 50);
    give_frame(recorder, test::cut(nflog, nflog.size() - 6), kNflog, 50);
    EXPECT_EQ(recorder.ledger().filtered(), 2U);
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(recorder.ledger().recorded(), 4U);
    expect_balanced(recorder);
}

TEST_F(AnalysisTest, WhatIsNotAskedForTakesNothingOfTheRate) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    recorder.analysis().take_only(kDns);
    recorder.analysis().limit_rate(1);
    const Bytes other = PacketBuilder().nflog().ipv4().udp(4000, 54).build();
    for (int i = 0; i < 1000; ++i) give_frame(recorder, other, kNflog);
    EXPECT_EQ(recorder.ledger().shed(), 0U);
    EXPECT_EQ(recorder.ledger().filtered(), 1000U);
    expect_balanced(recorder);
}

TEST_F(AnalysisTest, WhatIsAboveTheRateIsShedAndTheLedgerBalances) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    recorder.analysis().limit_rate(100);
    for (int i = 0; i < 1000; ++i) give(recorder, i);
    ASSERT_TRUE(recorder.cut());
    const wire::Ledger ledger = recorder.ledger();
    EXPECT_GE(ledger.recorded(), 10U);
    EXPECT_LE(ledger.recorded(), 60U);
    EXPECT_EQ(ledger.recorded() + ledger.shed(), 1000U);
    EXPECT_EQ(ledger.delivered(), 1000U);
    EXPECT_EQ(rows_received(), ledger.recorded());
}

}  // namespace
}  // namespace packetsentry::worker
