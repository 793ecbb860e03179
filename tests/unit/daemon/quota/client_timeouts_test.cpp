#include "daemon/quota/client_timeouts.h"

#include <gtest/gtest.h>

namespace packetsentry::quota {
namespace {

using namespace std::chrono_literals;
using Verdict = ClientTimeouts::Verdict;

constexpr ClientTimeouts::Time kConnected{1h};
constexpr std::chrono::seconds kForReader{30};

struct PatienceTest : testing::Test {
    Verdict at(std::chrono::seconds time) { return patience.look(kConnected + time, seen, kForReader); }

    ClientTimeouts patience{kConnected};
    ClientTimeouts::Seen seen{.greeted = true, .reading = true};
};

TEST_F(PatienceTest, AHelloComesWithinTenSeconds) {
    seen.greeted = false;
    EXPECT_EQ(at(10s), Verdict::wait);
    EXPECT_EQ(at(11s), Verdict::no_hello);
}

TEST_F(PatienceTest, AGreetedClientMaySayNothingForEver) {
    EXPECT_EQ(at(1s), Verdict::wait);
    EXPECT_EQ(at(86400s), Verdict::wait);
}

// A byte a second is no progress: the message has to be whole.
TEST_F(PatienceTest, AMessageIsCompletedWithinTenSeconds) {
    EXPECT_EQ(at(5s), Verdict::wait);
    for (int i = 1; i <= 10; ++i) {
        ++seen.unread;
        EXPECT_EQ(at(std::chrono::seconds(5 + i)), Verdict::wait);
    }
    EXPECT_EQ(at(16s), Verdict::slow_message);
}

TEST_F(PatienceTest, TheNextMessageHasItsOwnTime) {
    seen.unread = 3;
    for (int i = 1; i <= 100; ++i) {
        ++seen.messages;
        EXPECT_EQ(at(std::chrono::seconds(9 * i)), Verdict::wait);
    }
}

TEST_F(PatienceTest, WhatTheDaemonDoesNotReadIsNotTheClientsFault) {
    seen.reading = false;
    seen.unread = 4000;
    EXPECT_EQ(at(100s), Verdict::wait);
}

TEST_F(PatienceTest, AReaderTakesSomethingNowAndThen) {
    seen.unsent = 5000;
    EXPECT_EQ(at(1s), Verdict::wait);
    EXPECT_EQ(at(30s), Verdict::wait);
    seen.sent += 1;
    EXPECT_EQ(at(31s), Verdict::wait);
    EXPECT_EQ(at(61s), Verdict::wait);
    EXPECT_EQ(at(62s), Verdict::slow_reader);
}

TEST_F(PatienceTest, TheTimeOfAReaderBeginsWhenSomethingWaits) {
    EXPECT_EQ(at(100s), Verdict::wait);
    seen.unsent = 5000;
    EXPECT_EQ(at(129s), Verdict::wait);
    seen.unsent = 0;
    EXPECT_EQ(at(200s), Verdict::wait);
}

}  // namespace
}  // namespace packetsentry::quota
