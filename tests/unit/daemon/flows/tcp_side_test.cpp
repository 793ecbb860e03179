#include "daemon/flows/tcp_side.h"

#include <gtest/gtest.h>

namespace packetsentry::flows {
namespace {

TEST(SequenceMark, GoesOnWhereTheNumbersBeginAgain) {
    SequenceMark mark{.number = 0xFFFF'FFF0, .offset = 10};
    EXPECT_EQ(mark.offset_of(0x10), 42);
    EXPECT_EQ(mark.offset_of(0xFFFF'FFE6), 0);
    mark.advance(0x10);
    EXPECT_EQ(mark.offset, 42);
    EXPECT_EQ(mark.offset_of(0xFFFF'FFF0), 10);
}

TEST(TcpSide, CountsNeitherSynNorFin) {
    TcpSide side;
    const TcpSide peer;
    side.begin_at(100);
    EXPECT_EQ(side.data_bytes(peer), 0U);
    side.sent.advance(151);
    EXPECT_EQ(side.data_bytes(peer), 50U);
    side.fins = 1;
    EXPECT_EQ(side.data_bytes(peer), 49U);
}

}  // namespace
}  // namespace packetsentry::flows
