#include "daemon/loop/async_channel.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "daemon/loop/sleeper.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::loop {
namespace {

namespace asio = boost::asio;

struct AsyncChannelTest : testing::Test {
    AsyncChannelTest() {
        std::array<int, 2> pair{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair.data()), 0);
        ours = std::make_shared<AsyncChannel>(
            loop.get_executor(), proto::Channel(base::UniqueFd(pair[0]), proto::kRequestLimit, 0));
        theirs.emplace(base::UniqueFd(pair[1]), proto::kBatchFrameLimit, 0);
    }
    void run(std::function<asio::awaitable<void>()> body) {
        asio::co_spawn(loop, std::move(body), [](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
        });
        loop.restart();
        loop.run();
    }
    static wire::Hello hello(const std::string& client) {
        wire::Hello message;
        message.set_client(client);
        return message;
    }

    asio::io_context loop{1};
    std::shared_ptr<AsyncChannel> ours;
    std::optional<proto::Channel> theirs;
};

TEST_F(AsyncChannelTest, GivesFramesThenTheEnd) {
    ASSERT_TRUE(theirs->send(hello("a")));
    ASSERT_TRUE(theirs->send(hello("b")));
    theirs.reset();
    std::vector<std::string> got;
    run([&]() -> asio::awaitable<void> {
        for (;;) {
            const auto frame = co_await ours->next();
            EXPECT_TRUE(frame);
            if (!frame || !*frame) break;
            wire::Hello message;
            EXPECT_TRUE(
                message.ParseFromArray((*frame)->bytes.data(), static_cast<int>((*frame)->bytes.size())));
            got.push_back(message.client());
        }
    });
    EXPECT_EQ(got, (std::vector<std::string>{"a", "b"}));
    EXPECT_TRUE(ours->closed());
}

TEST_F(AsyncChannelTest, TooLongAFrameIsAnErrorBeforeItsBytesCome) {
    const std::string head("\x01\x00\x01\x00", 4);  // 65537
    ASSERT_EQ(::send(theirs->fd(), head.data(), head.size(), 0), 4);
    run([&]() -> asio::awaitable<void> {
        const auto frame = co_await ours->next();
        EXPECT_FALSE(frame);
        EXPECT_FALSE(ours->closed());
    });
}

TEST_F(AsyncChannelTest, WhoMayNotIsNotRead) {
    ours->read_after([]() -> asio::awaitable<base::Result<void>> {
        co_return base::fail(base::ErrorCode::unreachable, "not now");
    });
    ASSERT_TRUE(theirs->send(hello("a")));
    run([&]() -> asio::awaitable<void> {
        const auto frame = co_await ours->next();
        EXPECT_FALSE(frame);
        EXPECT_FALSE(ours->closed());
    });
    EXPECT_EQ(ours->unread(), 0U);
}

TEST_F(AsyncChannelTest, SendsTheRestWhenThePeerReads) {
    const wire::Hello large = hello(std::string(1 << 20, 'x'));
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(ours->send(large));
    EXPECT_GT(ours->unsent(), 2U << 20);
    int frames = 0;
    run([&]() -> asio::awaitable<void> {
        Sleeper sleeper(loop.get_executor(), ours->changed());
        while (frames < 3) {
            EXPECT_TRUE(theirs->receive());
            while (theirs->next()) ++frames;
            if (ours->unsent() > 0) co_await sleeper.sleep();
        }
    });
    EXPECT_EQ(frames, 3);
    EXPECT_EQ(ours->unsent(), 0U);
}

TEST_F(AsyncChannelTest, CloseWakesTheReader) {
    bool ended = false;
    run([&]() -> asio::awaitable<void> {
        asio::post(loop, [&] { ours->close(); });
        const auto frame = co_await ours->next();
        EXPECT_TRUE(frame && !*frame);
        ended = true;
    });
    EXPECT_TRUE(ended);
}

// What a worker said before it died is not lost because it no longer listens.
TEST_F(AsyncChannelTest, FailedSendLeavesWhatCameReadable) {
    ASSERT_TRUE(theirs->send(hello("last words")));
    theirs.reset();
    EXPECT_FALSE(ours->send(hello("too late")));
    EXPECT_FALSE(ours->sendable());
    run([&]() -> asio::awaitable<void> {
        const auto frame = co_await ours->next();
        EXPECT_TRUE(frame && *frame);
        const auto end = co_await ours->next();
        EXPECT_TRUE(end && !*end);
    });
}

}  // namespace
}  // namespace packetsentry::loop
