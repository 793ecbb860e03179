#include "ctl/output/progress.h"

#include <gtest/gtest.h>

namespace packetsentry::ctl {
namespace {

TEST(Progress, Text) {
    EXPECT_EQ(progress_text({2'400'000, 45, 100, 1.0}), "2400000 packets, 45 %, 2.4 M packets/s");
    EXPECT_EQ(progress_text({5000, 0, 0, 2.0}), "5000 packets, 2 k packets/s");
    EXPECT_EQ(progress_text({10, 300, 200, 0.0}), "10 packets, 100 %");
    EXPECT_EQ(progress_text({10, 0, 0, 1.0}), "10 packets, 10 packets/s");
    EXPECT_EQ(progress_text({10, 45, 100, 1.0, true}), "10 packets found, 45 %");
}

}  // namespace
}  // namespace packetsentry::ctl
