#include "daemon/jobs/interface_counts.h"

#include <gtest/gtest.h>
#include <net/if.h>

#include <vector>

namespace packetsentry::jobs {
namespace {

const std::vector<std::string> kEth0{"eth0"};

TEST(InterfaceGrowth, AddsUpInSixtyFourBits) {
    InterfaceGrowth growth;
    growth.read({{"eth0", {2, 0xfffffff0, 0xffffffff}}}, kEth0);
    growth.read({{"eth0", {2, 0x10, 1}}}, kEth0);
    growth.read({{"eth0", {2, 0x7fffffff, 2}}}, kEth0);
    EXPECT_EQ(growth.packets(), 0x20U + 0x7fffffefU);
    EXPECT_EQ(growth.dropped(), 3U);
}

TEST(InterfaceGrowth, OneMadeAgainCountsFromItsBeginning) {
    InterfaceGrowth growth;
    growth.read({{"eth0", {2, 1000, 5}}}, kEth0);
    growth.read({{"lo", {1, 4, 0}}}, kEth0);
    growth.read({{"eth0", {3, 7, 1}}}, kEth0);
    EXPECT_EQ(growth.packets(), 7U);
    EXPECT_EQ(growth.dropped(), 1U);
}

TEST(InterfaceGrowth, AnyIsAllOfThem) {
    InterfaceGrowth growth;
    const std::vector<std::string> any{"any"};
    growth.read({{"eth0", {2, 1, 0}}, {"lo", {1, 1, 0}}}, any);
    growth.read({{"eth0", {2, 3, 0}}, {"lo", {1, 5, 0}}}, any);
    EXPECT_EQ(growth.packets(), 6U);
}

TEST(InterfaceGrowth, GoesOnUnderAnotherName) {
    InterfaceGrowth growth;
    const std::vector<std::string> renamed{"lan0"};
    growth.read({{"eth0", {2, 1000, 5}}, {"eth1", {3, 50, 0}}}, kEth0);
    growth.read({{"lan0", {2, 1010, 6}}, {"eth0", {3, 90, 0}}}, renamed);
    EXPECT_EQ(growth.packets(), 10U);
    EXPECT_EQ(growth.dropped(), 1U);
}

TEST(InterfaceGrowth, ATableThatCouldNotBeReadChangesNothing) {
    InterfaceGrowth growth;
    growth.read({{"eth0", {2, 1000, 5}}}, kEth0);
    growth.read({}, kEth0);
    growth.read({{"eth0", {2, 1001, 5}}}, kEth0);
    EXPECT_EQ(growth.packets(), 1U);
}

TEST(InterfaceCounts, KnowsTheLoopback) {
    const auto table = read_interface_counts();
    ASSERT_TRUE(table.contains("lo"));
    EXPECT_EQ(table.at("lo").index, ::if_nametoindex("lo"));
}

}  // namespace
}  // namespace packetsentry::jobs
