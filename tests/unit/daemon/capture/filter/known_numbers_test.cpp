#include "daemon/capture/filter/known_numbers.h"

#include <gtest/gtest.h>
#include <netdb.h>

namespace packetsentry::capture {
namespace {

TEST(KnownNumbers, AreThoseOfTheRegistries) {
    EXPECT_EQ(port_number("domain"), 53);
    EXPECT_EQ(port_number("https"), 443);
    EXPECT_EQ(port_number("mdns"), 5353);
    EXPECT_EQ(protocol_number("esp"), 50);
    EXPECT_EQ(protocol_number("sctp"), 132);
}

TEST(KnownNumbers, OthersAreUnknownAndNamesAreExact) {
    for (const char* name : {"", "dom", "domain ", "DOMAIN", "53", "no-such-service"}) {
        EXPECT_FALSE(port_number(name)) << name;
        EXPECT_FALSE(protocol_number(name)) << name;
    }
    EXPECT_FALSE(protocol_number("https"));
    EXPECT_FALSE(port_number("esp"));
}

// Where the system has a list of its own, it has no other numbers.
TEST(KnownNumbers, AgreeWithTheSystem) {
    for (const char* name : {"ssh", "smtp", "domain", "tftp", "http", "ntp", "imap2", "snmp", "https", "ldap",
                             "syslog", "ipp", "imaps", "radius", "nfs", "mysql", "sip"})
        if (const servent* entry = ::getservbyname(name, nullptr); entry != nullptr) {
            EXPECT_EQ(port_number(name), ntohs(static_cast<std::uint16_t>(entry->s_port))) << name;
        }
    for (const char* name : {"icmp", "igmp", "tcp", "udp", "gre", "esp", "ah", "ospf", "vrrp", "sctp"})
        if (const protoent* entry = ::getprotobyname(name); entry != nullptr) {
            EXPECT_EQ(protocol_number(name), entry->p_proto) << name;
        }
}

}  // namespace
}  // namespace packetsentry::capture
