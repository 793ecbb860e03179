#include "daemon/jobs/output.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <string>

namespace packetsentry::jobs {
namespace {

void write_text(int fd, const std::string& text) {
    ASSERT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

TEST(Output, IsCutBackToWhatWasReported) {
    Output output(base::UniqueFd(::memfd_create("output", MFD_CLOEXEC)));
    write_text(output.fd(), "head");
    output.worker_begins();
    write_text(output.fd(), "blocks, and a part of o");
    output.worker_died(6);
    write_text(output.fd(), "!");
    std::array<char, 64> text{};
    EXPECT_EQ(std::string(text.data(), static_cast<std::size_t>(::pread(output.fd(), text.data(), 64, 0))),
              "headblocks!");
}

TEST(Output, LeavesWhatIsShorterAndWhatIsNoFile) {
    Output file(base::UniqueFd(::memfd_create("output", MFD_CLOEXEC)));
    file.worker_begins();
    file.worker_died(100);
    EXPECT_EQ(::lseek(file.fd(), 0, SEEK_END), 0);
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const base::UniqueFd reader(ends[0]);
    Output pipe{base::UniqueFd(ends[1])};
    pipe.worker_begins();
    pipe.worker_died(0);
    EXPECT_TRUE(pipe.open());
}

}  // namespace
}  // namespace packetsentry::jobs
