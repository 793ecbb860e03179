#include "daemon/flows/tcp_conversation.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/flows/talk.h"

namespace packetsentry::flows {
namespace {

TEST(TcpConversation, TellsAWholeConnection) {
    Talk talk;
    talk.open();
    EXPECT_EQ(talk.client("A", 1, 1, 100), kTcpNothing);
    EXPECT_EQ(talk.server("A", 1, 101, 500), kTcpNothing);
    talk.client("FA", 101, 501);
    EXPECT_FALSE(talk.tcp.over());
    talk.server("FA", 501, 102);
    EXPECT_TRUE(talk.tcp.over());
    talk.client("A", 102, 502);
    EXPECT_EQ(talk.letters(), "ShADdFf");
    EXPECT_EQ(talk.state(), "SF");
    EXPECT_EQ(talk.bytes(true), 100U);
    EXPECT_EQ(talk.bytes(false), 500U);
    EXPECT_EQ(talk.tcp.responder_rtt_ns(), kMillisecond);
    EXPECT_EQ(talk.tcp.originator_rtt_ns(), kMillisecond);
}

// The server's FIN comes before it has acknowledged the client's data, so the acknowledgement still belongs
// to the connection.
TEST(TcpConversation, LastsUntilItsDataIsAcknowledged) {
    Talk talk;
    talk.open();
    talk.client("A", 1, 1, 50);
    talk.client("FA", 51, 1);
    talk.server("FA", 1, 1);
    EXPECT_FALSE(talk.tcp.both_ended());
    talk.server("A", 2, 52);
    EXPECT_TRUE(talk.tcp.both_ended());
    EXPECT_TRUE(talk.tcp.over());
}

TEST(TcpConversation, CountsWhatWasNotCaptured) {
    Talk talk;
    talk.open();
    talk.client("A", 1, 1, 100);
    talk.server("A", 1, 301);
    EXPECT_EQ(talk.tcp.originator().missing_bytes, 200U);
    EXPECT_EQ(talk.tcp.originator().holes.count(), 1U);
    EXPECT_EQ(talk.letters(), "ShADaG");
    EXPECT_EQ(talk.bytes(true), 300U);
}

TEST(TcpConversation, MissesNothingInTheMiddleOfAConnection) {
    Talk talk;
    talk.client("A", 70'001, 9'001, 10);
    talk.server("A", 9'001, 70'011, 10);
    talk.client("A", 70'011, 9'011);
    EXPECT_EQ(talk.tcp.originator().missing_bytes + talk.tcp.responder().missing_bytes, 0U);
    EXPECT_EQ(talk.state(), "OTH");
    EXPECT_EQ(talk.letters(), "DdA");
    EXPECT_EQ(talk.bytes(true), 10U);
}

TEST(TcpConversation, TellsRetransmissionsFromWhatWasOvertaken) {
    Talk talk;
    talk.open();
    talk.client("A", 1, 1, 100);
    EXPECT_EQ(talk.client("A", 201, 1, 100), kTcpGapBefore);
    EXPECT_EQ(talk.client("A", 101, 1, 100), kTcpOutOfOrder);
    EXPECT_EQ(talk.client("A", 101, 1, 100), kTcpRetransmission);
    EXPECT_EQ(talk.client("A", 401, 1, 100), kTcpGapBefore);
    talk.now_ns += kSecond;
    EXPECT_EQ(talk.client("A", 301, 1, 100), kTcpRetransmission) << "so late that it was sent again";
    EXPECT_EQ(talk.tcp.originator().retransmissions, 2U);
    EXPECT_EQ(talk.tcp.originator().out_of_order, 1U);
    EXPECT_EQ(talk.letters(), "ShADT");
}

TEST(TcpConversation, TellsAFastRetransmission) {
    Talk talk;
    talk.open();
    talk.client("A", 1, 1, 100);
    talk.client("A", 201, 1, 100);
    EXPECT_EQ(talk.server("A", 1, 101), kTcpNothing);
    EXPECT_EQ(talk.server("A", 1, 101), kTcpDuplicateAck);
    EXPECT_EQ(talk.server("A", 1, 101), kTcpDuplicateAck);
    EXPECT_EQ(talk.client("A", 101, 1, 100), kTcpRetransmission);
    EXPECT_EQ(talk.tcp.responder().duplicate_acks, 2U);
}

TEST(TcpConversation, TellsKeepAlivesAndClosedWindows) {
    Talk talk;
    talk.open();
    talk.client("A", 1, 1, 100);
    EXPECT_EQ(talk.server("A", 1, 101, 0, 0), kTcpZeroWindow);
    EXPECT_EQ(talk.client("A", 100, 1, 1), kTcpKeepAlive);
    EXPECT_EQ(talk.client("A", 100, 1, 0), kTcpKeepAlive);
    EXPECT_EQ(talk.letters(), "ShADawT");
    EXPECT_EQ(talk.tcp.originator().retransmissions, 0U);
}

TEST(TcpConversation, TurnsWhenTheFirstSegmentWasAnAnswer) {
    Talk talk{.first_from_client = false};
    talk.server("SA", 0, 1);
    EXPECT_EQ(talk.letters(), "H");
    EXPECT_FALSE(talk.tcp.turned());
    talk.client("A", 1, 1);
    EXPECT_TRUE(talk.tcp.turned());
    talk.client("A", 1, 1, 30);
    EXPECT_EQ(talk.letters(), "^hAD");
    EXPECT_EQ(talk.bytes(true), 30U);
}

TEST(TcpConversation, KnowsARepeatedSynFromAnotherConnection) {
    Talk talk;
    talk.client("S", 0, 0);
    EXPECT_TRUE(talk.tcp.unanswered());
    EXPECT_FALSE(talk.tcp.begins_another(segment("S", kClientFirst, 0), true));
    EXPECT_TRUE(talk.tcp.begins_another(segment("S", kClientFirst + 7777, 0), true));
    EXPECT_FALSE(talk.tcp.begins_another(segment("S", 1, 0), false)) << "both open at the same time";
    EXPECT_FALSE(talk.tcp.begins_another(segment("SA", kServerFirst, kClientFirst + 1), false));
    talk.client("S", 0, 0);
    talk.server("SA", 0, 1);
    EXPECT_EQ(talk.letters(), "Sh");
    EXPECT_EQ(talk.tcp.responder_rtt_ns(), std::nullopt) << "nobody knows which SYN was answered";
    talk.client("A", 1, 1);
    talk.client("R", 1, 0);
    EXPECT_TRUE(talk.tcp.begins_another(segment("S", kClientFirst, 0), true));
}

TEST(TcpConversation, CountsBeyondTheEndOfTheNumbers) {
    Talk talk;
    talk.open();
    constexpr std::uint32_t kPiece = 1U << 29;
    for (std::uint32_t i = 0; i < 20; ++i) {
        // As large as no segment is, so that five gibibytes come in few.
        talk.client("A", 1 + i * kPiece, 1, kPiece);
        talk.server("A", 1, 1 + (i + 1) * kPiece);
    }
    EXPECT_EQ(talk.bytes(true), 20ULL * kPiece);
    EXPECT_EQ(talk.tcp.originator().retransmissions, 0U);
    EXPECT_EQ(talk.tcp.originator().missing_bytes, 0U);
}

TEST(TcpConversation, BelievesNoNumbersOfAReset) {
    Talk talk;
    talk.open();
    talk.client("A", 1, 1, 10);
    talk.client("R", 900'000'000, 0);
    EXPECT_EQ(talk.bytes(true), 10U);
    EXPECT_EQ(talk.state(), "RSTO");
    EXPECT_TRUE(talk.tcp.over());
}

}  // namespace
}  // namespace packetsentry::flows
