#include "daemon/jobs/output.h"

#include <fcntl.h>
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

TEST(Output, IsKnownByItsFileAndNotByItsName) {
    const std::string path = testing::TempDir() + "output-" + std::to_string(::getpid());
    const auto open = [&](const std::string& name) {
        return Output(base::UniqueFd(::open(name.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)));
    };
    const Output output = open(path);
    ASSERT_EQ(::link(path.c_str(), (path + ".link").c_str()), 0);
    EXPECT_TRUE(output.id());
    EXPECT_EQ(output.id(), open(path + ".link").id());
    EXPECT_NE(output.id(), open(path + ".other").id());
    EXPECT_FALSE(open("/dev/null").id()) << "any number of jobs may write there";
    EXPECT_FALSE(Output().id());

    ::unlink(path.c_str());
    EXPECT_FALSE(output.removed()) << "it has another name";
    ::unlink((path + ".link").c_str());
    ::unlink((path + ".other").c_str());
    EXPECT_TRUE(output.removed());
    const Output nameless(base::UniqueFd(::memfd_create("output", MFD_CLOEXEC)));
    EXPECT_FALSE(nameless.removed()) << "it never had a name";
    EXPECT_FALSE(Output().removed());
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
