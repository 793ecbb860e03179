#include "daemon/spool/catalogue/terms_pool.h"

#include <gtest/gtest.h>

#include <vector>

namespace packetsentry::spool {
namespace {

TEST(TermsPool, HasEachTextOnce) {
    TermsPool pool;
    const Terms first = pool.share("terms");
    EXPECT_EQ(*first, "terms");
    EXPECT_EQ(pool.share(std::string("terms")), first);
    EXPECT_NE(pool.share(""), first);
    EXPECT_EQ(pool.size(), 2U);
}

TEST(TermsPool, DiscardsWhatNobodyHolds) {
    TermsPool pool;
    std::vector<Terms> held;
    for (int i = 0; i < 100; ++i) held.push_back(pool.share(std::to_string(i)));
    for (int i = 100; i < 10'000; ++i) (void)pool.share(std::to_string(i));
    EXPECT_LT(pool.size(), 300U);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(pool.share(std::to_string(i)), held[static_cast<std::size_t>(i)]);
}

}  // namespace
}  // namespace packetsentry::spool
