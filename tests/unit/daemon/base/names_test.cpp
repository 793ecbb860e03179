#include "daemon/base/names.h"

#include <gtest/gtest.h>

namespace packetsentry::base {
namespace {

TEST(Names, OfUsersAndGroupsBecomeNumbers) {
    const auto root = find_user("root");
    ASSERT_TRUE(root);
    EXPECT_EQ(root->uid, 0U);
    EXPECT_EQ(root->gid, 0U);
    EXPECT_EQ(group_id("root"), 0U);
}

TEST(Names, ThatNobodyHasAreNone) {
    EXPECT_FALSE(find_user("no-such-user-here"));
    EXPECT_EQ(group_id("no-such-group-here"), std::nullopt);
}

}  // namespace
}  // namespace packetsentry::base
