#include "daemon/control/session.h"

#include <fcntl.h>

#include <array>

#include "tests/support/pass_descriptors.h"
#include "tests/unit/daemon/control/running_daemon.h"

namespace packetsentry::control {
namespace {

using namespace std::chrono_literals;

TEST_F(DaemonTest, WithoutAHelloThereIsNothing) {
    TestClient client(config.socket);
    const wire::Reply reply = client.ask(status());
    EXPECT_EQ(reply.error().code(), 1U);
    EXPECT_EQ(client.next(), std::nullopt);
}

TEST_F(DaemonTest, AnotherVersionIsSentAway) {
    TestClient client(config.socket);
    wire::Request request;
    request.mutable_hello()->set_version(1);
    request.mutable_hello()->set_client("packetsentryctl 0.0.9");
    const wire::Reply reply = client.ask(request);
    EXPECT_EQ(reply.error().code(), 1U);
    EXPECT_EQ(
        reply.error().message(),
        "packetsentryctl 0.0.9 speaks version 1 of the protocol, and packetsentryd " PACKETSENTRY_VERSION
        " speaks version 2; install the same version of both");
    EXPECT_EQ(client.next(), std::nullopt);
}

TEST_F(DaemonTest, AnUnknownRequestGetsAnErrorAndTheConnectionStays) {
    TestClient client(config.socket);
    client.hello();
    const wire::Reply reply = client.ask(wire::Request());
    EXPECT_EQ(reply.error().code(), 1U);
    EXPECT_EQ(reply.error().message(), "this request is not known to packetsentryd " PACKETSENTRY_VERSION);
    EXPECT_TRUE(client.ask(status()).has_status());
    EXPECT_EQ(client.hello().error().message(), "hello was already sent");
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
    test::pass_descriptors(client.fd(), descriptors);
    EXPECT_EQ(client.next()->reply().error().message(), "more descriptors than a message may carry");
    EXPECT_EQ(client.next(), std::nullopt);
    until([&](TestClient&) { return open_descriptors() <= before + 1; });
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
        request.mutable_hello()->set_version(2);
        again.send(request);
        const auto reply = again.next();
        if (reply && reply->reply().has_hello()) return;
        std::this_thread::sleep_for(5ms);
    }
    ADD_FAILURE() << "the place was never free again";
}

policy::Rules rules_for_somebody() {
    policy::Permissions all;
    all.set();
    policy::Rules rules{::geteuid(), ::getegid(), "packetsentry"};
    rules.policy = policy::Policy{"p.toml", {policy::Rule{.users = {kSomebody}, .permissions = all}}};
    return rules;
}

// A rule names the user, who may leave jobs running without being a member by the user database.
struct NamedTest : DaemonTest {
    NamedTest() : DaemonTest(rules_for_somebody()) {
        std::filesystem::permissions(directory, std::filesystem::perms{0755});
    }
};

TEST_F(MemberTest, JobsAreLeftRunningByTheDatabasesMembersAlone) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can be somebody else";
    const AsSomebody member;
    TestClient client(config.socket);
    client.hello();
    const wire::Reply reply = client.ask(start("quiet"));
    EXPECT_EQ(reply.error().code(), 5U);
    EXPECT_NE(reply.error().message().find("a job in the background continues after your client has ended"),
              std::string::npos);
    EXPECT_TRUE(client.ask(start("quiet", true)).has_jobs());
}

TEST_F(NamedTest, StreamsAreLimitedByUser) {
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

policy::Rules rules_without_stop() {
    policy::Rules rules = rules_for_somebody();
    rules.policy->rules.front().permissions.reset(place_of(policy::Permission::stop));
    return rules;
}

struct UnstoppableTest : DaemonTest {
    UnstoppableTest() : DaemonTest(rules_without_stop()) {
        std::filesystem::permissions(directory, std::filesystem::perms{0755});
    }
};

// It ends with the connection in any case, so it may be ended in order.
TEST_F(UnstoppableTest, OnesOwnForegroundJobIsStoppedAllTheSame) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can be somebody else";
    const AsSomebody member;
    TestClient client(config.socket);
    client.hello();
    const wire::Reply started = client.ask(start("normal", true));
    ASSERT_EQ(started.jobs().job_size(), 1) << started.error().message();
    const std::string id = std::to_string(started.jobs().job(0).id());
    TestClient other(config.socket);
    other.hello();
    EXPECT_EQ(other.ask(stop(id)).error().code(), 5U) << "another connection's is not one's own";
    wire::Request all;
    all.mutable_stop()->set_all(true);
    EXPECT_EQ(client.ask(all).error().code(), 5U);
    const wire::Reply stopped = client.ask(stop(id));
    ASSERT_EQ(stopped.jobs().job_size(), 1) << stopped.error().message();
    EXPECT_EQ(stopped.jobs().job(0).state(), wire::JOB_FINISHED);
    EXPECT_EQ(stopped.jobs().job(0).end_reason(), wire::END_ASKED);
    Stream stream;
    stream.read(client, started.id());
    EXPECT_EQ(stream.rows, stopped.jobs().job(0).ledger().recorded());
    const wire::Reply background = client.ask(start("quiet", false, "stays"));
    ASSERT_EQ(background.jobs().job_size(), 1) << background.error().message();
    EXPECT_EQ(client.ask(stop("stays")).error().code(), 5U);
}

// 200 at once and 100 a second; what is beyond waits, and is answered.
TEST_F(MemberTest, RequestsBeyondTheirRateWait) {
    const AsSomebody member;
    TestClient client(config.socket);
    client.hello();
    const auto begin = std::chrono::steady_clock::now();
    constexpr int kRequests = 300;  // 20 are late even where it takes most of a second to send them
    wire::Request request = status();
    for (int i = 1; i <= kRequests; ++i) {
        request.set_id(static_cast<std::uint64_t>(1000 + i));
        client.send(request);
    }
    const wire::Reply last = client.reply(1000 + kRequests);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 950ms);
    EXPECT_GE(last.status().delayed_requests(), 20U);
}

TEST_F(MemberTest, EachJobToStopIsATurn) {
    const AsSomebody member;
    TestClient client(config.socket);
    client.hello();
    wire::Request request;
    for (int i = 0; i < 100; ++i) request.mutable_stop()->add_job("none");
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 3; ++i) client.ask(request);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 250ms);
    EXPECT_GE(client.ask(status()).status().delayed_requests(), 1U);
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

}  // namespace
}  // namespace packetsentry::control
