#include "proto/link/channel.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>

#include "proto/messages/worker.pb.h"

namespace packetsentry::proto {
namespace {

struct Pair {
    base::UniqueFd one;
    base::UniqueFd other;
    Pair() {
        std::array<int, 2> fds{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds.data()), 0);
        one.reset(fds[0]);
        other.reset(fds[1]);
    }
};

std::size_t open_descriptors() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
    return count;
}

// One sendmsg with bytes and descriptors as they are, whatever a Channel would think of them.
void send_raw(int socket, std::string_view bytes, std::span<const int> descriptors = {}, int flags = 0) {
    iovec part{const_cast<char*>(bytes.data()), bytes.size()};
    std::array<char, CMSG_SPACE(64 * sizeof(int))> control{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    if (!descriptors.empty()) {
        header.msg_control = control.data();
        header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
        cmsghdr* message = CMSG_FIRSTHDR(&header);
        message->cmsg_level = SOL_SOCKET;
        message->cmsg_type = SCM_RIGHTS;
        message->cmsg_len = CMSG_LEN(descriptors.size_bytes());
        std::memcpy(CMSG_DATA(message), descriptors.data(), descriptors.size_bytes());
    }
    ASSERT_EQ(::sendmsg(socket, &header, flags), static_cast<ssize_t>(bytes.size()));
}

std::string frame(std::string_view body) {
    std::string bytes{static_cast<char>(body.size()), 0, 0, 0};
    return bytes.append(body);
}

TEST(Channel, FramesArriveWholeAndInOrder) {
    Pair pair;
    Channel channel(std::move(pair.one), 1000, 0);
    const std::string bytes = frame("first") + frame("") + frame("third");
    for (std::size_t i = 0; i < bytes.size(); ++i) {  // one byte at a time
        send_raw(pair.other.get(), std::string_view(bytes).substr(i, 1));
        ASSERT_TRUE(channel.receive());
        if (i == 8) {
            EXPECT_EQ(channel.next(), "first");
        }
    }
    EXPECT_EQ(channel.next(), "");
    EXPECT_EQ(channel.next(), "third");
    EXPECT_EQ(channel.next(), std::nullopt);
    pair.other.reset();
    EXPECT_FALSE(channel.receive().value());
}

struct Pipe {
    base::UniqueFd reading;
    base::UniqueFd writing;
    Pipe() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
        reading.reset(ends[0]);
        writing.reset(ends[1]);
    }
};

void write_raw(int pipe, std::string_view bytes) {
    ASSERT_EQ(::write(pipe, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
}

TEST(Channel, FramesArriveOverAPipeToo) {
    Pipe pipe;
    Channel channel(std::move(pipe.reading), 1000, 0);
    EXPECT_TRUE(channel.receive().value()) << "nothing has come, and nothing has ended";
    EXPECT_EQ(channel.next(), std::nullopt);
    const std::string bytes = frame("first") + frame("") + frame("third");
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        write_raw(pipe.writing.get(), std::string_view(bytes).substr(i, 1));
        ASSERT_TRUE(channel.receive());
        if (i == 8) {
            EXPECT_EQ(channel.next(), "first");
        }
    }
    EXPECT_EQ(channel.next(), "");
    EXPECT_EQ(channel.next(), "third");
    EXPECT_TRUE(channel.take_descriptors().empty());
    write_raw(pipe.writing.get(), frame("last").substr(0, 6));
    pipe.writing.reset();
    EXPECT_TRUE(channel.receive().value());
    EXPECT_EQ(channel.next(), std::nullopt) << "a part of a frame is none";
    EXPECT_FALSE(channel.receive().value());
}

TEST(Channel, RefusesALongFrameFromAPipeToo) {
    Pipe pipe;
    Channel channel(std::move(pipe.reading), 1000, 0);
    write_raw(pipe.writing.get(), std::string("\xe9\x03\0\0", 4));
    const auto received = channel.receive();
    ASSERT_FALSE(received);
    EXPECT_EQ(received.error().code, base::ErrorCode::usage);
}

TEST(Channel, RefusesAFrameOverTheLimitBeforeItsBody) {
    for (const std::string& head : {std::string("\xe9\x03\0\0", 4), std::string("\xff\xff\xff\xff", 4)}) {
        Pair pair;
        Channel channel(std::move(pair.one), 1000, 0);
        send_raw(pair.other.get(), head);
        const auto received = channel.receive();
        ASSERT_FALSE(received);
        EXPECT_EQ(received.error().code, base::ErrorCode::usage);
    }
}

TEST(Channel, MessagesLongerThanTheSocketTakesArriveWhole) {
    Pair pair;
    Channel sender(std::move(pair.one), 0, 0);
    Channel receiver(std::move(pair.other), kBatchFrameLimit, 0);
    wire::FromWorker message;
    message.mutable_rows()->set_batch(std::string(3'000'000, 'x'));
    ASSERT_TRUE(sender.send(message).value());
    EXPECT_GT(sender.unsent(), 0U);
    std::optional<std::string_view> got;
    while (!(got = receiver.next())) {
        ASSERT_TRUE(receiver.receive());
        ASSERT_TRUE(sender.flush());
    }
    EXPECT_EQ(*got, message.SerializeAsString());
    EXPECT_EQ(sender.unsent(), 0U);
}

TEST(Channel, RefusesToQueueBeyondItsSendLimit) {
    Pair pair;
    Channel sender(std::move(pair.one), 0, 1'000'000);
    const std::string message(900'000, 'x');
    EXPECT_TRUE(sender.send_bytes(message).value());
    EXPECT_FALSE(sender.send_bytes(message).value());
}

// A peer that has gone left what it sent; that nothing can be sent to it any more is no reason to lose that.
TEST(Channel, WhatAPeerSentBeforeItWentIsRead) {
    Pair pair;
    Channel channel(std::move(pair.one), 1000, 0);
    send_raw(pair.other.get(), frame("last words") + frame("end"));
    pair.other.reset();
    EXPECT_FALSE(channel.send_bytes("too late"));
    EXPECT_EQ(channel.unsent(), 0U);
    EXPECT_TRUE(channel.flush());
    EXPECT_TRUE(channel.wait_readable(0).value());
    EXPECT_TRUE(channel.receive().value());
    EXPECT_EQ(channel.next(), "last words");
    EXPECT_EQ(channel.next(), "end");
    EXPECT_FALSE(channel.receive().value());
}

// The same where it went with bytes unread, which resets the connection, and where more waited to be sent.
TEST(Channel, WhatAPeerSentBeforeItWentIsReadAlthoughMoreWaitedForIt) {
    Pair pair;
    Channel channel(std::move(pair.one), 1000, 0);
    ASSERT_TRUE(channel.send_bytes(std::string(4 << 20, 'x')).value());
    ASSERT_GT(channel.unsent(), 0U);
    send_raw(pair.other.get(), frame("last words"));
    pair.other.reset();
    EXPECT_TRUE(channel.wait_readable(1000).value());
    EXPECT_EQ(channel.unsent(), 0U);
    EXPECT_TRUE(channel.receive().value());
    EXPECT_EQ(channel.next(), "last words");
    EXPECT_FALSE(channel.receive().value());
}

TEST(Channel, DescriptorsComeWithTheirFrame) {
    Pair pair;
    Channel sender(std::move(pair.one), 1000, 0);
    Channel receiver(std::move(pair.other), 1000, 0);
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    base::UniqueFd reading(pipe[0]);
    {
        const base::UniqueFd writing(pipe[1]);
        const std::array passed{writing.get()};
        ASSERT_TRUE(sender.send_bytes("hello", passed).value());
    }
    ASSERT_TRUE(receiver.receive().value());
    ASSERT_EQ(receiver.next(), "hello");
    auto descriptors = receiver.take_descriptors();
    ASSERT_EQ(descriptors.size(), 1U);
    EXPECT_NE(::fcntl(descriptors[0].get(), F_GETFD) & FD_CLOEXEC, 0);
    ASSERT_EQ(::write(descriptors[0].get(), "x", 1), 1);
    char byte = 0;
    ASSERT_EQ(::read(reading.get(), &byte, 1), 1);
    EXPECT_EQ(byte, 'x');
}

// The kernel would drop the byte, and close what came with it within recvmsg().
TEST(Channel, DescriptorsOutOfBandAreCountedLikeTheOthers) {
    Pair pair;
    const base::UniqueFd sender(std::move(pair.one));
    Channel receiver(std::move(pair.other), 1000, 0);
    const auto count = std::make_shared<std::atomic<std::uint32_t>>(0);
    receiver.count_arrivals(count);
    const std::array passed{STDERR_FILENO};
    send_raw(sender.get(), frame("hello").substr(0, 8));
    send_raw(sender.get(), "o", passed, MSG_OOB);
    ASSERT_TRUE(receiver.receive().value());
    ASSERT_TRUE(receiver.receive().value());
    ASSERT_EQ(receiver.next(), "hello");
    EXPECT_EQ(*count, 1U);
    EXPECT_EQ(receiver.take_descriptors().size(), 1U);
    EXPECT_EQ(*count, 0U);
}

TEST(Channel, CountsWhatArrivesAndWhatWaitsToBeSent) {
    const auto count = std::make_shared<std::atomic<std::uint32_t>>(0);
    Pair in;
    Channel receiver(std::move(in.one), 1000, 0);
    receiver.count_arrivals(count);
    send_raw(in.other.get(), frame("take"), std::array{in.other.get()});
    ASSERT_TRUE(receiver.receive().value());
    ASSERT_TRUE(receiver.next());
    const auto taken = receiver.take_descriptors();
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(*count, 1U);
    {
        Pair out;
        Channel sender(std::move(out.one), 1000, 0);
        ASSERT_TRUE(sender.send_bytes(std::string(16 << 20, 'x')).value());
        const std::array passed{taken.front().get()};
        ASSERT_TRUE(sender.send_bytes("pass on", passed).value());
        EXPECT_EQ(*count, 2U);
    }
    EXPECT_EQ(*count, 1U);
}

TEST(Channel, DescriptorsWaitForTheirFrameBehindAnother) {
    Pair pair;
    Channel receiver(std::move(pair.one), 1000, 0);
    const std::array one{pair.other.get()};
    send_raw(pair.other.get(), frame("hello"));
    send_raw(pair.other.get(), frame("start"), one);  // both arrive in one read
    send_raw(pair.other.get(), frame("stop"));
    std::vector<std::size_t> counts;
    while (counts.size() < 3) {
        ASSERT_TRUE(receiver.receive().value());
        while (receiver.next()) counts.push_back(receiver.take_descriptors().size());
    }
    EXPECT_EQ(counts, (std::vector<std::size_t>{0, 1, 0}));
}

TEST(Channel, TooManyDescriptorsAreRefusedAndClosed) {
    const std::size_t before = open_descriptors();
    for (const std::size_t count : {kDescriptorLimit + 1, kDescriptorLimit + 2, std::size_t{60}}) {
        Pair pair;
        Channel receiver(std::move(pair.one), 1000, 0);
        const std::vector<int> descriptors(count, pair.other.get());
        send_raw(pair.other.get(), frame("bomb"), descriptors);
        EXPECT_FALSE(receiver.receive());
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST(Channel, DescriptorsNobodyTakesAreClosedInTheEnd) {
    const std::size_t before = open_descriptors();
    {
        Pair pair;
        Channel receiver(std::move(pair.one), 1000, 0);
        const std::array one{pair.other.get()};
        for (int i = 0; i < 100; ++i) {
            send_raw(pair.other.get(), frame("x"), one);
            ASSERT_TRUE(receiver.receive());
            ASSERT_TRUE(receiver.next());
            (void)receiver.take_descriptors();
        }
        EXPECT_LE(open_descriptors(), before + 3);
    }
    EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace packetsentry::proto
