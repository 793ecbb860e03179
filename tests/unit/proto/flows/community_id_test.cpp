#include "proto/flows/community_id.h"

#include <gtest/gtest.h>

#include "tests/unit/proto/flows/flow_ends.h"

namespace packetsentry::flows {
namespace {

// The expected values are those that the specification publishes
// (https://github.com/corelight/community-id-spec/tree/master/baseline).
std::string id_of(std::uint8_t protocol, const FlowEnd& from, const FlowEnd& to, bool one_way = false) {
    FlowTuple ends = tuple(protocol, from, to);
    ends.one_way = one_way;
    return community_id(community_hash(ends));
}

TEST(CommunityId, IsThatOfTheSpecification) {
    const FlowEnd one = end("1.2.3.4", 1122), other = end("5.6.7.8", 3344);
    EXPECT_EQ(id_of(IPPROTO_TCP, one, other), "1:wCb3OG7yAFWelaUydu0D+125CLM=");
    EXPECT_EQ(id_of(IPPROTO_TCP, other, one), "1:wCb3OG7yAFWelaUydu0D+125CLM=");
    EXPECT_EQ(id_of(IPPROTO_UDP, one, other), "1:0Mu9InQx6z4ZiCZM/7HXi2WMhOg=");
    EXPECT_EQ(id_of(IPPROTO_SCTP, other, one), "1:EKt4MsxuyaE6mL+hmrEkQ9csDD8=");
}

TEST(CommunityId, TakesTypesOfIcmpForPorts) {
    EXPECT_EQ(id_of(IPPROTO_ICMP, end("1.2.3.4", 8), end("5.6.7.8", 0)), "1:crodRHL2FEsHjbv3UkRrfbs4bZ0=");
    EXPECT_EQ(id_of(IPPROTO_ICMP, end("5.6.7.8", 0), end("1.2.3.4", 8)), "1:crodRHL2FEsHjbv3UkRrfbs4bZ0=");
    EXPECT_EQ(id_of(IPPROTO_ICMP, end("1.2.3.4", 11), end("5.6.7.8", 0), true),
              "1:f/YiSyWqczrTgfUCZlBUnvHRcPk=");
    const FlowEnd one = end("fe80:1:203:405:607:809:a0b:c0d", 128);
    const FlowEnd other = end("fe80:1011:1213:1415:1617:1819:1a1b:1c1d", 129);
    EXPECT_EQ(id_of(IPPROTO_ICMPV6, one, other), "1:0bf7hyMJUwt3fMED7z8LIfRpBeo=");
    EXPECT_EQ(id_of(IPPROTO_ICMPV6, {one.address, 146}, {other.address, 0}, true),
              "1:fYC8+pz24E+EhANP1EZhpX0Dw10=");
}

TEST(CommunityId, LeavesOutPortsWhereThereAreNone) {
    EXPECT_EQ(id_of(IPPROTO_RSVP, end("1.2.3.4", 0), end("5.6.7.8", 0)), "1:ikv3kmf89luf73WPz1jOs49S768=");
    EXPECT_EQ(id_of(IPPROTO_RSVP, end("fe80:1011:1213:1415:1617:1819:1a1b:1c1d", 0),
                    end("fe80:1:203:405:607:809:a0b:c0d", 0)),
              "1:wQ/2mwrnXP4lmJcHdGL5ePjR+e0=");
}

TEST(CommunityId, IsReadFromItsText) {
    const std::string id = id_of(IPPROTO_TCP, end("1.2.3.4", 1122), end("5.6.7.8", 3344));
    const auto hash = parse_community_id(id);
    ASSERT_TRUE(hash);
    EXPECT_EQ(community_id(*hash), id);
    // The SHA-1 of "abc".
    const auto bytes = parse_community_id("1:qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
    ASSERT_TRUE(bytes);
    EXPECT_EQ(std::string(bytes->begin(), bytes->begin() + 4), "\xa9\x99\x3e\x36");
    EXPECT_EQ(std::string(bytes->end() - 4, bytes->end()), "\x9c\xd0\xd8\x9d");
}

TEST(CommunityId, IsNothingElse) {
    for (const char* other :
         {"", "1:", "1", "2:qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "1:qZk+NkcGgWq6PiVxeFDCbJzQ2J0",
          "1:qZk+NkcGgWq6PiVxeFDCbJzQ2J00", "1:qZk+NkcGgWq6PiVxe-DCbJzQ2J0=",
          "1:qZk+NkcGgWq6PiVxeFDCbJzQ2J==", "1:qZk+NkcGgWq6PiVxeFDCbJzQ2J0==",
          // A decoder takes these for the same bytes, or ignores the blank.
          "1:qZk+NkcGgWq6PiVxeFDCbJzQ2J1=", "1:qZk+NkcGgWq6PiVxeFDCbJzQ2J0= ",
          "1: qZk+NkcGgWq6PiVxeFDCbJzQ2J0",
          "1:============================", "1:qZk+NkcGgWq6PiVxeFDCbJzQ===="})
        EXPECT_FALSE(parse_community_id(other)) << other;
}

}  // namespace
}  // namespace packetsentry::flows
