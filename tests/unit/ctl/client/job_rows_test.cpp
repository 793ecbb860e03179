#include "ctl/client/job_rows.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "daemon/base/syscall.h"
#include "tests/unit/ctl/batch_maker.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

// A daemon with one client, answering each request as the test says.
class ScriptedDaemon {
  public:
    using Answer = std::function<void(ScriptedDaemon&, const wire::Request&)>;

    explicit ScriptedDaemon(Answer answer) : answer_(std::move(answer)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        ::unlink(path.c_str());
        listener_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(listener_.get(), 1), 0);
        thread_ = std::thread([this] { serve(); });
    }
    ~ScriptedDaemon() {
        ::shutdown(listener_.get(), SHUT_RDWR);
        thread_.join();
        ::unlink(path.c_str());
    }
    ScriptedDaemon(const ScriptedDaemon&) = delete;
    ScriptedDaemon& operator=(const ScriptedDaemon&) = delete;

    void say(const wire::FromDaemon& message) { EXPECT_TRUE(channel_->send(message)); }
    void reply(std::uint64_t id, const std::function<void(wire::Reply&)>& fill) {
        wire::FromDaemon message;
        message.mutable_reply()->set_id(id);
        fill(*message.mutable_reply());
        say(message);
    }
    void reply_job(std::uint64_t id) {
        reply(id, [](wire::Reply& reply) { reply.mutable_jobs()->add_job()->set_id(7); });
    }
    void item(std::uint64_t stream, const std::function<void(wire::StreamItem&)>& fill) {
        wire::FromDaemon message;
        message.mutable_item()->set_follow(stream);
        fill(*message.mutable_item());
        say(message);
    }
    // After what is being answered.
    void hang_up() { gone_ = true; }
    [[nodiscard]] std::size_t descriptors() { return channel_->take_descriptors().size(); }

    const std::string path = testing::TempDir() + "scripted-" + std::to_string(::getpid()) + ".sock";

  private:
    void serve() {
        base::UniqueFd client(::accept(listener_.get(), nullptr, nullptr));
        if (!client) return;
        EXPECT_TRUE(base::set_nonblocking(client.get()));
        channel_.emplace(std::move(client), proto::kRequestLimit, 0);
        for (;;) {
            while (const auto frame = channel_->next()) answer(*frame);
            if (gone_) break;
            if (!channel_->wait_readable(-1)) break;
            const auto open = channel_->receive();
            if (!open || !*open) break;
        }
        if (gone_) channel_.reset();
    }
    void answer(std::string_view frame) {
        wire::Request request;
        EXPECT_TRUE(request.ParseFromArray(frame.data(), static_cast<int>(frame.size())));
        if (!request.has_hello()) return answer_(*this, request);
        reply(request.id(), [this](wire::Reply& reply) { reply.mutable_hello()->set_version(version); });
    }

    Answer answer_;
    base::UniqueFd listener_;
    std::optional<proto::Channel> channel_;
    bool gone_ = false;
    std::thread thread_;

  public:
    std::uint32_t version = 2;
};

// The next event, waiting for it.
Event next_event(RowSource& source) {
    for (;;) {
        while (const auto frame = source.channel().next()) {
            auto event = source.decode(*frame);
            EXPECT_TRUE(event);
            if (event && *event) return std::move(**event);
        }
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

}  // namespace
}  // namespace packetsentry::ctl
