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

TEST(Names, AGroupMayBeANumberThatNobodyHas) {
    EXPECT_EQ(group_id("0"), 0U);
    EXPECT_EQ(group_id("61500"), 61500U);
    EXPECT_EQ(group_id("4294967294"), 4294967294U);
    for (const char* text : {"", "-1", "+5", " 5", "5 ", "1e3", "0x10", "5.0", "61500x", "4294967295",
                             "4294967296", "9223372036854775808", "18446744073709551616", "\u0663"})
        EXPECT_EQ(group_id(text), std::nullopt) << text;
}

TEST(Names, OfNumbers) {
    constexpr uid_t kNobodys = 3'999'999'999;
    EXPECT_EQ(user_name(0), "root");
    EXPECT_EQ(user_name(kNobodys), "3999999999");
    EXPECT_EQ(user_text(0), "root (uid 0)");
    EXPECT_EQ(user_text(kNobodys), "uid 3999999999");
}

}  // namespace
}  // namespace packetsentry::base
