#include "daemon/capture/live/backlog.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace packetsentry::capture {
namespace {

struct Times : PacketSink {
    bool packet(const Packet& packet) override {
        seen += std::to_string(packet.time_ns) + ":" + std::to_string(packet.frame.size()) + ":" +
                std::to_string(std::to_integer<int>(packet.frame.front())) + " ";
        return packet.time_ns != stop_at;
    }
    std::string seen;
    std::int64_t stop_at = -1;
};

void keep(Backlog& backlog, std::int64_t time_ns, std::size_t size) {
    std::vector<std::byte> frame(size, static_cast<std::byte>(time_ns));
    Packet packet;
    packet.time_ns = time_ns;
    packet.frame = frame;
    (void)backlog.packet(packet);
}

TEST(Backlog, GivesInOrderWhatItWasGiven) {
    Backlog backlog;
    EXPECT_TRUE(backlog.empty());
    for (int i = 1; i <= 4; ++i) keep(backlog, i, static_cast<std::size_t>(10 * i));
    Times sink;
    EXPECT_EQ(backlog.give(sink, 3).packets, 3U);
    EXPECT_FALSE(backlog.empty());
    keep(backlog, 5, 50);
    EXPECT_EQ(backlog.give(sink, 100).packets, 2U);
    EXPECT_TRUE(backlog.empty());
    EXPECT_EQ(sink.seen, "1:10:1 2:20:2 3:30:3 4:40:4 5:50:5 ");
}

struct NextSizes : PacketSink {
    bool packet(const Packet& packet) override {
        sizes += std::to_string(packet.next_frame.size()) + " ";
        return true;
    }
    std::string sizes;
};

TEST(Backlog, TellsTheNextFrame) {
    Backlog backlog;
    for (int i = 1; i <= 3; ++i) keep(backlog, i, static_cast<std::size_t>(10 * i));
    NextSizes sink;
    EXPECT_EQ(backlog.give(sink, 100).packets, 3U);
    EXPECT_EQ(sink.sizes, "20 30 0 ");
}

TEST(Backlog, StopsWhereTheSinkDoes) {
    Backlog backlog;
    for (int i = 1; i <= 4; ++i) keep(backlog, i, 10);
    Times sink;
    sink.stop_at = 2;
    const auto given = backlog.give(sink, 100);
    EXPECT_TRUE(given.stopped);
    EXPECT_EQ(given.packets, 2U);
    EXPECT_EQ(backlog.give(sink, 100).packets, 2U);
}

TEST(Backlog, HasALimit) {
    Backlog backlog;
    const std::vector<std::byte> frame(256U << 10);
    Packet packet;
    packet.frame = frame;
    std::size_t packets = 1;
    while (backlog.packet(packet)) ++packets;
    EXPECT_EQ(packets, Backlog::kBytes / frame.size());
    EXPECT_TRUE(backlog.full());
}

}  // namespace
}  // namespace packetsentry::capture
