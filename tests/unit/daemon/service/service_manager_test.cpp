#include "daemon/service/service_manager.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace packetsentry::service {
namespace {

TEST(ServiceManager, IsQuietWithoutSystemd) {
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
    ::unsetenv("LISTEN_FDS");
    EXPECT_EQ(watchdog_interval(), std::nullopt);
    const auto handed = take_handed();
    ASSERT_TRUE(handed);
    EXPECT_FALSE(handed->socket);
    EXPECT_TRUE(handed->kept.empty());
    keep_descriptor("7", 0);  // nowhere to go
    release_descriptor("7");
}

}  // namespace
}  // namespace packetsentry::service
