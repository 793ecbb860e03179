#include "daemon/jobs/output.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <limits>
#include <optional>
#include <string>

namespace packetsentry::jobs {
namespace {

void write_text(int fd, const std::string& text) {
    ASSERT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

TEST(Output, IsToBeCutBackToWhatWasReported) {
    Output output(base::UniqueFd(::memfd_create("output", MFD_CLOEXEC)));
    write_text(output.fd(), "head");
    EXPECT_EQ(output.worker_begins(), std::nullopt);
    write_text(output.fd(), "blocks, and a part of o");
    output.worker_died(6);
    EXPECT_EQ(output.worker_begins(), 10);
    // It died before it came to that.
    output.worker_died(0);
    EXPECT_EQ(output.worker_begins(), 10);
    EXPECT_EQ(::ftruncate(output.fd(), 10), 0);
    output.worker_died(0);
    EXPECT_EQ(output.worker_begins(), std::nullopt);
}

TEST(Output, OfWhichNothingIsWholeIsCutToNothingThoughItIsEmpty) {
    Output output(base::UniqueFd(::memfd_create("output", MFD_CLOEXEC)));
    EXPECT_EQ(output.worker_begins(), std::nullopt);
    output.worker_died(0);
    EXPECT_EQ(output.to_cut(), 0);
}

TEST(Output, ReportsBeyondAnyFileCutNothing) {
    base::UniqueFd file(::memfd_create("output", MFD_CLOEXEC));
    ASSERT_EQ(::ftruncate(file.get(), std::numeric_limits<off_t>::max()), 0);
    Output output(std::move(file));
    EXPECT_EQ(output.worker_begins(), std::nullopt);
    output.worker_died(1ULL << 56);
    EXPECT_EQ(output.to_cut(), std::nullopt);
}

TEST(Output, IsToBeCutBackAfterARestartToo) {
    base::UniqueFd file(::memfd_create("output", MFD_CLOEXEC));
    write_text(file.get(), "blocks, and a part of o");
    Output output(std::move(file));
    EXPECT_EQ(output.to_cut(), std::nullopt);
    output.cut_at(6);
    EXPECT_EQ(output.to_cut(), 6);
    EXPECT_EQ(output.worker_begins(), 6);
    EXPECT_EQ(output.to_cut(), std::nullopt);
    output.worker_died(2);
    EXPECT_EQ(output.to_cut(), 8);
    output.close();
    EXPECT_EQ(output.to_cut(), std::nullopt);
}

TEST(Output, IsLeftWhereItIsShorterOrNoFile) {
    Output file(base::UniqueFd(::memfd_create("output", MFD_CLOEXEC)));
    EXPECT_EQ(file.worker_begins(), std::nullopt);
    write_text(file.fd(), "a block");
    file.worker_died(100);
    EXPECT_EQ(file.worker_begins(), std::nullopt);
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const base::UniqueFd reader(ends[0]);
    Output pipe{base::UniqueFd(ends[1])};
    EXPECT_EQ(pipe.worker_begins(), std::nullopt);
    pipe.worker_died(0);
    EXPECT_EQ(pipe.worker_begins(), std::nullopt);
    EXPECT_TRUE(pipe.open());
}

}  // namespace
}  // namespace packetsentry::jobs
