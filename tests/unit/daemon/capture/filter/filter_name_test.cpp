#include "daemon/capture/filter/filter_name.h"

#include <gtest/gtest.h>

#include "daemon/capture/filter/filter_program.h"

namespace packetsentry::capture {
namespace {

bool refused_for_a_name(const std::string& expression) {
    const auto filter = FilterProgram::compile(expression, 1, 262144);
    return !filter && filter.error().message.contains("names are not looked up");
}

TEST(FilterName, NamesOfHostsAreRefused) {
    for (const char* expression :
         {"host localhost", "src example.com", "dst net loopback", "host 1.2.3.4 or example.com",
          "gateway router", "ether host printer", "port 53 and host bad.cafe", "host \\tcp",
          "not (tcp port 80 and src www.example.com)", "host 1.2.3.4 and len-5 > 2"})
        EXPECT_TRUE(refused_for_a_name(expression)) << expression;
}

TEST(FilterName, EverythingElseCompiles) {
    for (const char* expression : {"host 10.1.2.3",
                                   "src net 10.0.0.0/8",
                                   "net 10",
                                   "net 10.1",
                                   "net 10.0.0.0 mask 255.0.0.0",
                                   "host fe80::1",
                                   "net 2001:db8::/32",
                                   "ether host 0:11:22:33:44:55",
                                   "ether src 00-11-22-33-44-55",
                                   "ether dst 001122334455",
                                   "ether host 0011.2233.4455",
                                   "host 0x0a010203",
                                   "port domain or ntp",
                                   "tcp port http and host 10.0.0.1",
                                   "host 10.0.0.1 and tcp[tcpflags] & (tcp-syn|tcp-fin) != 0",
                                   "ip proto \\tcp and host 10.0.0.1",
                                   "host 10.0.0.1 and icmp[icmptype] = icmp-echo",
                                   "src host 10.0.0.1 and not broadcast",
                                   "dst port 80 or arp",
                                   "vlan 3 and host 10.0.0.1",
                                   "ether proto \\arp",
                                   "src or dst host 10.0.0.1 and less 100"}) {
        const auto filter = FilterProgram::compile(expression, 1, 262144);
        EXPECT_TRUE(filter) << expression << ": " << filter.error().message;
    }
}

}  // namespace
}  // namespace packetsentry::capture
