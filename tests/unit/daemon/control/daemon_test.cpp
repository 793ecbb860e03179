// A whole daemon on a real socket, with fake_worker in the worker's place.
#include "daemon/control/daemon.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "daemon/control/service_manager.h"
#include "proto/batch.pb.h"
#include "tests/unit/daemon/control/test_client.h"

namespace packetsentry::control {
namespace {

using namespace std::chrono_literals;

config::Config small_config(const std::string& directory) {
    config::Config config;
    config.socket = directory + "/control.sock";
    config.state_dir = directory;
    config.max_jobs = 6;
    config.max_clients = 12;
    config.max_clients_per_user = 10;
    config.max_streams_per_user = 20;
    config.window_bytes = 64 * 1024;
    return config;
}

std::string made_directory() {
    std::string pattern = testing::TempDir() + "daemon-XXXXXX";
    return ::mkdtemp(pattern.data());
}

struct DaemonTest : testing::Test {
    explicit DaemonTest(policy::Rules rules = {::geteuid(), std::nullopt, "packetsentry"})
        : directory(made_directory()),
          config(small_config(directory)),
          made{ControlSocket::open(config.socket, std::nullopt).value(), std::move(rules), {}},
          reread(config),
          daemon(config, made, FAKE_WORKER, [this] { return reread; }),
          thread([this] { daemon.run(); }) {}
    ~DaemonTest() override {
        daemon.stop();
        if (thread.joinable()) thread.join();
        std::filesystem::remove_all(directory);
    }

    static wire::Request start(const std::string& behaviour, bool foreground = false,
                               const std::string& name = "") {
        wire::Request request;
        auto& job = *request.mutable_start();
        job.mutable_capture()->add_interface("lo");
        job.mutable_capture()->mutable_filter()->set_bpf(behaviour);
        job.set_foreground(foreground);
        job.set_name(name);
        return request;
    }
    static wire::Request stop(const std::string& job) {
        wire::Request request;
        request.mutable_stop()->add_job(job);
        return request;
    }
    static wire::Request show(const std::string& job) {
        wire::Request request;
        request.mutable_show()->set_job(job);
        return request;
    }
    static wire::Request follow(const std::string& job, std::uint64_t from, bool kept_only) {
        wire::Request request;
        request.mutable_follow()->set_job(job);
        request.mutable_follow()->set_from_sequence(from);
        request.mutable_follow()->set_kept_only(kept_only);
        return request;
    }
    static wire::Request list() {
        wire::Request request;
        request.mutable_list();
        return request;
    }
    static wire::Request status() {
        wire::Request request;
        request.mutable_status();
        return request;
    }
    static wire::Request change(const std::string& job, const std::string& behaviour) {
        wire::Request request;
        request.mutable_filter()->set_job(job);
        request.mutable_filter()->mutable_filter()->set_bpf(behaviour);
        return request;
    }
    std::size_t open_descriptors() const {
        const std::filesystem::directory_iterator all("/proc/self/fd");
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }
    // Asked again and again by a client of its own.
    void until(const std::function<bool(TestClient&)>& condition) {
        TestClient client(config.socket);
        client.hello();
        for (int i = 0; i < 1000; ++i) {
            if (condition(client)) return;
            std::this_thread::sleep_for(5ms);
        }
        ADD_FAILURE() << "it never came true";
    }

    std::string directory;
    config::Config config;
    Started made;
    base::Result<config::Config> reread;  // what the next reload finds
    Daemon daemon;
    std::thread thread;
};

// What a stream brought, rows and gaps joined.
struct Stream {
    std::uint64_t next = 1;
    std::uint64_t rows = 0;
    std::uint64_t lost = 0;
    wire::Job ended;

    void read(TestClient& client, std::uint64_t follow) {
        while (const auto item = client.item()) {
            EXPECT_EQ(item->follow(), follow);
            if (item->has_rows()) take(item->rows());
            if (item->has_gap()) take(item->gap());
            if (!item->has_ended()) continue;
            ended = item->ended();
            return;
        }
        ADD_FAILURE() << "the stream has no end";
    }
    void take(const wire::Rows& message) {
        wire::Batch batch;
        ASSERT_TRUE(batch.ParseFromString(message.batch()));
        EXPECT_EQ(message.first_sequence(), next);
        rows += batch.rows();
        next += batch.rows();
    }
    void take(const wire::Gap& gap) {
        EXPECT_EQ(gap.first(), next);
        lost += gap.last() - gap.first() + 1;
        next = gap.last() + 1;
    }
};

TEST_F(DaemonTest, GreetsAndTellsItsStatus) {
    TestClient client(config.socket);
    const wire::Reply hello = client.hello();
    EXPECT_EQ(hello.hello().version(), 1U);
    EXPECT_EQ(hello.hello().daemon(), "packetsentryd " PACKETSENTRY_VERSION);
    const wire::Reply reply = client.ask(status());
    EXPECT_EQ(reply.status().pid(), static_cast<std::uint32_t>(::getpid()));
    EXPECT_EQ(reply.status().clients(), 1U);
    EXPECT_EQ(reply.status().socket(), config.socket);
    EXPECT_EQ(reply.status().live_jobs(), 0U);
}

TEST_F(DaemonTest, WithoutAHelloThereIsNothing) {
    TestClient client(config.socket);
    const wire::Reply reply = client.ask(status());
    EXPECT_EQ(reply.error().code(), 1U);
    EXPECT_EQ(client.next(), std::nullopt);
}

TEST_F(DaemonTest, AnotherVersionIsSentAway) {
    TestClient client(config.socket);
    wire::Request request;
    request.mutable_hello()->set_version(2);
    EXPECT_EQ(client.ask(request).error().code(), 1U);
    EXPECT_EQ(client.next(), std::nullopt);
}

TEST_F(DaemonTest, AnUnknownRequestGetsAnErrorAndTheConnectionStays) {
    TestClient client(config.socket);
    client.hello();
    const wire::Reply reply = client.ask(wire::Request());
    EXPECT_EQ(reply.error().code(), 1U);
    EXPECT_EQ(reply.error().message(), "this request is not known to packetsentryd " PACKETSENTRY_VERSION);
    EXPECT_TRUE(client.ask(status()).has_status());
    EXPECT_EQ(client.hello().error().message(), "hello was said before");
}

TEST_F(DaemonTest, WhatIsNoRequestEndsTheConnection) {
    const std::array kCases = {
        std::string("\x03\x00\x00\x00\xff\xff\xff", 7),  // no protobuf
        std::string("\x00\x00\x00\x00", 4),              // no id
        std::string("\x01\x00\x01\x00", 4),              // 65537 bytes
        std::string("\xff\xff\xff\xff", 4),
    };
    for (const std::string& bytes : kCases) {
        TestClient client(config.socket);
        client.hello();
        client.send_raw(bytes);
        const auto reply = client.next();
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->reply().id(), 0U);
        EXPECT_EQ(reply->reply().error().code(), 1U);
        EXPECT_EQ(client.next(), std::nullopt);
    }
}

TEST_F(DaemonTest, DescriptorsNotAskedForAreClosed) {
    TestClient client(config.socket);
    client.hello();
    const base::UniqueFd null(::open("/dev/null", O_RDONLY));
    const std::array descriptors{null.get(), null.get(), null.get()};
    client.ask(status());
    const std::size_t before = open_descriptors();
    for (int i = 0; i < 200; ++i) {
        EXPECT_TRUE(client.ask(status(), descriptors).has_status());
        EXPECT_TRUE(client.ask(wire::Request(), descriptors).has_error());
        EXPECT_TRUE(client.ask(start("normal"), descriptors).has_error());
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST_F(DaemonTest, TooManyDescriptorsEndTheConnection) {
    TestClient client(config.socket);
    client.hello();
    const std::size_t before = open_descriptors();
    std::array<int, 8> descriptors{};
    descriptors.fill(STDERR_FILENO);
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof descriptors)> control{};
    char byte = 0;
    iovec part{&byte, 1};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    cmsghdr* message = CMSG_FIRSTHDR(&header);
    message->cmsg_level = SOL_SOCKET;
    message->cmsg_type = SCM_RIGHTS;
    message->cmsg_len = CMSG_LEN(sizeof descriptors);
    std::memcpy(CMSG_DATA(message), descriptors.data(), sizeof descriptors);
    ASSERT_EQ(::sendmsg(client.fd(), &header, 0), 1);
    EXPECT_EQ(client.next()->reply().error().message(), "more descriptors than a message may carry");
    EXPECT_EQ(client.next(), std::nullopt);
    until([&](TestClient&) { return open_descriptors() <= before + 1; });
}

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
    EXPECT_EQ(job.kept() + job.evicted(), job.ledger().recorded());
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
    until([](TestClient& other) { return other.ask(show("long")).jobs().job(0).kept() > 20; });
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
    until([](TestClient& other) { return other.ask(show("fast")).jobs().job(0).evicted() > 300'000; });
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

TEST_F(DaemonTest, AReloadTakesWhatIsRightAndLeavesWhatIsWrong) {
    TestClient client(config.socket);
    client.hello();
    reread->kept_bytes = 123 << 20;
    reread->socket = "/elsewhere";
    ASSERT_EQ(::kill(::getpid(), SIGHUP), 0);
    const auto limit = [](TestClient& asked) { return asked.ask(status()).status().kept_bytes_limit(); };
    until([&](TestClient& asked) { return limit(asked) == 123 << 20; });
    EXPECT_EQ(client.ask(status()).status().socket(), config.socket) << "that takes a restart";
    reread = base::fail(base::ErrorCode::usage, "/etc/x.toml:3: unknown key 'a'");
    ASSERT_EQ(::kill(::getpid(), SIGHUP), 0);
    std::this_thread::sleep_for(50ms);
    EXPECT_EQ(limit(client), 123U << 20);
}

TEST_F(DaemonTest, ChurnLeavesNothingBehind) {
    const auto once = [&] {
        TestClient client(config.socket);
        client.hello();
        client.send(start("normal", true));
        // Gone, in the midst of it.
    };
    once();
    const auto quiet = [&](TestClient& client) {
        return client.ask(status()).status().live_jobs() == 0 && client.ask(status()).status().clients() == 1;
    };
    until(quiet);
    const std::size_t before = open_descriptors();
    for (int i = 0; i < 20; ++i) {
        once();
        until(quiet);
    }
    // Both ends of the connection of who asks are open then.
    until([&](TestClient&) { return open_descriptors() <= before + 2; });
}

TEST_F(DaemonTest, StoppingFinishesJobsAndTellsFollowers) {
    TestClient client(config.socket);
    client.hello();
    const wire::Reply started = client.ask(start("normal", true, "mine"));
    daemon.stop();
    Stream stream;
    stream.read(client, started.id());
    EXPECT_EQ(stream.ended.state(), wire::JOB_FINISHED);
    EXPECT_EQ(stream.rows, stream.ended.ledger().recorded());
    thread.join();
    EXPECT_EQ(client.next(), std::nullopt);
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

TEST_F(DaemonTest, ThePolicysFieldsAreNotAClients) {
    TestClient client(config.socket);
    client.hello();
    wire::Request request = start("normal");
    auto& capture = *request.mutable_start()->mutable_capture();
    capture.set_required_filter("x");
    capture.set_packets_per_second(1);
    capture.set_snapshot_limit(1);
    capture.set_file_bytes_limit(1);
    capture.mutable_redaction()->set_mask_addresses(true);
    const wire::Reply reply = client.ask(request);
    ASSERT_EQ(reply.jobs().job_size(), 1);
    const wire::CaptureSpec& taken = reply.jobs().job(0).capture();
    EXPECT_EQ(taken.required_filter(), "");
    EXPECT_EQ(taken.packets_per_second(), 0U);
    EXPECT_EQ(taken.snapshot_limit(), 0U);
    EXPECT_EQ(taken.file_bytes_limit(), 0U);
    EXPECT_TRUE(taken.redaction().mask_addresses()) << "more redaction may be asked for";
}

TEST_F(DaemonTest, AReloadWithAPolicyThatIsNoneChangesNothing) {
    TestClient client(config.socket);
    client.hello();
    reread->policy = directory + "/none.toml";
    reread->max_jobs = 1;
    ASSERT_EQ(::kill(::getpid(), SIGHUP), 0);
    std::this_thread::sleep_for(50ms);
    EXPECT_TRUE(client.ask(start("normal")).has_jobs());
    EXPECT_TRUE(client.ask(start("normal")).has_jobs());
}

// Clients of somebody who is no root and in the socket's group.
struct MemberTest : DaemonTest {
    MemberTest() : DaemonTest({::geteuid(), ::getegid(), "packetsentry"}) {
        std::filesystem::permissions(directory, std::filesystem::perms{0755});
    }
};

TEST_F(MemberTest, ConnectionsAreLimitedByUser) {
    const AsSomebody member;
    std::deque<TestClient> clients;
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(clients.emplace_back(config.socket).hello().has_hello());
    {
        TestClient eleventh(config.socket);
        const auto reply = eleventh.next();
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->reply().error().code(), 6U);
        EXPECT_EQ(reply->reply().error().message(),
                  "you have 10 connections to packetsentryd, which is the limit; end one of your clients");
        EXPECT_EQ(eleventh.next(), std::nullopt);
    }
    clients.pop_back();
    for (int i = 0; i < 1000; ++i) {
        TestClient again(config.socket);
        wire::Request request;
        request.set_id(1);
        request.mutable_hello()->set_version(1);
        again.send(request);
        const auto reply = again.next();
        if (reply && reply->reply().has_hello()) return;
        std::this_thread::sleep_for(5ms);
    }
    ADD_FAILURE() << "the place was never free again";
}

TEST_F(MemberTest, StreamsAreLimitedByUser) {
    const AsSomebody member;
    std::deque<TestClient> clients;
    for (int i = 0; i < 2; ++i) clients.emplace_back(config.socket).hello();
    clients[0].ask(start("quiet", false, "job"));
    for (int i = 0; i < 20; ++i)
        EXPECT_TRUE(clients[static_cast<std::size_t>(i % 2)].ask(follow("job", 1, false)).has_jobs());
    const wire::Reply reply = clients[1].ask(follow("job", 1, false));
    EXPECT_EQ(reply.error().code(), 1U);
    EXPECT_EQ(reply.error().message(),
              "you follow 20 jobs already, which is the limit; end one of your clients");
    EXPECT_TRUE(clients[1].ask(start("quiet", true)).has_error());
    const wire::Status now = clients[1].ask(status()).status();
    EXPECT_EQ(now.streams(), 20U);
    ASSERT_EQ(now.refusals_size(), 1);
    EXPECT_EQ(now.refusals(0).kind(), "streams");
    EXPECT_EQ(now.refusals(0).count(), 2U);
    clients.pop_front();
    until([](TestClient& other) { return other.ask(status()).status().streams() == 10; });
}

// 200 at once and 100 a second; what is beyond waits, and is answered.
TEST_F(MemberTest, RequestsBeyondTheirRateWait) {
    const AsSomebody member;
    TestClient client(config.socket);
    client.hello();
    const auto begin = std::chrono::steady_clock::now();
    constexpr int kRequests = 230;
    wire::Request request = status();
    for (int i = 1; i <= kRequests; ++i) {
        request.set_id(static_cast<std::uint64_t>(1000 + i));
        client.send(request);
    }
    const wire::Reply last = client.reply(1000 + kRequests);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 250ms);
    EXPECT_GE(last.status().delayed_requests(), 20U);
}

// The daemon's user is somebody else here, and there is no group.
struct StrangerTest : DaemonTest {
    StrangerTest() : DaemonTest({4242, std::nullopt, "packetsentry"}) {}
};

TEST_F(StrangerTest, IsSentAwayWithTheMendingCommand) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may do all";
    TestClient client(config.socket);
    const auto reply = client.next();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->reply().error().code(), 5U);
    EXPECT_NE(reply->reply().error().message().find("groupadd"), std::string::npos);
    EXPECT_EQ(client.next(), std::nullopt);
}

TEST(ServiceManager, IsQuietWithoutSystemd) {
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
    ::unsetenv("LISTEN_FDS");
    EXPECT_EQ(watchdog_interval(), std::nullopt);
    const auto handed = take_handed();
    ASSERT_TRUE(handed);
    EXPECT_FALSE(handed->socket);
    EXPECT_TRUE(handed->kept.empty());
    keep_descriptor("7", 0);  // nowhere to go
    release_descriptor("7");
}

}  // namespace
}  // namespace packetsentry::control
