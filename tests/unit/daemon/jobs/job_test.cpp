#include "daemon/jobs/job.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/jobs/test_batch.h"

namespace packetsentry::jobs {
namespace {

using namespace std::chrono_literals;

Moment at(std::chrono::seconds seconds) {
    return {std::chrono::nanoseconds(seconds).count(), std::chrono::steady_clock::time_point(seconds)};
}

Order order(std::uint64_t packets = 0) {
    Order order;
    order.name = "dns";
    order.owner = 1000;
    order.capture.add_interface("lo");
    order.capture.mutable_until()->set_packets(packets);
    return order;
}

Batch batch(std::uint64_t first_row, std::uint32_t rows) {
    return {test_batch_bytes(first_row, rows), rows, 1000, 1000 + 10 * (rows - 1)};
}

wire::Ledger recorded(std::uint64_t packets, std::uint64_t dropped = 0) {
    wire::Ledger ledger;
    ledger.set_recorded(packets);
    ledger.set_dropped_by_kernel(dropped);
    return ledger;
}

wire::Notice interface(wire::Notice::Kind kind) {
    wire::Notice notice;
    notice.set_kind(kind);
    notice.set_text("eth0");
    return notice;
}

TEST(Job, CountsOverItsWorkers) {
    Job job(7, order(), 1 << 20, at(100s));
    job.enter(wire::JOB_RUNNING);
    job.append(batch(0, 10), at(101s));
    job.report(recorded(10, 2), at(101s));
    job.fold_ledger();
    job.append(batch(0, 5), at(102s));
    job.report(recorded(5, 1), at(102s));
    const wire::Job told = job.describe(at(102s));
    EXPECT_EQ(told.ledger().recorded(), 15U);
    EXPECT_EQ(told.ledger().dropped_by_kernel(), 3U);
    EXPECT_EQ(told.kept() + told.evicted(), told.ledger().recorded());
    EXPECT_EQ(job.window().find(11)->first_sequence, 11U);
    EXPECT_EQ(told.id(), 7U);
    EXPECT_EQ(told.owner_uid(), 1000U);
    EXPECT_EQ(told.started_ns(), 100'000'000'000);
    EXPECT_GT(told.packets_per_second(), 0);
}

TEST(Job, RowsOfACrashedWorkerStayCounted) {
    Job job(1, order(), 1 << 20, at(1s));
    job.enter(wire::JOB_RUNNING);
    job.report(recorded(4), at(2s));
    job.append(batch(0, 10), at(2s));
    job.fold_ledger();
    job.fail({base::ErrorCode::internal, "it died"}, at(3s));
    const wire::Job told = job.describe(at(4s));
    EXPECT_EQ(told.ledger().recorded(), 10U);
    EXPECT_EQ(told.state(), wire::JOB_FAILED);
    EXPECT_EQ(told.error().message(), "it died");
    EXPECT_EQ(told.error().code(), 9U);
    EXPECT_EQ(told.end_reason(), wire::END_FAILED);
    EXPECT_EQ(told.ended_ns(), 3'000'000'000);
    EXPECT_EQ(told.packets_per_second(), 0);
}

TEST(Job, RemainingIsNeverNoLimitByMistake) {
    Job job(1, order(12), 1 << 20, at(1s));
    EXPECT_EQ(job.remaining(at(5s)).packets(), 12U);
    EXPECT_EQ(job.remaining(at(5s)).duration_ns(), 0U);
    job.append(batch(0, 10), at(2s));
    EXPECT_EQ(job.remaining(at(5s)).packets(), 2U);
    job.append(batch(10, 10), at(2s));
    EXPECT_EQ(job.remaining(at(5s)).packets(), 1U);

    Order timed = order();
    timed.capture.mutable_until()->set_duration_ns(std::chrono::nanoseconds(60s).count());
    const Job by_time(2, timed, 1 << 20, at(1s));
    EXPECT_EQ(by_time.remaining(at(11s)).duration_ns(),
              static_cast<std::uint64_t>(std::chrono::nanoseconds(50s).count()));
    EXPECT_EQ(by_time.remaining(at(90s)).duration_ns(), 1U);
}

TEST(Job, IsDegradedWhileAnInterfaceIsDown) {
    Job job(1, order(), 1 << 20, at(1s));
    job.enter(wire::JOB_RUNNING);
    job.note(interface(wire::Notice::INTERFACE_DOWN));
    job.note(interface(wire::Notice::INTERFACE_DOWN));
    EXPECT_EQ(job.state(), wire::JOB_DEGRADED);
    job.note(interface(wire::Notice::INTERFACE_UP));
    EXPECT_EQ(job.state(), wire::JOB_DEGRADED);
    ASSERT_TRUE(job.enter(wire::JOB_CHANGING));
    job.note(interface(wire::Notice::OTHER));
    EXPECT_EQ(job.state(), wire::JOB_CHANGING);
    job.resume();
    EXPECT_EQ(job.state(), wire::JOB_DEGRADED);
    job.note(interface(wire::Notice::INTERFACE_UP));
    EXPECT_EQ(job.state(), wire::JOB_RUNNING);
}

TEST(Job, KeepsTheLatestNotices) {
    Job job(1, order(), 1 << 20, at(1s));
    for (int i = 0; i < 20; ++i) {
        wire::Notice notice;
        notice.set_text(std::to_string(i));
        job.note(notice);
    }
    EXPECT_EQ(job.notice_count(), 20U);
    EXPECT_EQ(job.first_notice(), 20 - Job::kNoticesKept);
    EXPECT_EQ(job.notice(19).text(), "19");
    EXPECT_EQ(job.notice(job.first_notice()).text(), "12");
}

TEST(Job, TellsWhoeverWatches) {
    Job job(1, order(), 1 << 20, at(1s));
    int calls = 0;
    const auto subscription = job.changed().subscribe([&] { ++calls; });
    job.enter(wire::JOB_RUNNING);
    job.append(batch(0, 1), at(2s));
    job.finish(wire::END_ASKED, at(3s));
    EXPECT_EQ(calls, 3);
    EXPECT_FALSE(job.enter(wire::JOB_RUNNING));
    EXPECT_EQ(calls, 3);
}

Moment after(std::chrono::seconds time) {
    return {1'000'000'000 + std::chrono::nanoseconds(time).count(),
            std::chrono::steady_clock::time_point(time)};
}

Job job_with_lifetime(std::chrono::seconds lifetime) {
    Order order;
    order.verdict = {
        .allowed = true, .rule = "rule 1 (p:1)", .terms = {.lifetime = lifetime}, .by_rule = true};
    return {1, order, 1000, after(std::chrono::seconds(0))};
}

TEST(JobLifetime, EndsUnlessRenewed) {
    using namespace std::chrono_literals;
    Job job = job_with_lifetime(10s);
    EXPECT_EQ(job.describe(after(0s)).expires_ns(), 11'000'000'000);
    EXPECT_EQ(job.describe(after(0s)).rule(), "rule 1 (p:1)");
    EXPECT_FALSE(job.has_expired(after(9s)));
    EXPECT_TRUE(job.has_expired(after(10s)));
    job.renew(10s, after(9s));
    EXPECT_FALSE(job.has_expired(after(18s)));
    EXPECT_TRUE(job.has_expired(after(19s)));
    job.renew(0s, after(9s));
    EXPECT_FALSE(job.has_expired(after(1h)));
    EXPECT_EQ(job.describe(after(0s)).expires_ns(), 0);
}

TEST(JobLifetime, AnotherVerdictShortensItAndNeverProlongsIt) {
    using namespace std::chrono_literals;
    Job job = job_with_lifetime(10s);
    job.take({.allowed = true, .terms = {.lifetime = 100s}}, after(5s));
    EXPECT_TRUE(job.has_expired(after(10s)));
    job.take({.allowed = true, .terms = {.lifetime = 2s}}, after(5s));
    EXPECT_TRUE(job.has_expired(after(7s)));
    job.take({.allowed = true}, after(6s));
    EXPECT_FALSE(job.has_expired(after(1h)));
}

TEST(JobLimits, ThePolicysFileLengthIsTheLessOfTheTwo) {
    struct Case {
        std::uint64_t asked, allowed, expected;
    };
    for (const Case& one : {Case{0, 0, 0}, Case{5, 0, 5}, Case{0, 7, 7}, Case{5, 7, 5}, Case{9, 7, 7}}) {
        Order order;
        order.capture.mutable_until()->set_file_bytes(one.asked);
        order.verdict.terms.saved_bytes = one.allowed;
        EXPECT_EQ(Job(1, order, 1000, {}).until().file_bytes(), one.expected);
    }
}

}  // namespace
}  // namespace packetsentry::jobs
