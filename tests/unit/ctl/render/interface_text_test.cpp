#include "ctl/render/interface_text.h"

#include <gtest/gtest.h>

namespace packetsentry::ctl::render {
namespace {

TEST(Interfaces, TableAndJson) {
    wire::Interfaces interfaces;
    wire::InterfaceInfo& up = *interfaces.add_interface();
    up.set_name("eth0");
    up.set_up(true);
    up.set_running(true);
    up.set_link("Ethernet");
    up.add_address("192.0.2.7");
    up.add_address("fe80::1");
    wire::InterfaceInfo& unplugged = *interfaces.add_interface();
    unplugged.set_name("eth1");
    unplugged.set_up(true);
    interfaces.add_interface()->set_name("eth2");
    EXPECT_EQ(interfaces_table(interfaces, true),
              "NAME  STATE       LINK      ADDRESSES\n"
              "eth0  up          Ethernet  192.0.2.7, fe80::1\n"
              "eth1  no carrier  -         -\n"
              "eth2  down        -         -\n");
    EXPECT_EQ(interface_json(up), R"({"name":"eth0","index":0,"up":true,"running":true,"loopback":false,)"
                                  R"("addresses":["192.0.2.7","fe80::1"],"link":"Ethernet"})"
                                  "\n");
}

}  // namespace
}  // namespace packetsentry::ctl::render
