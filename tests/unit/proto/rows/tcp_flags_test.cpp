#include "proto/rows/tcp_flags.h"

#include <gtest/gtest.h>

namespace packetsentry::rows {
namespace {

TEST(TcpFlags, AreNamedFromTheLowestBitOn) {
    EXPECT_EQ(tcp_flags_text(0x12), "SYN,ACK");
    EXPECT_EQ(tcp_flags_text(0xFF), "FIN,SYN,RST,PSH,ACK,URG,ECE,CWR");
    EXPECT_EQ(tcp_flags_text(0), "");
    EXPECT_EQ(bracketed_tcp_flags(0x12), "[SYN,ACK]");
    EXPECT_EQ(bracketed_tcp_flags(0), "[]");
}

}  // namespace
}  // namespace packetsentry::rows
