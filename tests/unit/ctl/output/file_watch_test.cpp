#include "ctl/output/file_watch.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string>

#include "daemon/base/local_file.h"

namespace packetsentry::ctl {
namespace {

class FileWatchTest : public testing::Test {
  protected:
    FileWatchTest() : file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {
        write("abcdef");
    }
    void SetUp() override {
        if (!base::is_local(file_.get())) GTEST_SKIP() << "nobody knows who answers for files here";
    }
    ~FileWatchTest() override {
        ::unlink(path_.c_str());
        ::unlink(other_.c_str());
    }
    void write(std::string_view text) {
        ASSERT_EQ(::write(file_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    static std::string what(const FileWatch& watch) {
        const auto change = watch.change();
        if (!change) return "";
        return std::string(change->what.substr(0, change->what.find(' ', 4))) +
               (change->lost ? ", lost" : "");
    }

    const std::string path_ = testing::TempDir() + "watched-" + std::to_string(::getpid());
    const std::string other_ = path_ + ".1";
    base::UniqueFd file_;
};

TEST_F(FileWatchTest, AFileThatIsLeftAlone) {
    FileWatch watch(file_.get(), path_);
    watch.look(6);
    EXPECT_EQ(what(watch), "");
    EXPECT_TRUE(is_at(file_.get(), path_));
}

TEST_F(FileWatchTest, RemovedOrReplaced) {
    const FileWatch watch(file_.get(), path_);
    ::unlink(path_.c_str());
    EXPECT_EQ(what(watch), "was removed, lost");
    EXPECT_FALSE(is_at(file_.get(), path_));
    const base::UniqueFd another(::creat(path_.c_str(), 0600));
    EXPECT_EQ(what(watch), "was removed, lost");
    EXPECT_FALSE(is_at(file_.get(), path_));
}

TEST_F(FileWatchTest, Moved) {
    const FileWatch watch(file_.get(), path_);
    ASSERT_EQ(::rename(path_.c_str(), other_.c_str()), 0);
    EXPECT_EQ(what(watch), "was moved");
}

TEST_F(FileWatchTest, Truncated) {
    FileWatch watch(file_.get(), path_);
    ASSERT_EQ(::truncate(path_.c_str(), 3), 0);
    watch.look(6);
    EXPECT_EQ(what(watch), "was truncated, lost");
    write("more than there was");
    watch.look(6);
    EXPECT_EQ(what(watch), "was truncated, lost") << "once seen it stays so";
}

// As logrotate's copytruncate does it: the rest is written behind what is no longer there.
TEST_F(FileWatchTest, TruncatedToNothingAndWrittenOn) {
    FileWatch watch(file_.get(), path_);
    ASSERT_EQ(::truncate(path_.c_str(), 0), 0);
    write("ghi");
    watch.look(9);
    EXPECT_EQ(what(watch), "was truncated, lost");
}

TEST_F(FileWatchTest, WhatIsNoFileIsNotWatched) {
    FileWatch nothing;
    nothing.look(6);
    EXPECT_EQ(what(nothing), "");
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const base::UniqueFd reading(ends[0]);
    const base::UniqueFd writing(ends[1]);
    FileWatch pipe(writing.get(), "pipe");
    pipe.look(6);
    EXPECT_EQ(what(pipe), "");
}

}  // namespace
}  // namespace packetsentry::ctl
