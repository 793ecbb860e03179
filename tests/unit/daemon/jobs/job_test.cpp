#include "daemon/jobs/job.h"

#include <gtest/gtest.h>

#include "tests/support/test_batch.h"
#include "tests/unit/daemon/jobs/moment_at.h"

namespace packetsentry::jobs {
namespace {

using namespace std::chrono_literals;

Order order(std::uint64_t packets = 0) {
    Order order;
    order.name = "dns";
    order.owner = 1000;
    order.capture.add_interface("lo");
    order.capture.mutable_until()->set_packets(packets);
    return order;
}

wire::Ledger recorded(std::uint64_t packets, std::uint64_t dropped = 0) {
    wire::Ledger ledger;
    ledger.set_recorded(packets);
    ledger.set_dropped_by_kernel(dropped);
    return ledger;
}

// Rows of the present worker as they come, with the counts that they lead to.
void append(Job& job, std::uint64_t first_number, std::uint32_t rows, Moment now) {
    job.append({wire::TABLE_PACKETS, first_number, rows, 1000, 1000 + 10 * (rows - 1)},
               test::test_batch_bytes(first_number, rows), test::test_ledger(first_number - 1 + rows), now);
}

wire::Notice interface(wire::Notice::Kind kind, const char* name) {
    wire::Notice notice;
    notice.set_kind(kind);
    notice.set_interface(name);
    notice.set_text("a word about it");
    return notice;
}

TEST(Job, CountsOverItsWorkers) {
    Job job(7, order(), 1 << 20, at(100s));
    job.enter(wire::JOB_RUNNING);
    job.begin_run();
    append(job, 1, 10, at(101s));
    job.report(recorded(10, 2), at(101s));
    job.fold_ledger(at(103s));
    job.begin_run();
    append(job, 1, 5, at(102s));
    job.report(recorded(5, 1), at(102s));
    const wire::Job told = job.describe(at(102s));
    EXPECT_EQ(told.ledger().recorded(), 15U);
    EXPECT_EQ(told.ledger().dropped_by_kernel(), 3U);
    ASSERT_EQ(told.rows_size(), 1);
    EXPECT_EQ(told.rows(0).table(), wire::TABLE_PACKETS);
    EXPECT_EQ(told.rows(0).kept() + told.rows(0).evicted(), told.ledger().recorded());
    EXPECT_EQ(told.run(), 2U);
    EXPECT_EQ(job.window().find(11)->first_sequence, 11U);
    EXPECT_EQ(job.window().find(11)->run, 2U);
    EXPECT_EQ(job.window().find(10)->run, 1U);
    EXPECT_EQ(told.id(), 7U);
    EXPECT_EQ(told.owner_uid(), 1000U);
    EXPECT_EQ(told.started_ns(), 100'000'000'000);
    EXPECT_GT(told.packets_per_second(), 0);
}

TEST(Job, CountsWhatIsNotSavedOnceSavingHasEnded) {
    Order saving = order();
    saving.output_name = "night.pcap";
    saving.capture.mutable_save()->set_format(wire::SAVE_PCAP);
    Job job(7, std::move(saving), 1 << 20, at(100s));
    job.enter(wire::JOB_RUNNING);
    wire::Ledger ledger = recorded(10);
    ledger.set_saved(6);
    job.report(ledger, at(101s));
    job.end_saving("No space left on device", at(102s).wall_ns);
    job.end_saving("and once more", at(103s).wall_ns);
    EXPECT_EQ(job.capture().save().format(), wire::SAVE_NONE);
    ledger = recorded(12);  // the worker's own last word
    ledger.set_saved(7);
    ledger.set_not_saved(5);
    job.report(ledger, at(102s));
    job.fold_ledger(at(103s));
    job.report(recorded(30), at(103s));  // of one that was given no output
    EXPECT_EQ(job.ledger().recorded(), 42U);
    EXPECT_EQ(job.ledger().saved(), 7U);
    EXPECT_EQ(job.ledger().not_saved(), 35U);
    std::uint64_t lost = 0;
    const wire::Job told = job.describe(at(104s));
    for (const wire::Loss& loss : told.loss()) lost += loss.packets();
    EXPECT_EQ(lost, 35U);
    EXPECT_EQ(told.output_name(), "night.pcap");
    EXPECT_EQ(told.saving_end().reason(), "No space left on device");
    EXPECT_EQ(told.saving_end().at_ns(), 102'000'000'000);
}

TEST(Job, CountsWhatIsNotSavedOnceSavingHasEndedWhileItWaited) {
    Job job(7, order(), 1 << 20, at(100s));
    job.enter(wire::JOB_RUNNING);
    job.report(recorded(10), at(101s));
    job.fold_ledger(at(103s));
    job.enter(wire::JOB_WAITING);
    job.end_saving("the output file was removed", at(102s).wall_ns);
    job.enter(wire::JOB_RUNNING);
    job.report(recorded(3), at(103s));
    EXPECT_EQ(job.ledger().not_saved(), 3U);
}

TEST(Job, TellsWhyAndByWhomItEnded) {
    const auto ended = [](Ending ending) {
        Job job(1, order(), 1 << 20, at(1s));
        job.enter(wire::JOB_RUNNING);
        job.ends_by(std::move(ending));
        job.ends_by({.because = "something that came later"});
        EXPECT_FALSE(job.describe(at(2s)).has_ended_by()) << "it has not ended yet";
        job.finish(wire::END_ASKED, at(3s));
        return job.describe(at(4s));
    };
    const wire::Job stopped = ended({.by = 0});
    EXPECT_TRUE(stopped.has_ended_by());
    EXPECT_EQ(stopped.ended_by(), 0U);
    EXPECT_EQ(stopped.ended_because(), "");
    const wire::Job expired = ended({.because = "its lifetime is over"});
    EXPECT_FALSE(expired.has_ended_by());
    EXPECT_EQ(expired.ended_because(), "its lifetime is over");
}

TEST(Job, TellsWhichLimitItReached) {
    const auto ended = [](void (*limit)(Order&)) {
        Order limited = order();
        limit(limited);
        Job job(1, std::move(limited), 1 << 20, at(1s));
        job.enter(wire::JOB_RUNNING);
        append(job, 1, 10, at(2s));
        wire::Ledger ledger = recorded(10);
        ledger.set_saved_bytes(4096);
        job.report(ledger, at(2s));
        job.ends_by({.because = "overtaken"});
        job.finish(wire::END_CONDITION, at(3s));
        return job.describe(at(4s)).ended_because();
    };
    EXPECT_EQ(ended([](Order& order) { order.capture.mutable_until()->set_packets(10); }),
              "it reached its limit of 10 packets");
    EXPECT_EQ(ended([](Order& order) { order.capture.mutable_until()->set_file_bytes(4096); }),
              "its file reached its limit of 4096 bytes");
    EXPECT_EQ(ended([](Order& order) { order.verdict.terms.saved_bytes = 4000; }),
              "its file reached its limit of 4000 bytes");
    EXPECT_EQ(ended([](Order& order) { order.capture.mutable_until()->set_duration_ns(7); }),
              "it reached its time limit");
}

TEST(Job, NoticesHaveTheirTimes) {
    Job job(1, order(), 1 << 20, at(1s));
    for (int i = 0; i < 10; ++i) job.note("number " + std::to_string(i), at(std::chrono::seconds(i)));
    const wire::Job told = job.describe(at(20s));
    ASSERT_EQ(told.notice_size(), static_cast<int>(Job::kNoticesKept));
    ASSERT_EQ(told.notice_ns_size(), told.notice_size());
    EXPECT_EQ(told.notice(0), "number 2");
    EXPECT_EQ(told.notice_ns(0), 2'000'000'000);
}

TEST(Job, RowsOfACrashedWorkerStayCounted) {
    Job job(1, order(), 1 << 20, at(1s));
    job.enter(wire::JOB_RUNNING);
    append(job, 1, 10, at(2s));
    job.fold_ledger(at(103s));
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
    append(job, 1, 10, at(2s));
    EXPECT_EQ(job.remaining(at(5s)).packets(), 2U);
    append(job, 11, 10, at(2s));
    EXPECT_EQ(job.remaining(at(5s)).packets(), 1U);

    Order timed = order();
    timed.capture.mutable_until()->set_duration_ns(std::chrono::nanoseconds(60s).count());
    const Job by_time(2, timed, 1 << 20, at(1s));
    EXPECT_EQ(by_time.remaining(at(11s)).duration_ns(),
              static_cast<std::uint64_t>(std::chrono::nanoseconds(50s).count()));
    EXPECT_EQ(by_time.remaining(at(90s)).duration_ns(), 1U);
}

TEST(Job, LimitsBeyondTheClockAreNeverReached) {
    for (const std::uint64_t most : {9'223'372'036'000'000'000ULL, (1ULL << 63) - 1, 1ULL << 63, ~0ULL}) {
        Order long_one = order(most);
        long_one.capture.mutable_until()->set_duration_ns(most);
        long_one.capture.mutable_until()->set_file_bytes(most);
        const Job job(1, long_one, 1 << 20, at(10s));
        const wire::Until rest = job.remaining(at(15s));
        EXPECT_EQ(rest.duration_ns(), most - 5'000'000'000);
        EXPECT_EQ(rest.packets(), most);
        EXPECT_EQ(rest.file_bytes(), most);
        // One that seems to have begun later has all of its time.
        EXPECT_EQ(job.remaining(at(5s)).duration_ns(), most);
    }
}

TEST(Job, ALifetimeBeyondTheClockHasNoEnd) {
    Job job(1, order(), 1 << 20, at(10s));
    for (const auto lifetime : {std::chrono::nanoseconds::max(), std::chrono::nanoseconds::max() - 9s}) {
        job.renew(lifetime, at(10s));
        EXPECT_EQ(job.expires_ns(), 0);
        EXPECT_FALSE(job.has_expired(at(20s)));
    }
    job.renew(std::chrono::nanoseconds::max() - 10s, at(10s));
    EXPECT_EQ(job.expires_ns(), std::chrono::nanoseconds::max().count());
    EXPECT_FALSE(job.has_expired(at(20s)));
    job.renew(5s, at(10s));
    EXPECT_FALSE(job.has_expired(at(14s)));
    EXPECT_TRUE(job.has_expired(at(15s)));
    job.renew(0s, at(10s));
    EXPECT_FALSE(job.has_expired(at(900s)));
}

TEST(Job, AnEndThatWasKeptIsTakenAtItsWord) {
    const std::int64_t most = std::chrono::nanoseconds::max().count();
    struct Case {
        std::int64_t wall_ns;
        bool in_five_seconds;  // it has ended by then
    };
    for (const Case& one :
         {Case{0, false}, Case{most, false}, Case{most - 1, false}, Case{13'000'000'000, true},
          Case{16'000'000'000, false}, Case{1, true}, Case{-1, true}, Case{-most - 1, true}}) {
        Job job(1, order(), 1 << 20, at(10s));
        job.expire_at(one.wall_ns, at(10s));
        EXPECT_EQ(job.has_expired(at(15s)), one.in_five_seconds) << one.wall_ns;
    }
}

TEST(Job, IsDegradedWhileAnInterfaceIsDown) {
    Order two = order();
    two.capture.add_interface("eth1");
    Job job(1, two, 1 << 20, at(1s));
    job.enter(wire::JOB_RUNNING);
    job.note(interface(wire::Notice::INTERFACE_DOWN, "lo"), at(2s));
    job.note(interface(wire::Notice::INTERFACE_DOWN, "eth1"), at(3s));
    EXPECT_EQ(job.state(), wire::JOB_DEGRADED);
    job.note(interface(wire::Notice::INTERFACE_UP, "lo"), at(4s));
    EXPECT_EQ(job.state(), wire::JOB_DEGRADED);
    ASSERT_TRUE(job.enter(wire::JOB_CHANGING));
    job.note(interface(wire::Notice::OTHER, ""), at(5s));
    EXPECT_EQ(job.state(), wire::JOB_CHANGING);
    job.enter_running();
    EXPECT_EQ(job.state(), wire::JOB_DEGRADED);
    job.note(interface(wire::Notice::INTERFACE_UP, "eth1"), at(6s));
    EXPECT_EQ(job.state(), wire::JOB_RUNNING);
    const wire::Job told = job.describe(at(7s));
    ASSERT_EQ(told.loss_size(), 1);
    EXPECT_EQ(told.loss(0).cause(), wire::Loss::INTERFACE_DOWN);
    EXPECT_EQ(told.loss(0).from_ns(), 2'000'000'000);
    EXPECT_EQ(told.loss(0).to_ns(), 6'000'000'000);
    EXPECT_FALSE(told.loss(0).uncounted());
}

TEST(Job, FollowsTheNamesOfItsInterfaces) {
    Order two = order();
    two.capture.add_interface("eth1");
    Job job(1, two, 1 << 20, at(1s));
    job.enter(wire::JOB_RUNNING);
    EXPECT_FALSE(job.look_at_interfaces({{"lo", {.index = 1}}, {"eth1", {.index = 5}}}));
    EXPECT_EQ(job.interface_indices(), (std::vector<std::uint32_t>{1, 5}));
    job.note(interface(wire::Notice::INTERFACE_DOWN, "eth1"), at(2s));
    EXPECT_EQ(job.state(), wire::JOB_DEGRADED);
    EXPECT_TRUE(
        job.look_at_interfaces({{"lo", {.index = 1}}, {"lan0", {.index = 5}}, {"eth1", {.index = 6}}}));
    EXPECT_EQ(job.describe(at(3s)).capture().interface(1), "lan0");
    job.note(interface(wire::Notice::INTERFACE_UP, "lan0"), at(4s));
    EXPECT_EQ(job.state(), wire::JOB_RUNNING);
}

// A taken-over worker invents interfaces: they are none of the job's.
TEST(Job, KnowsNoInterfaceThatWasNotOrdered) {
    Job job(1, order(), 1 << 20, at(1s));
    job.enter(wire::JOB_RUNNING);
    job.note(interface(wire::Notice::INTERFACE_GONE, "eth9"), at(2s));
    EXPECT_EQ(job.state(), wire::JOB_RUNNING);
    EXPECT_TRUE(job.interfaces_gone().empty());
}

TEST(Job, BalancesBetweenReportsToo) {
    Job job(1, order(), 1 << 20, at(1s));
    job.enter(wire::JOB_RUNNING);
    wire::Ledger ledger = recorded(10);
    ledger.set_delivered(10);
    ledger.set_received(12);
    ledger.set_unread(2);
    append(job, 1, 10, at(2s));
    job.report(ledger, at(2s));
    append(job, 11, 5, at(3s));
    job.fold_ledger(at(103s));
    const wire::Ledger now = job.ledger();
    EXPECT_EQ(now.recorded(), 15U);
    EXPECT_EQ(now.delivered(), now.recorded() + now.shed() + now.filtered());
    EXPECT_EQ(now.received(), now.delivered() + now.dropped_by_kernel());
    EXPECT_EQ(now.unread(), 0U) << "of a worker that is no more";
}

TEST(Job, DatesWhatTheRingLost) {
    Job job(1, order(), 1 << 20, at(1s));
    job.enter(wire::JOB_RUNNING);
    job.report(recorded(0, 5), at(2s));
    job.report(recorded(0, 7), at(3s));  // the same flood
    job.report(recorded(0, 7), at(10s));
    job.report(recorded(0, 8), at(11s));
    const wire::Job told = job.describe(at(12s));
    ASSERT_EQ(told.loss_size(), 2);
    EXPECT_EQ(told.loss(0).cause(), wire::Loss::RING_FULL);
    EXPECT_EQ(told.loss(0).packets(), 7U);
    EXPECT_EQ(told.loss(0).from_ns(), 1'000'000'000);
    EXPECT_EQ(told.loss(0).to_ns(), 3'000'000'000);
    EXPECT_EQ(told.loss(1).packets(), 1U);
    EXPECT_EQ(told.losses(), 2U);
}

TEST(Job, BoundsWhatAWorkerThatDiedTookAlong) {
    Job job(1, order(), 1 << 20, at(1s));
    job.enter(wire::JOB_RUNNING);
    job.count_interfaces({{"lo", {1, 100, 0}}});
    job.report(recorded(0), at(2s));
    append(job, 1, 10, at(2s));
    job.count_interfaces({{"lo", {1, 150, 3}}, {"eth0", {2, 999, 9}}});
    job.fold_ledger(at(103s));
    job.begin_loss(wire::Loss::WORKER_DIED, at(3s), true);
    job.count_interfaces({{"lo", {1, 170, 3}}});
    job.end_loss(wire::Loss::WORKER_DIED, at(4s));
    const wire::Job told = job.describe(at(5s));
    ASSERT_EQ(told.loss_size(), 1);
    EXPECT_TRUE(told.loss(0).at_most());
    EXPECT_EQ(told.loss(0).packets(), 60U);  // 70 passed since the report, 10 of them are rows
    EXPECT_EQ(told.loss(0).from_ns(), 2'000'000'000);
    EXPECT_EQ(told.interface_dropped(), 3U);
}

// As it stood when the daemon was killed: what came after is told as its absence.
TEST(Job, WhatWentOnWhenTheDaemonEndedEndsThen) {
    wire::StoredJob before;
    before.set_alive_ns(5'000);
    wire::Loss& loss = *before.add_loss();
    loss.set_cause(wire::Loss::INTERFACE_DOWN);
    loss.set_from_ns(1'000);
    before.set_losses(1);
    const Job job(Order{}, 1 << 20, at(9s), before);
    const wire::Job told = job.describe(at(9s));
    ASSERT_EQ(told.loss_size(), 1);
    EXPECT_EQ(told.loss(0).to_ns(), 5'000);
}

TEST(Job, KeepsTheLatestNotices) {
    Job job(1, order(), 1 << 20, at(1s));
    for (int i = 0; i < 20; ++i) {
        wire::Notice notice;
        notice.set_text(std::to_string(i));
        job.note(notice, at(2s));
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
    append(job, 1, 1, at(2s));
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

TEST(JobTerms, RowsOfLooserOnesAreToldApart) {
    using Terms = policy::Terms;
    struct Step {
        Terms terms;
        bool rows_before_show_more;
    };
    Job job(1, order(), 1 << 20, at(0s));
    EXPECT_LE(job.first_under_terms(wire::TABLE_PACKETS), 1U);
    const std::vector<Step> steps = {
        {Terms{.packets_per_second = 5}, false},
        {Terms{.redaction = {.mask_addresses = true}}, true},
        {Terms{}, false},  // what is masked stays so
        {Terms{.filter = "udp", .snapshot_length = 64}, true},
        {Terms{.filter = "udp", .snapshot_length = 96}, false},
        {Terms{.filter = "udp", .snapshot_length = 64}, true},
        {Terms{.filter = "tcp", .snapshot_length = 64}, true},
        {Terms{.snapshot_length = 64}, false},
        {Terms{.snapshot_length = 64, .redaction = {.headers_only = true}}, false},
    };
    std::uint64_t expected = job.first_under_terms(wire::TABLE_PACKETS);
    std::uint64_t taken = job.verdicts_taken();
    for (const Step& step : steps) {
        append(job, 1, 10, at(1s));
        job.take({.allowed = true, .terms = step.terms}, at(1s));
        if (step.rows_before_show_more) expected = job.window().next_sequence();
        EXPECT_EQ(job.first_under_terms(wire::TABLE_PACKETS), expected) << policy::describe(step.terms);
        EXPECT_EQ(job.verdicts_taken(), ++taken);
    }
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
