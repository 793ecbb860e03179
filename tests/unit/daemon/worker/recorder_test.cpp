#include "daemon/worker/recorder.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <vector>

#include "proto/batch_view.h"

namespace packetsentry::worker {
namespace {

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

    // Rows that came in the batches since the last call, oldest first.
    std::vector<wire::Batch> batches_received() {
        std::vector<wire::Batch> batches;
        (void)reader->receive();
        while (const auto bytes = reader->next()) {
            wire::FromWorker message;
            EXPECT_TRUE(message.ParseFromArray(bytes->data(), static_cast<int>(bytes->size())));
            EXPECT_TRUE(batches.emplace_back().ParseFromString(message.batch()));
        }
        return batches;
    }

    std::uint64_t rows_received() {
        std::uint64_t rows = 0;
        for (const wire::Batch& batch : batches_received()) {
            EXPECT_TRUE(proto::BatchView::check(batch));
            EXPECT_EQ(batch.first_row(), next_row);
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
    std::uint64_t next_row = 0;
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

    std::uint64_t received = 0;  // numbered without a hole all the same
    while (link->waits_to_send()) {
        received += rows_received();
        ASSERT_TRUE(link->flush());
    }
    received += rows_received();
    EXPECT_EQ(received, recorder.ledger().recorded());
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
