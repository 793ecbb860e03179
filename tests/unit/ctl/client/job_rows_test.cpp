#include "ctl/client/job_rows.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "tests/unit/ctl/batch_maker.h"
#include "tests/unit/ctl/client/scripted_daemon.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

// The next event, waiting for it.
Event next_event(RowSource& source) {
    for (;;) {
        auto event = source.next();
        EXPECT_TRUE(event);
        if (event && *event) return std::move(**event);
        EXPECT_TRUE(source.channel().wait_readable(5000).value_or(false));
        if (!source.channel().receive().value_or(false)) return End{{}, source.lost()};
    }
}

TEST(JobRows, AStartedJobsRowsUntilItEnds) {
    std::size_t descriptors = 0;
    bool foreground = false;
    std::string stopped;
    ScriptedDaemon daemon([&](ScriptedDaemon& self, const wire::Request& request) {
        if (request.has_stop()) {
            stopped = request.stop().job(0);
            self.reply_job(request.id());
            self.item(
                2, [](wire::StreamItem& item) { item.mutable_ended()->mutable_ledger()->set_received(9); });
            return;
        }
        descriptors = self.descriptors();
        foreground = request.start().foreground();
        self.reply_job(request.id());
        self.item(request.id() + 100, [](wire::StreamItem& item) { item.mutable_gap()->set_first(1); });
        self.item(request.id(), [](wire::StreamItem& item) {
            BatchMaker maker;
            maker.row({.protocol = maker.protocol("X", "", false, {})});
            item.mutable_rows()->set_first_sequence(41);
            item.mutable_rows()->set_batch(maker.batch().SerializeAsString());
        });
    });
    auto connection = Connection::open(daemon.path);
    ASSERT_TRUE(connection) << connection.error().message;
    wire::StartJob request;
    request.set_foreground(true);
    const auto rows = JobRows::start(std::move(*connection), request, STDERR_FILENO);
    ASSERT_TRUE(rows) << rows.error().message;
    EXPECT_EQ((*rows)->job().id(), 7U);
    EXPECT_EQ(descriptors, 1U);
    EXPECT_TRUE(foreground);

    const Event first = next_event(**rows);  // not the item of a stream that is not ours
    ASSERT_TRUE(std::holds_alternative<Rows>(first));
    EXPECT_EQ(std::get<Rows>(first).first_sequence, 41U);
    EXPECT_EQ(std::get<Rows>(first).view->rows(), 1U);
    EXPECT_EQ(std::get<Rows>(first).job, 7U);
    EXPECT_EQ(std::get<Rows>(first).job_name, "");

    EXPECT_TRUE((*rows)->stop().value_or(false));
    const Event last = next_event(**rows);
    ASSERT_TRUE(std::holds_alternative<End>(last));
    EXPECT_EQ(std::get<End>(last).ledger.received(), 9U);
    EXPECT_FALSE(std::get<End>(last).error);
    EXPECT_EQ(stopped, "7");
}

// What a client does whose policy forbids it to stop jobs, with a daemon that does not know better.
TEST(JobRows, AStopThatIsRefusedIsHeard) {
    ScriptedDaemon daemon([](ScriptedDaemon& self, const wire::Request& request) {
        if (!request.has_stop()) {
            self.reply_job(request.id());
            self.item(request.id(), [](wire::StreamItem& item) {
                item.mutable_update()->mutable_ledger()->set_received(4);
            });
            return;
        }
        self.reply(request.id(), [](wire::Reply& reply) {
            reply.mutable_error()->set_code(5);
            reply.mutable_error()->set_message("rule 1 does not allow 'stop'");
        });
    });
    auto connection = Connection::open(daemon.path);
    ASSERT_TRUE(connection);
    const auto rows = JobRows::start(std::move(*connection), {}, -1);
    ASSERT_TRUE(rows);
    ASSERT_TRUE(std::holds_alternative<Counts>(next_event(**rows)));
    EXPECT_TRUE((*rows)->stop().value_or(false));
    const Event last = next_event(**rows);
    ASSERT_TRUE(std::holds_alternative<End>(last));
    EXPECT_EQ(std::get<End>(last).ledger.received(), 4U);
    ASSERT_TRUE(std::get<End>(last).error);
    EXPECT_EQ(std::get<End>(last).error->code, ErrorCode::not_permitted);
    EXPECT_NE(std::get<End>(last).error->message.find("rule 1 does not allow 'stop'"), std::string::npos);
}

// The end of a job that the daemon no longer knows is on its way.
TEST(JobRows, AStopThatComesTooLateIsNoRefusal) {
    ScriptedDaemon daemon([](ScriptedDaemon& self, const wire::Request& request) {
        if (!request.has_stop()) return self.reply_job(request.id());
        self.reply(request.id(), [](wire::Reply& reply) { reply.mutable_error()->set_code(7); });
        self.item(2, [](wire::StreamItem& item) { item.mutable_ended()->mutable_ledger()->set_received(9); });
    });
    auto connection = Connection::open(daemon.path);
    ASSERT_TRUE(connection);
    const auto rows = JobRows::start(std::move(*connection), {}, -1);
    ASSERT_TRUE(rows);
    EXPECT_TRUE((*rows)->stop().value_or(false));
    const Event last = next_event(**rows);
    ASSERT_TRUE(std::holds_alternative<End>(last));
    EXPECT_EQ(std::get<End>(last).ledger.received(), 9U);
    EXPECT_FALSE(std::get<End>(last).error);
}

// What it sent before it went is read first, and is not lost for a stop that finds nobody.
TEST(JobRows, ADaemonThatHasGoneIsToldAfterWhatItSent) {
    auto daemon = std::make_unique<ScriptedDaemon>([](ScriptedDaemon& self, const wire::Request& request) {
        self.reply_job(request.id());
        self.item(request.id(),
                  [](wire::StreamItem& item) { item.mutable_update()->mutable_ledger()->set_received(4); });
        self.hang_up();
    });
    auto connection = Connection::open(daemon->path);
    ASSERT_TRUE(connection);
    const auto rows = JobRows::start(std::move(*connection), {}, -1);
    ASSERT_TRUE(rows);
    daemon.reset();
    EXPECT_TRUE((*rows)->stop().value_or(false));
    EXPECT_TRUE(std::holds_alternative<Counts>(next_event(**rows)));
    const Event last = next_event(**rows);
    ASSERT_TRUE(std::holds_alternative<End>(last));
    EXPECT_EQ(std::get<End>(last).error->code, ErrorCode::unreachable);
}

TEST(JobRows, FollowingStopsWithoutAWordToTheDaemon) {
    ScriptedDaemon daemon([](ScriptedDaemon& self, const wire::Request& request) {
        EXPECT_TRUE(request.has_follow());
        self.reply_job(request.id());
    });
    auto connection = Connection::open(daemon.path);
    ASSERT_TRUE(connection);
    wire::Follow request;
    request.set_from_sequence(1);
    const auto rows = JobRows::follow(std::move(*connection), request);
    ASSERT_TRUE(rows);
    EXPECT_TRUE((*rows)->from_start());
    EXPECT_FALSE((*rows)->stop().value_or(true));
}

TEST(JobRows, AFailedJobIsAnError) {
    ScriptedDaemon daemon([](ScriptedDaemon& self, const wire::Request& request) {
        self.reply_job(request.id());
        self.item(request.id(), [](wire::StreamItem& item) {
            item.mutable_ended()->mutable_error()->set_code(2);
            item.mutable_ended()->mutable_error()->set_message("eth0 is gone");
        });
    });
    auto connection = Connection::open(daemon.path);
    ASSERT_TRUE(connection);
    const auto rows = JobRows::follow(std::move(*connection), {});
    ASSERT_TRUE(rows);
    const Event last = next_event(**rows);
    ASSERT_TRUE(std::holds_alternative<End>(last));
    EXPECT_EQ(std::get<End>(last).error->code, ErrorCode::interface);
    EXPECT_EQ(std::get<End>(last).error->message, "eth0 is gone");
}

}  // namespace
}  // namespace packetsentry::ctl
