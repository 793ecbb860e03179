#include "daemon/base/interface_glob.h"

#include <gtest/gtest.h>

namespace packetsentry::base {
namespace {

TEST(InterfaceGlob, MatchesAsFnmatchDoes) {
    for (const auto& [glob, name] :
         {std::pair{"eth0", "eth0"}, std::pair{"lab*", "lab"}, std::pair{"lab*", "lab0.12"},
          std::pair{"eth?", "eth1"}, std::pair{"eth[01]", "eth1"}, std::pair{"*", "lo"},
          std::pair{"\\*", "*"}, std::pair{"*", "fifteen-letters"}})
        EXPECT_TRUE(matches_interface(glob, name)) << glob << " " << name;
    for (const auto& [glob, name] :
         {std::pair{"eth0", "eth01"}, std::pair{"lab*", "xlab"}, std::pair{"eth?", "eth"},
          std::pair{"*", "sixteen-letters-"}, std::pair{"sixteen-letters-", "sixteen-letters-"}})
        EXPECT_FALSE(matches_interface(glob, name)) << glob << " " << name;
}

TEST(InterfaceGlob, ANameIsNoPattern) {
    for (const char* text : {"eth0", "any", "lab0.12", "br-0_x", ""}) EXPECT_FALSE(is_interface_glob(text));
    for (const char* text : {"*", "eth?", "eth[01]", "a\\*"}) EXPECT_TRUE(is_interface_glob(text));
}

}  // namespace
}  // namespace packetsentry::base
