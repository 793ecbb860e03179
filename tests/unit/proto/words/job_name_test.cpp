#include "proto/words/job_name.h"

#include <gtest/gtest.h>

namespace packetsentry::proto {
namespace {

TEST(JobName, TakesPlainOnes) {
    for (const std::string& name : {std::string("dns"), std::string("a"), std::string("7up"),
                                    std::string("A-b_c.9"), std::string(64, 'x')})
        EXPECT_TRUE(check_job_name(name)) << name;
}

TEST(JobName, RefusesTheRest) {
    for (const std::string& name :
         {std::string(), std::string(65, 'x'), std::string("a b"), std::string("a/b"),
          std::string("a\x1b[31m"), std::string("dés"), std::string("12"), std::string("a\0b", 3)}) {
        const auto checked = check_job_name(name);
        ASSERT_FALSE(checked) << name;
        EXPECT_EQ(checked.error().code, base::ErrorCode::usage);
    }
}

}  // namespace
}  // namespace packetsentry::proto
