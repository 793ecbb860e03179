#include "daemon/workers/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "daemon/base/local_file.h"

namespace packetsentry::workers {
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

class TruncatedOutput : public testing::Test {
  protected:
    void SetUp() override {
        if (!base::is_local(output.fd())) GTEST_SKIP() << "nobody knows who answers for files here";
        EXPECT_EQ(output.worker_begins(), std::nullopt);
    }
    // What a worker writes, and then tells.
    void save(const std::string& text) {
        write_text(output.fd(), text);
        saved_ += text.size();
        output.worker_reported(saved_);
    }
    void next_worker() {
        output.worker_ended(std::exchange(saved_, 0));
        EXPECT_EQ(output.worker_begins(), std::nullopt);
    }
    void truncate(off_t size) { EXPECT_EQ(::ftruncate(output.fd(), size), 0); }

    Output output{base::UniqueFd(::memfd_create("output", MFD_CLOEXEC))};

  private:
    std::uint64_t saved_ = 0;
};

TEST_F(TruncatedOutput, IsSeenOnceAReportIsBelieved) {
    save("0123456789");
    truncate(4);
    EXPECT_FALSE(output.truncated()) << "the latest report may count what a full disk has refused";
    output.worker_reported(10);
    EXPECT_TRUE(output.truncated());
}

TEST_F(TruncatedOutput, IsSeenWhereItHasLessThanItsEarlierWorkersWrote) {
    save("0123456789");
    next_worker();
    EXPECT_FALSE(output.truncated());
    truncate(9);
    EXPECT_TRUE(output.truncated());
    output.close();
    EXPECT_FALSE(output.truncated());
}

TEST_F(TruncatedOutput, IsSeenAfterARestart) {
    output.written_before(10);
    EXPECT_TRUE(output.truncated());
    write_text(output.fd(), "0123456789");
    EXPECT_FALSE(output.truncated());
}

// The next worker writes over what was appended, because it shares the place to write at with the one before.
TEST_F(TruncatedOutput, IsNoneToWhichSomebodyAppends) {
    save("0123456789");
    ASSERT_EQ(::pwrite(output.fd(), "appended", 8, 10), 8);
    next_worker();
    save("abc");
    next_worker();
    EXPECT_EQ(file_size(output.fd()), 18);
    EXPECT_FALSE(output.truncated());
}

TEST_F(TruncatedOutput, IsNoneThatIsCutBackBehindWhatAWorkerThatDiedHadReported) {
    save("0123456789");
    output.worker_reported(10);
    write_text(output.fd(), "a part of a block");
    output.worker_died(10);
    EXPECT_FALSE(output.truncated());
    ASSERT_EQ(output.worker_begins(), 10);
    truncate(10);
    EXPECT_FALSE(output.truncated());
    truncate(0);
    EXPECT_TRUE(output.truncated());
}

TEST_F(TruncatedOutput, IsNoneWhoseWorkerDiedBeforeItsLastReportWasBelieved) {
    save("0123456789");
    output.worker_reported(24);  // of which the disk has taken 10
    output.worker_died(24);
    EXPECT_FALSE(output.truncated());
    truncate(9);
    EXPECT_TRUE(output.truncated());
}

TEST(Output, WithoutASizeIsNeverTruncated) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const base::UniqueFd reader(ends[0]);
    EXPECT_FALSE(is_truncated(base::UniqueFd(ends[1]).get(), 10));
    EXPECT_FALSE(is_truncated(base::UniqueFd(::open("/dev/null", O_WRONLY | O_CLOEXEC)).get(), 10));
    EXPECT_FALSE(is_truncated(-1, 10));
}

class MovedOutput : public testing::Test {
  protected:
    MovedOutput()
        : output(base::UniqueFd(::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600))) {}
    ~MovedOutput() override {
        ::unlink(path.c_str());
        ::unlink(other.c_str());
    }
    void SetUp() override {
        if (!base::is_local(output.fd())) GTEST_SKIP() << "nobody knows who answers for files here";
    }
    static void move(const std::string& from, const std::string& to) {
        ASSERT_EQ(std::rename(from.c_str(), to.c_str()), 0);
    }

    const std::string path =
        std::filesystem::canonical(testing::TempDir()) / ("moved-" + std::to_string(::getpid()));
    const std::string other = path + ".1";
    Output output;
};

TEST_F(MovedOutput, HasItsPresentNameAfterEachMove) {
    output.named_as(path);
    EXPECT_EQ(output.take_move(), std::nullopt);
    move(path, other);
    EXPECT_EQ(output.take_move(), other);
    EXPECT_EQ(output.take_move(), std::nullopt);
    move(other, path);
    EXPECT_EQ(output.take_move(), path);
    output.close();
    EXPECT_EQ(output.take_move(), std::nullopt);
}

// Where its mount is gone the kernel tells the end of its path alone.
TEST_F(MovedOutput, HasTheNameThatItsUserSees) {
    output.named_as("/mnt" + path);
    EXPECT_EQ(output.take_move(), std::nullopt);
    move(path, other);
    EXPECT_EQ(output.take_move(), "/mnt" + other);
}

TEST_F(MovedOutput, HasNoNameWhereItsUserSeesOtherPaths) {
    output.named_as("output.pcap");
    EXPECT_EQ(output.take_move(), std::nullopt);
    move(path, other);
    EXPECT_EQ(output.take_move(), "");
    move(other, path);
    EXPECT_EQ(output.take_move(), std::nullopt) << "told once";
}

TEST_F(MovedOutput, HasNoNameWhereOnlyAHardLinkIsLeft) {
    output.named_as(path);
    ASSERT_EQ(::link(path.c_str(), other.c_str()), 0);
    EXPECT_EQ(output.take_move(), std::nullopt);
    ::unlink(path.c_str());
    EXPECT_EQ(output.take_move(), "");
    EXPECT_EQ(output.take_move(), std::nullopt);
}

TEST_F(MovedOutput, IsNoneThatWasRemovedOrHadNoName) {
    output.named_as(path);
    ::unlink(path.c_str());
    EXPECT_EQ(output.take_move(), std::nullopt);
    EXPECT_TRUE(output.removed());
    Output nameless(base::UniqueFd(::memfd_create("output", MFD_CLOEXEC)));
    nameless.named_as("output.pcap");
    EXPECT_EQ(nameless.take_move(), std::nullopt);
}

}  // namespace
}  // namespace packetsentry::workers
