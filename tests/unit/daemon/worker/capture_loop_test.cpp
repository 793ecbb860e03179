#include "daemon/worker/capture_loop.h"

#include <gtest/gtest.h>

#include <utility>

#include "tests/unit/daemon/worker/recorder_fixture.h"

namespace packetsentry::worker {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kMillisecond = 1'000'000;

std::int64_t wall_ns() {
    return std::chrono::system_clock::now().time_since_epoch() / 1ns;
}

// Its ring has packets from the beginning that the kernel shows only after a while, as it does where its
// timers are late.
class LateSource : public capture::PacketSource {
  public:
    LateSource(Clock::duration after, std::vector<std::int64_t> times)
        : shown_at_(Clock::now() + after), times_(std::move(times)) {
        interfaces_[0].received = times_.size();
    }

    base::Result<capture::SourceState> read(capture::PacketSink& sink, std::size_t) override {
        if (times_.empty() || Clock::now() < shown_at_) return capture::SourceState::idle;
        for (const std::int64_t time : std::exchange(times_, {})) {
            ++counted_.delivered;
            ++interfaces_[0].delivered;
            capture::Packet packet;
            packet.time_ns = time;
            packet.link_type = 1;
            packet.frame = frame_;
            packet.wire_bytes = 60;
            (void)sink.packet(packet);
        }
        return capture::SourceState::ready;
    }
    std::span<const capture::SourceInterface> interfaces() const override { return interfaces_; }
    const capture::SourceCounters& counters() override { return counted_; }
    std::vector<int> wait_fds() const override { return {}; }
    std::optional<std::chrono::milliseconds> wait_limit() const override { return 10ms; }
    std::optional<capture::SourceEvent> next_event() override { return std::nullopt; }

  private:
    Clock::time_point shown_at_;
    std::vector<std::int64_t> times_;
    std::array<std::byte, 60> frame_{};
    std::vector<capture::SourceInterface> interfaces_{{"eth0", 1, 262144, 2}};
    capture::SourceCounters counted_;
};

struct CaptureLoopTest : RecorderFixture {
    void ask_to_finish(std::int64_t until_ns) {
        wire::ToWorker message;
        message.mutable_finish()->set_until_ns(until_ns);
        ASSERT_TRUE(reader->send(message));
    }
};

TEST_F(CaptureLoopTest, TakesNoPacketFromBeforeTheHandoverHoweverLateItIsShown) {
    const std::int64_t from_ns = wall_ns();
    LateSource late(300ms, {from_ns - 2, from_ns - 1, from_ns, from_ns + 1});
    Recorder recorder(CaptureMode::live, late, nullptr, *link);
    recorder.analysis().take_from(from_ns);
    wire::Until until;
    until.set_packets(2);
    const auto ended = CaptureLoop({}, late, recorder, *link).run(until);
    ASSERT_TRUE(ended) << ended.error().message;
    EXPECT_EQ(*ended, wire::END_CONDITION);
    EXPECT_EQ(recorder.ledger().filtered(), 2U);
    EXPECT_EQ(rows_received(), 2U);
}

TEST_F(CaptureLoopTest, WaitsAtItsEndForPacketsThatAreNotShownYet) {
    const std::int64_t until_ns = wall_ns();
    LateSource late(300ms, {until_ns - 1, until_ns});
    Recorder recorder(CaptureMode::live, late, nullptr, *link);
    ask_to_finish(until_ns);
    const auto ended = CaptureLoop({}, late, recorder, *link).run({});
    ASSERT_TRUE(ended) << ended.error().message;
    EXPECT_EQ(*ended, wire::END_ASKED);
    EXPECT_EQ(rows_received(), 1U) << "the other one is the next worker's";
}

TEST_F(CaptureLoopTest, WaitsAtItsEndForASecondAtMost) {
    const auto begun = Clock::now();
    LateSource never(1h, {wall_ns()});
    Recorder recorder(CaptureMode::live, never, nullptr, *link);
    ask_to_finish(wall_ns());
    ASSERT_TRUE(CaptureLoop({}, never, recorder, *link).run({}));
    EXPECT_GE(Clock::now() - begun, 1s);
    EXPECT_LT(Clock::now() - begun, 3s);
}

TEST_F(CaptureLoopTest, EndsSoonWhereNothingIsLeftInTheRing) {
    const auto begun = Clock::now();
    LateSource empty(0ms, {});
    Recorder recorder(CaptureMode::live, empty, nullptr, *link);
    ask_to_finish(wall_ns() - 200 * kMillisecond);
    ASSERT_TRUE(CaptureLoop({}, empty, recorder, *link).run({}));
    EXPECT_LT(Clock::now() - begun, 900ms);
}

}  // namespace
}  // namespace packetsentry::worker
