#include "daemon/service/daemon.h"

#include "tests/unit/daemon/control/running_daemon.h"

namespace packetsentry::service {
namespace {

using control::DaemonTest;
using control::Stream;
using control::TestClient;

TEST_F(DaemonTest, GreetsAndTellsItsStatus) {
    TestClient client(config.socket);
    const wire::Reply hello = client.hello();
    EXPECT_EQ(hello.hello().version(), 2U);
    EXPECT_EQ(hello.hello().daemon(), "packetsentryd " PACKETSENTRY_VERSION);
    const wire::Reply reply = client.ask(status());
    EXPECT_EQ(reply.status().pid(), static_cast<std::uint32_t>(::getpid()));
    EXPECT_EQ(reply.status().clients(), 1U);
    EXPECT_EQ(reply.status().socket(), config.socket);
    EXPECT_EQ(reply.status().live_jobs(), 0U);
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
    reload_in_vain();
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

TEST_F(DaemonTest, AReloadWithAPolicyThatIsNoneChangesNothing) {
    TestClient client(config.socket);
    client.hello();
    reread->policy = directory + "/none.toml";
    reread->max_jobs = 1;
    reload_in_vain();
    EXPECT_TRUE(client.ask(start("normal")).has_jobs());
    EXPECT_TRUE(client.ask(start("normal")).has_jobs());
}

}  // namespace
}  // namespace packetsentry::service
