#include "daemon/jobs/counts.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <string>

#include "tests/unit/daemon/jobs/moment_at.h"

namespace packetsentry::jobs {
namespace {

using namespace std::chrono_literals;

const std::array<std::string, 1> kNames{"lo"};

wire::Ledger ledger(std::uint64_t recorded, std::uint64_t dropped = 0, std::uint64_t unread = 0) {
    wire::Ledger ledger;
    ledger.set_recorded(recorded);
    ledger.set_delivered(recorded);
    ledger.set_dropped_by_kernel(dropped);
    ledger.set_unread(unread);
    ledger.set_received(recorded + dropped + unread);
    return ledger;
}

wire::Job described(const Counts& counts, Moment now) {
    wire::Job job;
    counts.describe(job, true, now);
    return job;
}

TEST(Counts, SumUpWorkers) {
    Counts counts(at(0s));
    counts.count(ledger(10), at(1s));
    EXPECT_EQ(counts.ledger().recorded(), 10U) << "no report has come";
    counts.report(ledger(10, 1), at(1s));
    EXPECT_EQ(counts.ledger().recorded(), 10U);
    EXPECT_EQ(counts.ledger().received(), 11U);
    counts.fold(true, at(1s));  // it died
    counts.count(ledger(5), at(2s));
    counts.report(ledger(5, 2), at(2s));
    EXPECT_EQ(counts.ledger().recorded(), 15U);
    EXPECT_EQ(counts.ledger().dropped_by_kernel(), 3U);
}

// Its output was slow, so that packets still waited for it when the worker died.
TEST(Counts, WhatADeadWorkerHasNotSavedIsALoss) {
    Counts counts(at(0s));
    wire::Ledger last = ledger(10);
    last.set_saved(6);
    last.set_not_saved(1);
    counts.report(last, at(1s));
    counts.give_up_unsaved();
    counts.fold(true, at(2s));
    EXPECT_EQ(counts.ledger().saved(), 6U);
    EXPECT_EQ(counts.ledger().not_saved(), 4U);
    const wire::Job job = described(counts, at(3s));
    ASSERT_EQ(job.loss_size(), 1);
    EXPECT_EQ(job.loss(0).cause(), wire::Loss::NOT_SAVED);
    EXPECT_EQ(job.loss(0).packets(), 4U);
}

// A worker counts them with its rows, and may die before its next report.
TEST(Counts, DateLossesOnceWhetherOrNotTheyWereReported) {
    Counts counts(at(0s));
    counts.report(ledger(0), at(1s));
    counts.count(ledger(10, 4), at(2s));
    EXPECT_EQ(described(counts, at(2s)).losses(), 0U) << "it is dated by reports";
    counts.report(ledger(10, 4), at(3s));
    counts.count(ledger(20, 7), at(4s));
    counts.fold(true, at(5s));
    const wire::Job job = described(counts, at(6s));
    ASSERT_EQ(job.loss_size(), 1) << "one follows hard upon the other";
    EXPECT_EQ(job.loss(0).cause(), wire::Loss::RING_FULL);
    EXPECT_EQ(job.loss(0).packets(), 7U);
    EXPECT_EQ(job.loss(0).from_ns(), at(1s).wall_ns);
    EXPECT_EQ(job.loss(0).to_ns(), at(5s).wall_ns);
}

TEST(Counts, ForgetWhatNobodyHasReadFromTheRingOfAWorkerThatIsDone) {
    Counts counts(at(0s));
    counts.report(ledger(4, 0, 6), at(1s));
    EXPECT_EQ(counts.ledger().received(), 10U);
    counts.fold(true, at(1s));
    EXPECT_EQ(counts.ledger().received(), 4U);
    EXPECT_EQ(counts.ledger().unread(), 0U);
}

TEST(Counts, BoundTheLossAfterADeathByWhatTheInterfacesCounted) {
    Counts counts(at(0s));
    counts.count_interfaces({{"lo", {1, 100, 0}}}, kNames);
    counts.report(ledger(0), at(1s));
    counts.count_interfaces({{"lo", {1, 150, 0}}}, kNames);
    counts.begin_loss(wire::Loss::WORKER_DIED, at(3s), true);
    counts.count(ledger(20), at(3s));  // came with rows, and was not reported
    counts.fold(true, at(3s));
    counts.count_interfaces({{"lo", {1, 170, 0}}}, kNames);
    counts.end_loss(wire::Loss::WORKER_DIED, at(4s));
    const wire::Job job = described(counts, at(5s));
    ASSERT_EQ(job.loss_size(), 1);
    EXPECT_EQ(job.loss(0).from_ns(), at(1s).wall_ns) << "it begins with the last report";
    EXPECT_EQ(job.loss(0).to_ns(), at(4s).wall_ns);
    EXPECT_TRUE(job.loss(0).at_most());
    EXPECT_EQ(job.loss(0).packets(), 50U);
}

TEST(Counts, GoOnFromWhatWasStored) {
    wire::StoredJob before;
    *before.mutable_ledger() = ledger(7, 0, 2);
    before.set_alive_ns(at(5s).wall_ns);
    before.set_interface_dropped(4);
    before.set_losses(40);
    before.add_loss()->set_cause(wire::Loss::INTERFACE_GONE);
    Counts counts(at(9s), before, false);
    counts.report(ledger(3), at(10s));
    EXPECT_EQ(counts.ledger().recorded(), 10U);
    EXPECT_EQ(counts.ledger().received(), 10U);
    EXPECT_EQ(counts.ledger().not_saved(), 3U) << "the worker was given no output";
    const wire::Job job = described(counts, at(11s));
    EXPECT_EQ(job.interface_dropped(), 4U);
    EXPECT_EQ(job.losses(), 41U) << "what was not saved is one more";
    EXPECT_EQ(job.loss(0).to_ns(), at(5s).wall_ns);
}

}  // namespace
}  // namespace packetsentry::jobs
