#include "ctl/output/text_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ctl/client/input_file.h"
#include "ctl/output/output_file.h"
#include "tests/support/temporary_directory.h"

namespace packetsentry::ctl {
namespace {

class TextFileTest : public testing::Test {
  protected:
    [[nodiscard]] std::string path(const std::string& name) const { return directory_ + "/" + name; }
    [[nodiscard]] std::string content(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(path(name)).rdbuf();
        return text.str();
    }
    void put(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }

    const test::TemporaryDirectory temporary_;
    const std::string& directory_ = temporary_.path();
};

TEST_F(TextFileTest, AppendsAndIsTheOwnersAlone) {
    for (const char* text : {"one\n", "two\n"}) {
        auto file = TextFile::append_to(directory_, "packetsentry");
        ASSERT_TRUE(file) << file.error().message;
        ASSERT_TRUE(file->write(text));
    }
    EXPECT_EQ(content("packetsentry.log"), "one\ntwo\n");
    struct stat status {};
    ASSERT_EQ(::stat(path("packetsentry.log").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(TextFileTest, ALogThatIsMovedIsMadeAnew) {
    auto file = TextFile::append_to(directory_, "packetsentry");
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write("one\n"));
    std::filesystem::rename(path("packetsentry.log"), path("packetsentry.log.1"));
    ASSERT_TRUE(file->write("two\n"));
    ASSERT_TRUE(file->write("three\n"));
    EXPECT_EQ(content("packetsentry.log.1"), "one\n");
    EXPECT_EQ(content("packetsentry.log"), "two\nthree\n");
    std::filesystem::remove(path("packetsentry.log"));
    put("packetsentry.log", "of another run\n");
    ASSERT_TRUE(file->write("four\n"));
    EXPECT_EQ(content("packetsentry.log"), "of another run\nfour\n");
}

// What somebody put in its place is no more used than at the beginning.
TEST_F(TextFileTest, ALogThatIsMovedAndReplacedByALinkIsOver) {
    auto file = TextFile::append_to(directory_, "packetsentry");
    ASSERT_TRUE(file);
    std::filesystem::rename(path("packetsentry.log"), path("moved"));
    put("target", "mine");
    std::filesystem::create_symlink("target", path("packetsentry.log"));
    const auto written = file->write("two\n");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().message,
              "cannot write " + path("packetsentry.log") + ": it is a symbolic link");
    EXPECT_EQ(content("target"), "mine");
}

TEST_F(TextFileTest, ResultsTellWhatBecameOfThem) {
    auto file = TextFile::create(directory_, "r");
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write("one\n"));
    EXPECT_FALSE(file->change());
    std::filesystem::resize_file(path("r.txt"), 0);
    ASSERT_TRUE(file->change());
    EXPECT_TRUE(file->change()->lost);
}

TEST_F(TextFileTest, RefusesWhatSomebodyMayHavePutThere) {
    put("target", "mine");
    ASSERT_EQ(::symlink("target", path("link.log").c_str()), 0);
    ASSERT_EQ(::symlink("nothing", path("dangling.log").c_str()), 0);
    ASSERT_EQ(::link(path("target").c_str(), path("hard.log").c_str()), 0);
    ASSERT_EQ(::mkfifo(path("fifo.log").c_str(), 0600), 0);
    ASSERT_EQ(::mkdir(path("directory.log").c_str(), 0700), 0);
    struct Case {
        const char* stem;
        const char* why;
    };
    for (const Case& one :
         {Case{"link", "it is a symbolic link"}, Case{"dangling", "it is a symbolic link"},
          Case{"hard", "it has a second name, as a hard link"}, Case{"fifo", "it is not an ordinary file"},
          Case{"directory", "it is not an ordinary file"}}) {
        const auto file = TextFile::append_to(directory_, one.stem);
        ASSERT_FALSE(file) << one.stem;
        EXPECT_EQ(file.error().code, base::ErrorCode::file);
        EXPECT_EQ(file.error().message, "cannot write " + path(one.stem) + ".log: " + one.why);
    }
    EXPECT_EQ(content("target"), "mine");
    EXPECT_FALSE(std::filesystem::exists(path("nothing")));
}

TEST_F(TextFileTest, ALogThatCannotHaveItsNameGoesBesideIt) {
    ASSERT_EQ(::symlink("nothing", path("p.log").c_str()), 0);
    ASSERT_EQ(::symlink("nothing", path("p_2.log").c_str()), 0);
    for (const char* text : {"one\n", "two\n"}) {
        auto file = TextFile::append_beside(directory_, "p");
        ASSERT_TRUE(file) << file.error().message;
        EXPECT_EQ(file->path(), path("p_3.log"));
        ASSERT_TRUE(file->write(text));
    }
    EXPECT_EQ(content("p_3.log"), "one\ntwo\n");
    EXPECT_FALSE(std::filesystem::exists(path("nothing")));
    EXPECT_FALSE(TextFile::append_beside(path("nowhere"), "p"));
}

TEST_F(TextFileTest, AnotherUsersFileIsNeverUsed) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    for (const char* name : {"given.log", "given.pcap"}) {
        put(name, "theirs");
        ASSERT_EQ(::chown(path(name).c_str(), 65533, 65533), 0);
        ASSERT_EQ(::chmod(path(name).c_str(), 0666), 0);
    }
    const auto log = TextFile::append_to(directory_, "given");
    ASSERT_FALSE(log);
    EXPECT_EQ(log.error().message, "cannot write " + path("given.log") + ": it belongs to uid 65533");
    const auto output = open_output(path("given.pcap"), -1);
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().code, base::ErrorCode::file);
    EXPECT_EQ(output.error().message, "cannot write '" + path("given.pcap") +
                                          "': it belongs to uid 65533; remove it or choose another name");
    EXPECT_EQ(content("given.log") + content("given.pcap"), "theirstheirs");
}

// Who opens it for both directions has a reader at once.
TEST_F(TextFileTest, APipeOfOnesOwnIsAnOutput) {
    ASSERT_EQ(::mkfifo(path("pipe.pcap").c_str(), 0600), 0);
    EXPECT_FALSE(open_output(path("pipe.pcap"), -1));
    const base::UniqueFd reader(::open(path("pipe.pcap").c_str(), O_RDWR | O_CLOEXEC));
    const auto output = open_output(path("pipe.pcap"), -1);
    ASSERT_TRUE(output) << output.error().message;
    EXPECT_EQ(::fcntl(output->get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST_F(TextFileTest, NewNamesNeverTakeAnExistingFile) {
    put("r.txt", "old");
    auto second = TextFile::create(directory_, "r");
    ASSERT_TRUE(second);
    EXPECT_EQ(second->path(), path("r_2.txt"));
    auto third = TextFile::create(directory_ + "/", "r");
    ASSERT_TRUE(third);
    EXPECT_EQ(third->path(), path("r_3.txt"));
    EXPECT_EQ(content("r.txt"), "old");
    EXPECT_FALSE(TextFile::create(path("nowhere"), "r"));
}

TEST_F(TextFileTest, Stem) {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    EXPECT_EQ(results_stem(1'747'297'801'123'456'789), "packetsentry_results_20250515_083001");
    ::unsetenv("TZ");
    ::tzset();
}

TEST_F(TextFileTest, OutputKeepsItsContentUntilTheCaptureBegins) {
    put("o.pcap", "old");
    const auto output = open_output(path("o.pcap"), -1);
    ASSERT_TRUE(output);
    EXPECT_EQ(content("o.pcap"), "old");
    EXPECT_EQ(open_output("", -1)->get(), -1);
}

TEST_F(TextFileTest, AnOutputThatIsThereIsRefusedWhereItMustBeNew) {
    put("o.pcap", "old");
    const auto refused = open_output(path("o.pcap"), -1, true);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, base::ErrorCode::file);
    EXPECT_EQ(refused.error().message,
              "cannot write '" + path("o.pcap") + "': it already exists; remove it or choose another name");
    EXPECT_EQ(content("o.pcap"), "old");
    EXPECT_TRUE(open_output(path("new.pcap"), -1, true));
}

// Through whichever copy of the descriptor, be it the daemon's or a worker's.
TEST_F(TextFileTest, AnOutputIsOneCapturesAlone) {
    auto first = open_output(path("o.pcap"), -1);
    ASSERT_TRUE(first);
    base::UniqueFd copy(::dup(first->get()));
    first->reset();
    const auto refused = open_output(path("o.pcap"), -1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, base::ErrorCode::file);
    EXPECT_NE(refused.error().message.find("a capture is being saved into it"), std::string::npos);
    copy.reset();
    EXPECT_TRUE(open_output(path("o.pcap"), -1));
}

TEST_F(TextFileTest, OutputIsNotTheInput) {
    put("same.pcap", "packets");
    const auto input = open_input(path("same.pcap"));
    ASSERT_TRUE(input);
    ASSERT_EQ(::link(path("same.pcap").c_str(), path("other.pcap").c_str()), 0);
    for (const char* name : {"same.pcap", "other.pcap"}) {
        const auto output = open_output(path(name), input->get());
        ASSERT_FALSE(output);
        EXPECT_EQ(output.error().code, base::ErrorCode::file);
    }
    EXPECT_EQ(content("same.pcap"), "packets");
    ASSERT_EQ(::mkdir(path("d.pcap").c_str(), 0700), 0);
    EXPECT_FALSE(open_output(path("d.pcap"), -1));
    put("apart", "packets");
    ASSERT_EQ(::symlink("apart", path("s.pcap").c_str()), 0);
    EXPECT_FALSE(open_output(path("s.pcap"), -1));
    EXPECT_EQ(content("apart"), "packets");
}

}  // namespace
}  // namespace packetsentry::ctl
