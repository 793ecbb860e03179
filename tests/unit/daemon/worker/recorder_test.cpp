#include "daemon/worker/recorder.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <vector>

#include "proto/rows/batch_view.h"
#include "tests/support/packet_builder.h"

namespace packetsentry::worker {
namespace {

using test::Bytes;
using test::PacketBuilder;

constexpr std::uint32_t kEthernet = 1, kNflog = 239;
const base::PacketFilter kDns{.kinds = {{.ip_protocol = 17, .port = 53}, {.ip_protocol = 6, .port = 53}}};

// Counts like a source; the test hands its packets to the recorder itself.
class CountingSource : public capture::PacketSource {
  public:
    base::Result<capture::SourceState> read(capture::PacketSink&, std::size_t) override {
        return capture::SourceState::end;
    }
    std::span<const capture::SourceInterface> interfaces() const override { return interfaces_; }
    const capture::SourceCounters& counters() override { return counted; }
    std::vector<int> wait_fds() const override { return {}; }
    std::optional<std::chrono::milliseconds> wait_limit() const override { return std::nullopt; }
    std::optional<capture::SourceEvent> next_event() override { return std::nullopt; }

    capture::SourceCounters counted;

  private:
    std::vector<capture::SourceInterface> interfaces_{{"eth0", 1, 262144, 2}, {"eth1", 1, 262144, 3}};
};

struct RecorderTest : testing::Test {
    RecorderTest() {
        std::array<int, 2> fds{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()), 0);
        link.emplace(base::UniqueFd(fds[0]));
        reader.emplace(base::UniqueFd(fds[1]), proto::kBatchFrameLimit, 0);
    }

    // As the worker's loop does it.
    void give(Recorder& recorder, std::int64_t time_ns, std::uint32_t interface = 0) {
        capture::Packet packet;
        packet.time_ns = time_ns;
        packet.interface = interface;
        packet.link_type = 1;
        packet.frame = frame;
        packet.wire_bytes = 60;
        ++source.counted.delivered;
        more = recorder.packet(packet);
        if (recorder.batch_full()) {
            ASSERT_TRUE(recorder.cut());
        }
    }

    // missing: how many bytes of the packet the snapshot length has taken.
    void give_frame(Recorder& recorder, const Bytes& bytes, std::uint32_t link_type,
                    std::uint32_t missing = 0) {
        capture::Packet packet;
        packet.link_type = link_type;
        packet.frame = bytes;
        packet.wire_bytes = static_cast<std::uint32_t>(bytes.size()) + missing;
        ++source.counted.delivered;
        more = recorder.packet(packet);
    }

    // Rows that came in the batches since the last call, oldest first.
    std::vector<wire::Batch> batches_received() {
        std::vector<wire::Batch> batches;
        (void)reader->receive();
        while (const auto bytes = reader->next()) {
            wire::FromWorker message;
            EXPECT_TRUE(message.ParseFromArray(bytes->data(), static_cast<int>(bytes->size())));
            EXPECT_TRUE(batches.emplace_back().ParseFromString(message.rows().batch()));
        }
        return batches;
    }

    std::uint64_t rows_received() {
        std::uint64_t rows = 0;
        for (const wire::Batch& batch : batches_received()) {
            EXPECT_TRUE(proto::BatchView::check(batch));
            EXPECT_EQ(batch.first_number(), next_row);
            next_row += batch.rows();
            rows += batch.rows();
        }
        return rows;
    }

    void expect_balanced(Recorder& recorder) {
        const wire::Ledger ledger = recorder.ledger();
        EXPECT_EQ(ledger.delivered(), ledger.recorded() + ledger.shed() + ledger.filtered());
    }

    CountingSource source;
    std::array<std::byte, 60> frame{};
    std::optional<Link> link;
    std::optional<proto::Channel> reader;
    std::uint64_t next_row = 1;
    bool more = true;
};

TEST_F(RecorderTest, SendsWhatItIsGivenInBatches) {
    Recorder recorder(Recorder::Mode::live, source, nullptr, *link);
    for (int i = 0; i < 10; ++i) give(recorder, i);
    ASSERT_TRUE(recorder.cut_due());
    ASSERT_TRUE(recorder.cut());
    EXPECT_FALSE(recorder.cut_due());
    EXPECT_EQ(rows_received(), 10U);
    EXPECT_EQ(recorder.ledger().recorded(), 10U);
    EXPECT_EQ(recorder.ledger().bytes(), 600U);
    EXPECT_EQ(recorder.ledger().malformed(), 10U);  // zeros are no Ethernet payload
    expect_balanced(recorder);
}

TEST_F(RecorderTest, CutsFewPacketsAtOnce) {
    Recorder recorder(Recorder::Mode::live, source, nullptr, *link);
    EXPECT_FALSE(recorder.cuts_at_once()) << "nothing is there";
    give(recorder, 0);
    EXPECT_TRUE(recorder.cuts_at_once());
    for (int i = 1; i < 65; ++i) give(recorder, i);
    EXPECT_FALSE(recorder.cuts_at_once()) << "more come at once than a batch of their own would be worth";
    Recorder reader_of_a_file(Recorder::Mode::file, source, nullptr, *link);
    give(reader_of_a_file, 0);
    EXPECT_FALSE(reader_of_a_file.cuts_at_once());
}

TEST_F(RecorderTest, CutsFewPacketsOnlySoOften) {
    Recorder recorder(Recorder::Mode::live, source, nullptr, *link);
    int cuts = 0;
    for (int i = 0; i < 1000; ++i) {
        give(recorder, i);
        if (!recorder.cuts_at_once()) continue;
        ++cuts;
        ASSERT_TRUE(recorder.cut());
        (void)batches_received();
    }
    EXPECT_GE(cuts, 10);
    EXPECT_LT(cuts, 200);  // in a moment
    EXPECT_TRUE(recorder.cut_due()) << "the others wait for their time";
}

TEST_F(RecorderTest, StopsAtThePacketLimit) {
    Recorder recorder(Recorder::Mode::live, source, nullptr, *link);
    recorder.stop_at({.packets = 3});
    for (int i = 0; i < 3; ++i) {
        EXPECT_FALSE(recorder.limit_reached());
        EXPECT_TRUE(more);
        give(recorder, i);
    }
    EXPECT_TRUE(recorder.limit_reached());
    EXPECT_FALSE(more);
}

TEST_F(RecorderTest, TakesOnlyItsPartOfAHandover) {
    Recorder recorder(Recorder::Mode::live, source, nullptr, *link);
    recorder.take_from(100);
    recorder.take_until(200);
    for (const std::int64_t time : {99, 100, 199, 200, 150}) give(recorder, time);
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(rows_received(), 3U);
    EXPECT_EQ(recorder.ledger().filtered(), 2U);
    expect_balanced(recorder);
}

TEST_F(RecorderTest, TakesAllOnceTheHandoverIsOverThoughTheClockIsSetBack) {
    constexpr std::int64_t kHour = 3600LL * 1'000'000'000;
    Recorder recorder(Recorder::Mode::live, source, nullptr, *link);
    recorder.take_from(kHour);
    for (const std::int64_t time : {kHour - 1, kHour, kHour + 1}) give(recorder, time);
    recorder.take_all();
    for (const std::int64_t time : {std::int64_t{5}, std::int64_t{6}}) give(recorder, time);
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(rows_received(), 4U);
    EXPECT_EQ(recorder.ledger().filtered(), 1U);
    expect_balanced(recorder);
}

TEST_F(RecorderTest, MarksTheRowWhereTimeGoesBackAndKeepsTheOrder) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    Recorder recorder(Recorder::Mode::live, source, nullptr, *link);
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

TEST_F(RecorderTest, TimesAtTheEndsOfTheirRangeAreTimes) {
    Recorder recorder(Recorder::Mode::file, source, nullptr, *link);
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

TEST_F(RecorderTest, KnowsWhenEveryInterfaceIsPastATime) {
    Recorder recorder(Recorder::Mode::live, source, nullptr, *link);
    give(recorder, 500, 0);
    EXPECT_FALSE(recorder.all_reached(500));
    give(recorder, 499, 1);
    EXPECT_FALSE(recorder.all_reached(500));
    give(recorder, 501, 1);
    EXPECT_TRUE(recorder.all_reached(500));
}

TEST_F(RecorderTest, ShedsAndCountsWhenTheLinkIsFull) {
    Recorder recorder(Recorder::Mode::live, source, nullptr, *link);
    int given = 0;
    while (recorder.ledger().shed() == 0 && given < 3'000'000) give(recorder, ++given);
    ASSERT_GT(recorder.ledger().shed(), 0U);
    ASSERT_TRUE(recorder.cut());
    expect_balanced(recorder);
    EXPECT_EQ(recorder.ledger().delivered(), static_cast<std::uint64_t>(given));

    std::uint64_t received = 0;  // numbered without a hole up to what was shed
    while (link->waits_to_send()) {
        received += rows_received();
        ASSERT_TRUE(link->flush());
    }
    received += rows_received();
    EXPECT_EQ(received, recorder.ledger().recorded());

    give(recorder, ++given);
    ASSERT_TRUE(recorder.cut());
    const auto after = batches_received();
    ASSERT_EQ(after.size(), 1U);
    EXPECT_EQ(after[0].first_number(), recorder.ledger().recorded() + recorder.ledger().shed())
        << "what was shed keeps its numbers";
}

TEST_F(RecorderTest, TakesOnlyWhatIsAskedForWhateverTheLinkType) {
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
    for (const Recorder::Mode mode : {Recorder::Mode::live, Recorder::Mode::file}) {
        for (const Carrier& carrier : carriers) {
            source.counted = {};
            Recorder recorder(mode, source, nullptr, *link);
            recorder.take_only(kDns);
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

TEST_F(RecorderTest, WhatIsAskedForIsDecidedBeforeRedaction) {
    const std::array<std::byte, redact::AddressMask::kKeySize> key{};
    const redact::Redaction masked{.mask_addresses = true};
    Recorder recorder(Recorder::Mode::live, source, nullptr, *link,
                      std::make_unique<redact::Redactor>(masked, redact::AddressMask::Key(key)));
    recorder.take_only({.address = base::AddressPrefix{*base::parse_ip("192.0.2.7"), 32}});
    for (const char* address : {"192.0.2.7", "192.0.2.8"})
        give_frame(recorder, PacketBuilder().nflog().ipv4(address, "192.0.2.1").udp(1, 2).build(), kNflog);
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(recorder.ledger().recorded(), 1U);
    EXPECT_EQ(recorder.ledger().filtered(), 1U);
    expect_balanced(recorder);
}

// The kernel's filter saw all of a packet that the snapshot length has truncated.
TEST_F(RecorderTest, BelievesAProgramThatSawMore) {
    Recorder recorder(Recorder::Mode::live, source, nullptr, *link);
    recorder.take_only(kDns);
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

TEST_F(RecorderTest, WhatIsNotAskedForTakesNothingOfTheRate) {
    Recorder recorder(Recorder::Mode::live, source, nullptr, *link);
    recorder.take_only(kDns);
    recorder.limit_rate(1);
    const Bytes other = PacketBuilder().nflog().ipv4().udp(4000, 54).build();
    for (int i = 0; i < 1000; ++i) give_frame(recorder, other, kNflog);
    EXPECT_EQ(recorder.ledger().shed(), 0U);
    EXPECT_EQ(recorder.ledger().filtered(), 1000U);
    expect_balanced(recorder);
}

TEST_F(RecorderTest, WhatIsAboveTheRateIsShedAndTheLedgerBalances) {
    Recorder recorder(Recorder::Mode::live, source, nullptr, *link);
    recorder.limit_rate(100);
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
