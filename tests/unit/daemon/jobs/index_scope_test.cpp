#include "daemon/jobs/index_scope.h"

#include <gtest/gtest.h>

#include <limits>

namespace packetsentry::jobs {
namespace {

TEST(IndexScope, StaysWhileTheMachineRuns) {
    const wire::IndexScope scope = present_index_scope();
    EXPECT_NE(scope.network_namespace(), 0U);
    EXPECT_TRUE(same_scope(scope, present_index_scope()));
}

TEST(IndexScope, IsAnotherAfterABootAndInAnotherNamespace) {
    const wire::IndexScope scope = present_index_scope();
    wire::IndexScope other = scope;
    other.set_booted_ns(scope.booted_ns() + 3'000'000'000);
    EXPECT_FALSE(same_scope(scope, other));
    other = scope;
    other.set_network_namespace(scope.network_namespace() + 1);
    EXPECT_FALSE(same_scope(scope, other));
    EXPECT_FALSE(same_scope(scope, wire::IndexScope())) << "one that was not stored";
    other.set_booted_ns(std::numeric_limits<std::int64_t>::min());
    EXPECT_FALSE(same_scope(scope, other));
}

}  // namespace
}  // namespace packetsentry::jobs
