#include "daemon/jobs/interface_counts.h"

#include <gtest/gtest.h>

#include <vector>

namespace packetsentry::jobs {
namespace {

const std::vector<std::string> kEth0{"eth0"};

TEST(InterfaceGrowth, AddsUpInSixtyFourBits) {
    InterfaceGrowth growth;
    growth.read({{"eth0", {0xfffffff0, 0xffffffff}}}, kEth0);
    growth.read({{"eth0", {0x10, 1}}}, kEth0);
    growth.read({{"eth0", {0x7fffffff, 2}}}, kEth0);
    EXPECT_EQ(growth.packets(), 0x20U + 0x7fffffefU);
    EXPECT_EQ(growth.dropped(), 3U);
}

TEST(InterfaceGrowth, OneMadeAgainCountsFromItsBeginning) {
    InterfaceGrowth growth;
    growth.read({{"eth0", {1000, 5}}}, kEth0);
    growth.read({}, kEth0);
    growth.read({{"eth0", {7, 1}}}, kEth0);
    EXPECT_EQ(growth.packets(), 7U);
    EXPECT_EQ(growth.dropped(), 1U);
}

TEST(InterfaceGrowth, AnyIsAllOfThem) {
    InterfaceGrowth growth;
    const std::vector<std::string> any{"any"};
    growth.read({{"eth0", {1, 0}}, {"lo", {1, 0}}}, any);
    growth.read({{"eth0", {3, 0}}, {"lo", {5, 0}}}, any);
    EXPECT_EQ(growth.packets(), 6U);
}

TEST(InterfaceCounts, KnowsTheLoopback) {
    EXPECT_TRUE(read_interface_counts().contains("lo"));
}

}  // namespace
}  // namespace packetsentry::jobs
