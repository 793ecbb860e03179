#include "daemon/flows/direction.h"

#include <gtest/gtest.h>

namespace packetsentry::flows {
namespace {

bool local(std::string_view address) {
    return is_local(base::parse_ip(address).value());
}

TEST(Direction, KnowsLocalAddresses) {
    for (const char* const address :
         {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1", "169.254.9.9", "100.64.0.1",
          "100.127.255.255", "224.0.0.251", "239.255.255.250", "255.255.255.255", "0.0.0.0", "::", "::1",
          "fe80::1", "febf::1", "fd00::1", "fc12::1", "ff02::1"})
        EXPECT_TRUE(local(address)) << address;
    for (const char* const address : {"11.0.0.1", "172.15.0.1", "172.32.0.1", "192.169.0.1", "100.63.255.255",
                                      "100.128.0.1", "8.8.8.8", "::2", "2001:db8::1", "fec0::1", "fbff::1"})
        EXPECT_FALSE(local(address)) << address;
    EXPECT_FALSE(is_local({}));
}

TEST(Direction, IsThatOfEcs) {
    const auto inside = base::parse_ip("192.168.1.1").value();
    const auto outside = base::parse_ip("198.51.100.7").value();
    EXPECT_EQ(direction_of(inside, inside), "internal");
    EXPECT_EQ(direction_of(inside, outside), "outbound");
    EXPECT_EQ(direction_of(outside, inside), "inbound");
    EXPECT_EQ(direction_of(outside, outside), "external");
}

}  // namespace
}  // namespace packetsentry::flows
