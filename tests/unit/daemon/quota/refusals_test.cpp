#include "daemon/quota/refusals.h"

#include <gtest/gtest.h>

#include <set>

namespace packetsentry::quota {
namespace {

TEST(Refusals, AddUpAndHaveNames) {
    Refusals refusals;
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < Refusals::kKinds; ++i) {
        const auto kind = static_cast<Refusal>(i);
        names.insert(name_of(kind));
        for (std::size_t n = 0; n <= i; ++n) refusals.count(kind);
        EXPECT_EQ(refusals.of(kind), i + 1);
    }
    EXPECT_EQ(refusals.all(), 55U);
    EXPECT_EQ(names.size(), Refusals::kKinds);
    EXPECT_EQ(name_of(Refusal::slow_reader), "slow_reader");
}

}  // namespace
}  // namespace packetsentry::quota
