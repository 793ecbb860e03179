#include "daemon/flows/conn_state.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/flows/talk.h"

namespace packetsentry::flows {
namespace {

TEST(ConnState, TellsAttempts) {
    Talk attempt;
    attempt.client("S", 0, 0);
    EXPECT_EQ(attempt.state(), "S0");
    Talk rejected;
    rejected.client("S", 0, 0);
    rejected.server("RA", 0, 1);
    EXPECT_EQ(rejected.state(), "REJ");
    EXPECT_EQ(rejected.letters(), "Sr");
    Talk given_up;
    given_up.client("S", 0, 0);
    given_up.client("R", 1, 0);
    EXPECT_EQ(given_up.state(), "RSTOS0");
    Talk half;
    half.client("S", 0, 0);
    half.client("FA", 1, 1);
    EXPECT_EQ(half.state(), "SH");
}

TEST(ConnState, TellsHowAConnectionEnded) {
    Talk lasting;
    lasting.open();
    EXPECT_EQ(lasting.state(), "S1");
    Talk by_client;
    by_client.open();
    by_client.client("FA", 1, 1);
    EXPECT_EQ(by_client.state(), "S2");
    Talk by_server;
    by_server.open();
    by_server.server("FA", 1, 1);
    EXPECT_EQ(by_server.state(), "S3");
    by_server.client("FA", 1, 2);
    EXPECT_EQ(by_server.state(), "SF");
    Talk reset;
    reset.open();
    reset.client("A", 1, 1, 5);
    reset.server("R", 1, 0);
    EXPECT_EQ(reset.state(), "RSTR");
}

TEST(ConnState, TellsWhatWasSeenOfOneSideAlone) {
    Talk answered{.first_from_client = false};
    answered.server("SA", 0, 1);
    answered.server("FA", 1, 1);
    EXPECT_EQ(answered.state(), "SH") << "whoever is seen first is the originator";
    Talk middle;
    middle.client("A", 50, 50, 10);
    EXPECT_EQ(middle.state(), "OTH");
    middle.server("FA", 50, 60);
    EXPECT_EQ(middle.state(), "SHR");
}

TEST(ConnState, TellsWhoHasSentDatagrams) {
    EXPECT_EQ(conn_state_of_udp(true, true), ConnState::SF);
    EXPECT_EQ(conn_state_of_udp(true, false), ConnState::S0);
    EXPECT_EQ(conn_state_of_udp(false, true), ConnState::SHR);
    EXPECT_EQ(conn_state_of_udp(false, false), ConnState::OTH);
    EXPECT_EQ(to_string(ConnState::RSTOS0), "RSTOS0");
    EXPECT_EQ(to_string(ConnState::OTH), "OTH");
}

}  // namespace
}  // namespace packetsentry::flows
