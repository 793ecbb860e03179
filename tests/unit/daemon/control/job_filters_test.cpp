#include "daemon/control/job_filters.h"

#include <gtest/gtest.h>

#include <string>

namespace packetsentry::control {
namespace {

// fake_worker.cpp does as the expression says.
base::Result<void> checked(const std::string& bpf, const std::string& display,
                           const std::string& worker = FAKE_WORKER) {
    standing::StandingJob job{.path = "/jobs.d/a.toml", .bpf_line = 3, .display_line = 4};
    job.filter.set_bpf(bpf);
    job.filter.set_display(display);
    return check_job_filters_now(worker, job);
}

TEST(JobFilters, AMistakeIsToldWithItsPlace) {
    EXPECT_TRUE(checked("", ""));
    EXPECT_TRUE(checked("normal", "normal"));
    const auto bpf = checked("refuse", "refuse");
    ASSERT_FALSE(bpf);
    EXPECT_EQ(bpf.error().code, base::ErrorCode::usage);
    EXPECT_EQ(bpf.error().message, "/jobs.d/a.toml:3: no such filter");
    EXPECT_EQ(checked("normal", "refuse").error().message, "/jobs.d/a.toml:4: no such filter");
}

TEST(JobFilters, AWorkerThatCannotBeAskedSaysNothingAboutTheJob) {
    EXPECT_TRUE(checked("", "", "/no/such/worker"));
    EXPECT_EQ(checked("normal", "", "/no/such/worker").error().code, base::ErrorCode::internal);
    EXPECT_EQ(checked("silent exit", "").error().code, base::ErrorCode::internal);
}

}  // namespace
}  // namespace packetsentry::control
