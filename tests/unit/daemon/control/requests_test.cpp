#include "daemon/control/requests.h"

#include "tests/unit/daemon/control/running_daemon.h"

namespace packetsentry::control {
namespace {

// What the first job of the answer has of packets.
wire::TableRows rows_of(const wire::Reply& reply) {
    return reply.jobs().job(0).rows_size() == 0 ? wire::TableRows() : reply.jobs().job(0).rows(0);
}

using namespace std::chrono_literals;

TEST_F(DaemonTest, StartFollowStop) {
    TestClient client(config.socket);
    client.hello();
    const wire::Reply started = client.ask(start("normal", false, "dns"));
    ASSERT_EQ(started.jobs().job_size(), 1) << started.error().message();
    EXPECT_EQ(started.jobs().job(0).id(), 1U);
    EXPECT_EQ(started.jobs().job(0).state(), wire::JOB_RUNNING);
    EXPECT_EQ(started.jobs().job(0).filter_text(), "text of normal");
    EXPECT_EQ(started.jobs().job(0).owner_uid(), ::geteuid());
    EXPECT_EQ(client.ask(list()).jobs().job_size(), 1);

    TestClient follower(config.socket);
    follower.hello();
    const wire::Reply reply = follower.ask(follow("dns", 1, false));
    ASSERT_TRUE(reply.has_jobs());
    std::thread reader([&] {
        Stream stream;
        stream.read(follower, reply.id());
        EXPECT_EQ(stream.rows + stream.lost, stream.ended.ledger().recorded());
        EXPECT_EQ(stream.ended.state(), wire::JOB_FINISHED);
    });
    std::this_thread::sleep_for(100ms);
    const wire::Reply stopped = client.ask(stop("dns"));
    reader.join();
    ASSERT_EQ(stopped.jobs().job_size(), 1);
    const wire::Job& job = stopped.jobs().job(0);
    EXPECT_EQ(job.state(), wire::JOB_FINISHED);
    EXPECT_EQ(job.end_reason(), wire::END_ASKED);
    ASSERT_EQ(job.rows_size(), 1);
    EXPECT_EQ(job.rows(0).table(), wire::TABLE_PACKETS);
    EXPECT_EQ(job.rows(0).kept() + job.rows(0).evicted(), job.ledger().recorded());
    EXPECT_EQ(client.ask(stop("dns")).jobs().job(0).ended_ns(), job.ended_ns());  // no error
}

TEST_F(DaemonTest, ResultsOfAFinishedJob) {
    TestClient client(config.socket);
    client.hello();
    client.ask(start("condition", false, "short"));
    until([](TestClient& other) {
        return other.ask(show("short")).jobs().job(0).state() == wire::JOB_FINISHED;
    });
    const wire::Reply reply = client.ask(follow("short", 1, true));
    Stream stream;
    stream.read(client, reply.id());
    EXPECT_EQ(stream.rows, 10U);
    EXPECT_EQ(stream.ended.end_reason(), wire::END_CONDITION);
}

TEST_F(DaemonTest, KeptOnlyEndsWhileTheJobRuns) {
    TestClient client(config.socket);
    client.hello();
    client.ask(start("normal", false, "long"));
    until([](TestClient& other) { return rows_of(other.ask(show("long"))).kept() > 20; });
    const wire::Reply reply = client.ask(follow("long", 1, true));
    Stream stream;
    stream.read(client, reply.id());
    EXPECT_GT(stream.rows, 20U);
    EXPECT_EQ(stream.ended.state(), wire::JOB_RUNNING);
}

TEST_F(DaemonTest, AForegroundJobStreamsAtOnceAndEndsWithItsClient) {
    {
        TestClient client(config.socket);
        client.hello();
        const wire::Reply reply = client.ask(start("normal", true, "mine"));
        ASSERT_TRUE(reply.has_jobs());
        const auto item = client.item();
        ASSERT_TRUE(item && item->has_rows());
        EXPECT_EQ(item->follow(), reply.id());
        EXPECT_EQ(item->rows().first_sequence(), 1U);
    }
    until([](TestClient& other) {
        return other.ask(show("mine")).jobs().job(0).state() == wire::JOB_FINISHED;
    });
}

TEST_F(DaemonTest, StopOfAForegroundJobComesWithAllItsRows) {
    TestClient client(config.socket);
    client.hello();
    const wire::Reply started = client.ask(start("normal", true, "mine"));
    std::this_thread::sleep_for(50ms);
    const wire::Reply stopped = client.ask(stop("mine"));
    EXPECT_EQ(stopped.jobs().job(0).state(), wire::JOB_FINISHED);
    Stream stream;
    stream.read(client, started.id());
    EXPECT_EQ(stream.rows, stopped.jobs().job(0).ledger().recorded());
    EXPECT_EQ(stream.lost, 0U);
}

// The follower asks and does not read; the job's window is small, so its rows are evicted.
TEST_F(DaemonTest, ASlowFollowerLosesRowsAndIsToldWhich) {
    TestClient client(config.socket);
    client.hello();
    client.ask(start("flood", false, "fast"));
    TestClient slow(config.socket);
    slow.hello();
    const wire::Reply reply = slow.ask(follow("fast", 1, false));
    until([](TestClient& other) { return rows_of(other.ask(show("fast"))).evicted() > 300'000; });
    const wire::Job stopped = client.ask(stop("fast")).jobs().job(0);
    Stream stream;
    stream.read(slow, reply.id());
    EXPECT_GT(stream.lost, 0U);
    EXPECT_EQ(stream.rows + stream.lost, stopped.ledger().recorded());
    EXPECT_LE(stopped.kept_bytes(), config.window_bytes);
}

TEST_F(DaemonTest, AFilterChangeOverTheSocket) {
    TestClient client(config.socket);
    client.hello();
    client.ask(start("first", false, "dns"));
    const wire::Reply refused = client.ask(change("dns", "refuse"));
    EXPECT_EQ(refused.error().code(), 4U);
    EXPECT_EQ(refused.error().message(), "no such filter");
    EXPECT_EQ(client.ask(show("dns")).jobs().job(0).filter_text(), "text of first");
    const wire::Reply changed = client.ask(change("dns", "second"));
    ASSERT_TRUE(changed.has_jobs()) << changed.error().message();
    EXPECT_EQ(changed.jobs().job(0).filter_text(), "text of second");
    EXPECT_EQ(changed.jobs().job(0).state(), wire::JOB_RUNNING);
}

TEST_F(DaemonTest, ErrorsNameWhatIsWrong) {
    TestClient client(config.socket);
    client.hello();
    wire::Request request = start("normal");
    request.mutable_start()->mutable_capture()->set_interface(0, "eth9");
    const wire::Reply reply = client.ask(request);
    EXPECT_EQ(reply.error().code(), 2U);
    EXPECT_EQ(reply.error().message().substr(0, 36), "no interface 'eth9'; there are: lo, ");
    EXPECT_EQ(client.ask(stop("none")).error().code(), 7U);
    EXPECT_EQ(client.ask(show("none")).error().code(), 7U);
    EXPECT_EQ(client.ask(follow("none", 1, false)).error().code(), 7U);
    EXPECT_EQ(client.ask(change("none", "x")).error().code(), 7U);
    EXPECT_EQ(client.ask(start("refuse")).error().code(), 4U);
    EXPECT_EQ(client.ask(status()).status().refused(), 6U);
    EXPECT_EQ(client.ask(list()).jobs().job_size(), 0);
}

TEST_F(DaemonTest, SoManyJobsAreStoppedAtOnce) {
    TestClient client(config.socket);
    client.hello();
    client.ask(start("quiet", false, "job"));
    wire::Request request;
    for (int i = 0; i < kJobsToStop; ++i) request.mutable_stop()->add_job("job");
    wire::Request more = request;
    more.mutable_stop()->add_job("job");
    EXPECT_EQ(client.ask(more).error().message(), "at most 128 jobs can be stopped at once");
    EXPECT_EQ(client.ask(show("job")).jobs().job(0).state(), wire::JOB_RUNNING);
    EXPECT_EQ(client.ask(request).jobs().job_size(), 1);
}

TEST_F(DaemonTest, JobsAreLimited) {
    TestClient client(config.socket);
    client.hello();
    for (int i = 0; i < 6; ++i) EXPECT_TRUE(client.ask(start("quiet")).has_jobs());
    EXPECT_EQ(client.ask(start("quiet")).error().code(), 1U);
    wire::Request all;
    all.mutable_stop()->set_all(true);
    EXPECT_EQ(client.ask(all).jobs().job_size(), 6);
    EXPECT_TRUE(client.ask(start("quiet")).has_jobs());
}

// Whatever the protocol has, the table of requests knows.
TEST_F(DaemonTest, EveryRequestOfTheProtocolIsKnown) {
    TestClient client(config.socket);
    client.hello();
    const auto* const kinds = wire::Request::descriptor()->FindOneofByName("message");
    for (int i = 0; i < kinds->field_count(); ++i) {
        wire::Request request;
        (void)wire::Request::GetReflection()->MutableMessage(&request, kinds->field(i));
        const wire::Reply reply = client.ask(request);
        EXPECT_EQ(reply.error().message().find("is not known"), std::string::npos) << kinds->field(i)->name();
    }
}

TEST_F(DaemonTest, WhatIsNotOfTheProtocolIsNotKept) {
    TestClient client(config.socket);
    client.hello();
    wire::Request request = start("quiet");
    auto& capture = *request.mutable_start()->mutable_capture();
    capture.GetReflection()->MutableUnknownFields(&capture)->AddLengthDelimited(
        1000, std::string(std::size_t{60} << 10, 'x'));
    ASSERT_EQ(client.ask(request).jobs().job_size(), 1);
    EXPECT_LT(client.ask(list()).ByteSizeLong(), 1000U);
    EXPECT_LT(std::filesystem::file_size(directory + "/jobs/1"), 1000U);
}

// Of jobs whose texts are as long as can be, the newest are told in full.
TEST_F(DaemonTest, AListIsWithinTheLimitOfAnAnswer) {
    constexpr int kJobs = 200;
    TestClient client(config.socket);
    client.hello();
    reread->kept_bytes = 123 << 20;
    reread->max_jobs = reread->max_jobs_per_user = reread->finished_jobs = kJobs;
    ASSERT_EQ(::kill(::getpid(), SIGHUP), 0);
    wire::Request request = start(std::string(4000, 'x'));
    request.mutable_start()->set_output_name(std::string(4096, 'x'));
    request.mutable_start()->mutable_capture()->mutable_until()->set_packets(1);
    until([&](TestClient& other) {
        return other.ask(status()).status().kept_bytes_limit() == reread->kept_bytes;
    });
    for (int i = 0; i < kJobs; ++i) client.ask(request);
    const wire::Reply reply = client.ask(list());
    ASSERT_EQ(reply.jobs().job_size(), kJobs);
    EXPECT_LT(reply.ByteSizeLong(), proto::kBatchFrameLimit);
    EXPECT_FALSE(reply.jobs().job(0).has_capture());
    EXPECT_EQ(reply.jobs().job(0).id(), 1U);
    EXPECT_TRUE(reply.jobs().job(kJobs - 1).has_capture());
    EXPECT_EQ(reply.jobs().job(kJobs - 1).id(), kJobs);
}

TEST_F(DaemonTest, AClientMayAskForMoreRedaction) {
    TestClient client(config.socket);
    client.hello();
    wire::Request request = start("normal");
    request.mutable_start()->mutable_capture()->mutable_redaction()->set_mask_addresses(true);
    const wire::Reply reply = client.ask(request);
    ASSERT_EQ(reply.jobs().job_size(), 1);
    EXPECT_TRUE(reply.jobs().job(0).terms().redaction().mask_addresses());
}

TEST_F(DaemonTest, ATableThatThereIsNotCannotBeFollowed) {
    TestClient client(config.socket);
    client.hello();
    ASSERT_TRUE(client.ask(start("long")).has_jobs());
    wire::Request request;
    request.mutable_follow()->set_job("1");
    request.mutable_follow()->set_table(static_cast<wire::Table>(99));
    EXPECT_EQ(client.ask(request).error().code(), 1U);
}

}  // namespace
}  // namespace packetsentry::control
