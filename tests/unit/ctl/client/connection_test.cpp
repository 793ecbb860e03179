#include "ctl/client/connection.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <optional>

#include "daemon/base/unique_fd.h"
#include "tests/unit/ctl/batch_maker.h"
#include "tests/unit/ctl/client/scripted_daemon.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kShort{50};

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

// Takes connections into its queue and never looks at them.
base::UniqueFd silent_listener(const std::string& path) {
    ::unlink(path.c_str());
    base::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = address_of(path);
    EXPECT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd.get(), 0), 0);
    return fd;
}

void expect_short_wait(const std::string& path) {
    const auto begin = Clock::now();
    const auto connection = Connection::open(path, kShort);
    ASSERT_FALSE(connection);
    EXPECT_EQ(connection.error().code, ErrorCode::timed_out);
    EXPECT_GE(Clock::now() - begin, kShort / 2);
    EXPECT_LT(Clock::now() - begin, std::chrono::seconds(5));
}

TEST(Connection, WaitsForAnAnswerAsLongAsItsPatience) {
    const std::string path = testing::TempDir() + "silent-" + std::to_string(::getpid()) + ".sock";
    const auto listener = silent_listener(path);
    expect_short_wait(path);
}

TEST(Connection, WaitsForAPlaceInTheQueueAsLongAsItsPatience) {
    const std::string path = testing::TempDir() + "full-" + std::to_string(::getpid()) + ".sock";
    const auto listener = silent_listener(path);
    const auto first = Connection::connect(path, kShort);
    ASSERT_TRUE(first);
    expect_short_wait(path);
}

TEST(Connection, AnErrorReplyIsTheAnswer) {
    ScriptedDaemon daemon([](ScriptedDaemon& self, const wire::Request& request) {
        self.reply(request.id() + 50, [](wire::Reply& reply) { reply.mutable_status(); });  // another's
        self.reply(request.id(), [](wire::Reply& reply) {
            reply.mutable_error()->set_code(7);
            reply.mutable_error()->set_message("no such job: 'x'");
        });
    });
    wire::Request request;
    request.mutable_show()->set_job("x");
    const auto reply = ask_daemon(daemon.path, request);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, ErrorCode::no_such_job);
    EXPECT_EQ(reply.error().message, "no such job: 'x'");
}

TEST(Connection, AnotherVersionIsToldSo) {
    ScriptedDaemon daemon([](ScriptedDaemon&, const wire::Request&) {});
    daemon.version = 3;
    const auto connection = Connection::open(daemon.path);
    ASSERT_FALSE(connection);
    EXPECT_NE(connection.error().message.find("version 3"), std::string::npos);
}

TEST(Connection, ASocketNobodyServesOrThatIsNone) {
    const std::string path = testing::TempDir() + "plain-file-" + std::to_string(::getpid()) + ".sock";
    ::unlink(path.c_str());
    base::UniqueFd file(::creat(path.c_str(), 0600));
    const auto connection = Connection::open(path);
    ::unlink(path.c_str());
    ASSERT_FALSE(connection);
    EXPECT_EQ(connection.error().code, ErrorCode::unreachable);
    EXPECT_NE(connection.error().message.find("Connection refused"), std::string::npos);
    EXPECT_EQ(Connection::open(std::string(200, 'x')).error().code, ErrorCode::usage);
}

// --- replies and streams on one connection

// A batch of two rows.
void say_rows(ScriptedDaemon& daemon, std::uint64_t stream, std::uint64_t first_sequence) {
    daemon.item(stream, [first_sequence](wire::StreamItem& item) {
        item.mutable_rows()->set_first_sequence(first_sequence);
        item.mutable_rows()->set_batch(two_rows().SerializeAsString());
    });
}

void say_end(ScriptedDaemon& daemon, std::uint64_t stream) {
    daemon.item(stream, [](wire::StreamItem& item) { item.mutable_ended(); });
}

wire::Request follow_request(const std::string& job) {
    wire::Request request;
    request.mutable_follow()->set_job(job);
    return request;
}

wire::Request status_request() {
    wire::Request request;
    request.mutable_status();
    return request;
}

// What comes of a stream up to its end: "1 3 end" for rows from 1 and from 3.
std::string read_stream(Connection& connection, std::uint64_t stream) {
    std::string told;
    for (;;) {
        const auto item = connection.next_item(stream);
        if (!item) return told + item.error().message;
        if (*item == nullptr) {
            if (!connection.channel().wait_readable(5000).value_or(false)) return told + "timed out";
            if (!connection.channel().receive().value_or(false)) return told + "closed";
            continue;
        }
        if ((*item)->has_ended()) return told + "end";
        if ((*item)->has_rows()) told += std::to_string((*item)->rows().first_sequence()) + " ";
    }
}

TEST(Connection, AnItemThatComesBeforeAReplyIsNotLost) {
    std::uint64_t stream = 0;
    ScriptedDaemon daemon([&stream](ScriptedDaemon& self, const wire::Request& request) {
        if (request.has_follow()) {
            stream = request.id();
            say_rows(self, stream, 1);  // before the very reply that the stream begins with
            return self.reply_job(request.id());
        }
        say_rows(self, stream, 3);
        say_rows(self, stream + 100, 7);  // of a stream that nobody asked for
        self.reply(request.id(), [](wire::Reply& reply) { reply.mutable_status()->set_version("9"); });
        say_rows(self, stream, 5);
        say_end(self, stream);
    });
    auto connection = Connection::open(daemon.path);
    ASSERT_TRUE(connection) << connection.error().message;
    ASSERT_TRUE(connection->ask(follow_request("night")));
    const std::uint64_t follow = connection->last_id();
    const auto reply = connection->ask(status_request());
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(reply->status().version(), "9");
    EXPECT_EQ(read_stream(*connection, follow), "1 3 5 end");
    EXPECT_EQ(connection->next_item(follow).value(), nullptr);
}

TEST(Connection, EachStreamHasItsItemsInTheirOrder) {
    std::uint64_t first = 0;
    ScriptedDaemon daemon([&first](ScriptedDaemon& self, const wire::Request& request) {
        self.reply_job(request.id());
        if (first == 0) {
            first = request.id();
            return;
        }
        for (std::uint64_t sequence = 1; sequence < 6; sequence += 2) {
            say_rows(self, first, sequence);
            say_rows(self, request.id(), 100 + sequence);
        }
        say_end(self, first);
        say_end(self, request.id());
    });
    auto connection = Connection::open(daemon.path);
    ASSERT_TRUE(connection);
    ASSERT_TRUE(connection->ask(follow_request("night")));
    const std::uint64_t night = connection->last_id();
    ASSERT_TRUE(connection->ask(follow_request("day")));
    const std::uint64_t day = connection->last_id();
    EXPECT_EQ(read_stream(*connection, day), "101 103 105 end");
    EXPECT_EQ(read_stream(*connection, night), "1 3 5 end");
}

TEST(Connection, RepliesAreFoundByTheirIdInWhateverOrder) {
    std::uint64_t first = 0;
    ScriptedDaemon daemon([&first](ScriptedDaemon& self, const wire::Request& request) {
        if (first == 0) {
            first = request.id();
            return;
        }
        for (const std::uint64_t id : {request.id(), request.id() + 50, first})
            self.reply(id,
                       [id](wire::Reply& reply) { reply.mutable_status()->set_version(std::to_string(id)); });
    });
    auto connection = Connection::open(daemon.path);
    ASSERT_TRUE(connection);
    const auto sent = connection->send(status_request());
    ASSERT_TRUE(sent);
    const auto reply = connection->ask(status_request());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status().version(), std::to_string(connection->last_id()));
    std::optional<wire::Reply> earlier;
    for (;;) {
        ASSERT_EQ(connection->next_item(0).value(), nullptr);
        if ((earlier = connection->take_reply(*sent))) break;
        ASSERT_TRUE(connection->channel().wait_readable(5000).value_or(false));
        ASSERT_TRUE(connection->channel().receive().value_or(false));
    }
    EXPECT_EQ(earlier->status().version(), std::to_string(*sent));
    EXPECT_FALSE(connection->take_reply(*sent));
    EXPECT_FALSE(connection->take_reply(connection->last_id() + 50));
}

}  // namespace
}  // namespace packetsentry::ctl
