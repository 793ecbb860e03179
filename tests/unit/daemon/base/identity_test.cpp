#include "daemon/base/identity.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace packetsentry::base {
namespace {

TEST(Identity, OfRoot) {
    const auto root = find_identity(0);
    ASSERT_TRUE(root);
    EXPECT_TRUE(root->known);
    EXPECT_EQ(root->name, "root");
    ASSERT_FALSE(root->groups.empty());
    EXPECT_EQ(root->groups.front(), 0U);
}

// Subordinate ids (subuid(5)) are such.
TEST(Identity, OneThatNobodyHasIsNotKnown) {
    const auto nobody = find_identity(3'999'999'999U);
    ASSERT_TRUE(nobody) << "that is an answer";
    EXPECT_EQ(*nobody, Identity());
}

}  // namespace
}  // namespace packetsentry::base
