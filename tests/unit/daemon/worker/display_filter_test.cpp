#include "daemon/worker/display_filter.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <utility>

#include "tests/unit/daemon/worker/recorder_fixture.h"

namespace packetsentry::worker {
namespace {

using test::PacketBuilder;

std::unique_ptr<DisplayFilter> compiled(const std::string& text, BlockLimits limits = {}) {
    auto display = DisplayFilter::compile(text, limits);
    EXPECT_TRUE(display) << display.error().message;
    return display ? std::move(*display) : nullptr;
}

struct DisplayFilterTest : RecorderFixture {
    // The places of the rows that came since the last call.
    std::vector<std::uint64_t> places_received() {
        std::vector<std::uint64_t> places;
        for (const wire::Batch& batch : batches_received()) {
            const auto view = proto::BatchView::check(batch);
            EXPECT_TRUE(view);
            for (std::uint32_t row = 0; view && row < view->rows(); ++row) places.push_back(view->place(row));
        }
        return places;
    }
};

TEST_F(DisplayFilterTest, RecordsWhatPassesAndCountsTheRest) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.take_only(compiled("frame.number in {2, 5..6}"));
    for (int i = 0; i < 10; ++i) give(recorder, i);
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(places_received(), (std::vector<std::uint64_t>{2, 5, 6}));
    EXPECT_EQ(recorder.ledger().recorded(), 3U);
    EXPECT_EQ(recorder.ledger().filtered(), 7U);
    expect_balanced(recorder);
}

TEST_F(DisplayFilterTest, ABlockIsAskedWhenItIsFull) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.take_only(compiled("frame.number >= 9", {.packets = 4}));
    for (int i = 0; i < 12; ++i) {
        give(recorder, i);
        EXPECT_EQ(more, i % 4 != 3);
    }
    EXPECT_EQ(recorder.ledger().filtered(), 8U);
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(places_received(), (std::vector<std::uint64_t>{9, 10, 11, 12}));
}

TEST_F(DisplayFilterTest, ABlockHoldsABoundedNumberOfBytes) {
    auto display = compiled("frame", {.packets = 1000, .bytes = 100'000});
    const test::Bytes large(60'000);
    capture::Packet packet;
    packet.link_type = 1;
    packet.frame = large;
    packet.wire_bytes = 60'000;
    const dissect::Dissection dissection;
    display->add({packet, 60'000, false}, dissection, source.interfaces(), "");
    EXPECT_FALSE(display->full());
    display->add({packet, 60'000, false}, dissection, source.interfaces(), "");
    EXPECT_TRUE(display->full());
}

// The limit counts packets that pass. Packets that waited behind the last of them came after the end.
TEST_F(DisplayFilterTest, ThePacketLimitCountsWhatPasses) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.take_only(compiled("frame.number > 5", {.packets = 20}));
    recorder.stop_at({.packets = 3});
    for (int i = 0; i < 19; ++i) {
        give(recorder, i);
        EXPECT_TRUE(more);
    }
    ASSERT_TRUE(recorder.ask_display_filter());
    EXPECT_TRUE(recorder.limit_reached());
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(places_received(), (std::vector<std::uint64_t>{6, 7, 8}));
    expect_balanced(recorder);
}

TEST_F(DisplayFilterTest, SavesWhatPassesAndNothingElse) {
    Recorder recorder(
        CaptureMode::file, source,
        capture::CaptureWriter::make(base::UniqueFd(::memfd_create("output", MFD_CLOEXEC)),
                                     capture::FileFormat::pcap, capture::Compression::none, false),
        *link);
    recorder.take_only(compiled("frame.number == 4"));
    for (int i = 0; i < 10; ++i) give(recorder, i);
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(recorder.ledger().saved(), 1U);
    EXPECT_EQ(recorder.ledger().saved_bytes(), 24U + 16U + 60U);
}

// The counts that travel with the first batches leave out what still waits.
TEST_F(DisplayFilterTest, WhatPassesMayFillSeveralBatches) {
    for (const CaptureMode mode : {CaptureMode::file, CaptureMode::live}) {
        next_row = 1;
        source.counted = {};
        Recorder recorder(mode, source, nullptr, *link);
        recorder.keep_captured();
        recorder.take_only(compiled("frame.number > 5", {.packets = 200}));
        const test::Bytes large(60'000);
        for (int i = 0; i < 60; ++i) {
            ++source.counted.received;
            give_frame(recorder, large, 1);
        }
        ASSERT_TRUE(recorder.cut());
        const auto batches = batches_received();
        EXPECT_GT(batches.size(), 2U);
        std::uint32_t rows = 0;
        for (const wire::Batch& batch : batches) rows += batch.rows();
        EXPECT_EQ(rows, 55U);
        EXPECT_TRUE(proto::balances(recorder.ledger()));
    }
}

// What nobody has asked yet is unread, as far as the counts go.
TEST_F(DisplayFilterTest, CountsBalanceWhilePacketsWait) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.take_only(compiled("frame"));
    for (int i = 0; i < 10; ++i) give(recorder, i);
    EXPECT_EQ(recorder.ledger().delivered(), 0U);
    EXPECT_EQ(recorder.ledger().unread(), 10U);
    EXPECT_TRUE(proto::balances(recorder.ledger()));
}

// Whether packets above the rate would have passed is not known, so they count for no limit.
TEST_F(DisplayFilterTest, WhatIsShedDoesNotReachTheLimit) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    recorder.analysis().limit_rate(1);
    recorder.take_only(compiled("frame.number == 1000"));
    recorder.stop_at({.packets = 3});
    for (int i = 0; i < 100; ++i) {
        give(recorder, i);
        EXPECT_TRUE(more);
    }
    EXPECT_GT(recorder.ledger().shed(), 3U);
}

TEST_F(DisplayFilterTest, LivePacketsWaitNoLongerThanABatch) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    recorder.take_only(compiled("frame.number == 2"));
    EXPECT_FALSE(recorder.cut_due());
    EXPECT_FALSE(recorder.cuts_at_once());
    give(recorder, 1);
    EXPECT_TRUE(recorder.cut_due());
    EXPECT_TRUE(recorder.cuts_at_once());
    ASSERT_TRUE(recorder.cut());
    EXPECT_FALSE(recorder.cut_due());
    EXPECT_EQ(rows_received(), 0U);
    give(recorder, 2);
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(places_received(), std::vector<std::uint64_t>{2});
}

// The second dissection of what passes gives the rows that there are without a display filter.
TEST_F(DisplayFilterTest, RowsAreThoseThatThereAreWithoutAFilter) {
    const test::Bytes whole = PacketBuilder().ethernet().ipv4("192.0.2.1", "192.0.2.2").udp(4000, 53).build();
    const test::Bytes frames[] = {whole, test::cut(whole, 30), test::cut(whole, 3), test::Bytes()};
    for (const bool redacts : {false, true}) {
        std::vector<std::string> batches;
        for (const char* const text : {"", "frame"}) {
            source.counted = {};
            auto redactor =
                redacts ? std::make_unique<redact::Redactor>(redact::Redaction{.mask_addresses = true},
                                                             redact::AddressMask::Key(test::Bytes(32)))
                        : nullptr;
            Recorder recorder(CaptureMode::file, source, nullptr, *link, std::move(redactor));
            recorder.take_only(compiled(text));
            for (const test::Bytes& bytes : frames) {
                give_frame(recorder, bytes, 1);
                give_frame(recorder, bytes, 1, 10);
            }
            ASSERT_TRUE(recorder.cut());
            const auto received = batches_received();
            ASSERT_EQ(received.size(), 1U);
            batches.push_back(received.front().SerializeAsString());
        }
        EXPECT_EQ(batches.front(), batches.back()) << "redacts: " << redacts;
    }
}

TEST_F(DisplayFilterTest, RefusesWhatIsNoExpression) {
    for (const char* const text : {"port 53", "ip.addr ==", "no.such.field", "http.host matches \"(\""}) {
        const auto display = DisplayFilter::compile(text);
        ASSERT_FALSE(display) << text;
        EXPECT_EQ(display.error().code, base::ErrorCode::filter);
        EXPECT_EQ(display.error().message.find('\n'), std::string::npos);
    }
    EXPECT_EQ(*DisplayFilter::compile(""), nullptr);
}

}  // namespace
}  // namespace packetsentry::worker
