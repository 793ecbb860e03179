#include "daemon/control/alternative_name.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/capture/test_network.h"

namespace packetsentry::control {
namespace {

constexpr const char* kLong = "a-name-that-is-longer-than-an-interface-may-be-called";

TEST(AlternativeName, StandsForTheInterfacesOwn) {
    const capture::TestNetwork network;
    if (!network.made()) GTEST_SKIP() << "cannot make a network namespace";
    if (!network.ip("link property add dev left altname enp3s0 altname " + std::string(kLong)))
        GTEST_SKIP() << "this kernel has no alternative names";
    for (const char* name : {"left", "enp3s0", kLong}) EXPECT_EQ(own_name_of(name), "left") << name;
    for (const std::string name : {"right", "any", "", "nothing", "ENP3S0", "eth0/../x"})
        EXPECT_EQ(own_name_of(name), name);
    for (const std::string& name :
         {std::string(127, 'x'), std::string(128, 'x'), std::string(70'000, 'x'), std::string("left\0", 5)})
        EXPECT_EQ(own_name_of(name), name);
    wire::CaptureSpec capture;
    for (const char* name : {kLong, "right", "absent"}) capture.add_interface(name);
    use_own_names(capture);
    EXPECT_EQ(capture.interface(0), "left");
    EXPECT_EQ(capture.interface(1), "right");
    EXPECT_EQ(capture.interface(2), "absent");
}

}  // namespace
}  // namespace packetsentry::control
