#include "daemon/control/answer_comments.h"

#include <gtest/gtest.h>

namespace packetsentry::control {
namespace {

constexpr std::int64_t kThreeOClock = 1'747'278'000'000'000'000;  // 2025-05-15 03:00:00 UTC
constexpr std::int64_t kOneMinute = 60'000'000'000;

void add_loss(wire::Job& job, wire::Loss::Cause cause, std::int64_t from_minute, std::int64_t to_minute,
              std::uint64_t packets) {
    wire::Loss& loss = *job.add_loss();
    loss.set_cause(cause);
    loss.set_from_ns(kThreeOClock + from_minute * kOneMinute);
    loss.set_to_ns(kThreeOClock + to_minute * kOneMinute);
    loss.set_packets(packets);
    job.set_losses(job.losses() + 1);
}

constexpr spool::TimeRange kTenMinutes{.since_ns = kThreeOClock, .until_ns = kThreeOClock + 10 * kOneMinute};

TEST(AnswerComments, TellLossesOfTheTime) {
    wire::Job job;
    add_loss(job, wire::Loss::RING_FULL, -5, -1, 1);   // before
    add_loss(job, wire::Loss::RING_FULL, -5, 1, 17);   // begins before it
    add_loss(job, wire::Loss::NOT_SAVED, 2, 3, 5);     // concerns the user's own file alone
    add_loss(job, wire::Loss::WORKER_DIED, 9, 12, 1);  // ends behind it
    job.mutable_loss()->rbegin()->set_at_most(true);
    add_loss(job, wire::Loss::RING_FULL, 11, 12, 1);  // behind it
    EXPECT_EQ(
        loss_comments("job 12 (lab)", job, kTenMinutes),
        (std::vector<std::string>{
            "job 12 (lab) has a gap from 2025-05-15T02:55:00Z to 2025-05-15T03:01:00Z, the kernel's ring "
            "was full: 17 packets",
            "job 12 (lab) has a gap from 2025-05-15T03:09:00Z to 2025-05-15T03:12:00Z, the worker died: at "
            "most 1 packet"}));
}

TEST(AnswerComments, TellLossesThatGoOnAndThatNobodyCounted) {
    wire::Job job;
    add_loss(job, wire::Loss::INTERFACE_DOWN, 1, 0, 0);
    job.mutable_loss(0)->set_to_ns(0);
    job.set_losses(40);
    EXPECT_EQ(loss_comments("job 12", job, kTenMinutes),
              (std::vector<std::string>{
                  "job 12 had 39 earlier gaps, which are not listed any more",
                  "job 12 has a gap from 2025-05-15T03:01:00Z on, an interface was down: it is not known how "
                  "many packets"}));
}

}  // namespace
}  // namespace packetsentry::control
