// The whole of "packetsentryctl search", with a daemon and a worker that say what a test wants.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "ctl/commands/command_line.h"
#include "tests/support/test_batch.h"
#include "tests/unit/ctl/client/scripted_daemon.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

wire::Answer found_rows(std::uint64_t job) {
    wire::Answer answer;
    answer.mutable_rows()->set_job(job);
    answer.mutable_rows()->set_batch(test::test_batch_bytes(41, 1));
    return answer;
}

wire::Answer search_end(std::uint64_t found) {
    wire::Answer answer;
    answer.mutable_end()->mutable_counts()->set_rows_found(found);
    answer.mutable_end()->mutable_counts()->set_packets_saved(found);
    return answer;
}

class SearchCommandTest : public testing::Test {
  protected:
    void SetUp() override {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
        scope_.add_job()->set_id(12);
        scope_.mutable_job(0)->set_name("night");
    }
    void TearDown() override {
        ::unsetenv("TZ");
        ::tzset();
    }

    base::Result<void> run(std::vector<std::string> words) {
        ScriptedDaemon daemon([this](ScriptedDaemon& self, const wire::Request& request) {
            asked_ = request.search();
            descriptors_ = self.take_descriptors();
            self.reply(request.id(), [this](wire::Reply& reply) { *reply.mutable_scope() = scope_; });
            for (const wire::Answer& answer : answers_) write(answer);
            if (interrupted_)
                interrupt();
            else
                descriptors_.clear();
        });
        words.insert(words.begin(), {"search", "--socket", daemon.path});
        testing::internal::CaptureStdout();
        testing::internal::CaptureStderr();
        auto done = run_command_line(std::move(words));
        out_ = testing::internal::GetCapturedStdout();
        error_ = testing::internal::GetCapturedStderr();
        return done;
    }
    void write(const wire::Answer& answer) {
        const std::string body = answer.SerializeAsString();
        std::string bytes(4, '\0');
        bytes[0] = static_cast<char>(body.size() & 0xff);
        bytes[1] = static_cast<char>(body.size() >> 8);
        bytes += body;
        EXPECT_EQ(::write(descriptors_.at(0).get(), bytes.data(), bytes.size()),
                  static_cast<ssize_t>(bytes.size()));
    }

    // Once all has been read, so that the client is at its work.
    void interrupt() {
        int unread = 1;
        while (::ioctl(descriptors_.at(0).get(), FIONREAD, &unread) == 0 && unread != 0) ::usleep(1000);
        ::kill(::getpid(), SIGINT);
    }

    wire::SearchScope scope_;
    bool interrupted_ = false;
    std::vector<wire::Answer> answers_;
    wire::Search asked_;
    std::vector<base::UniqueFd> descriptors_;
    std::string out_;
    std::string error_;
};

constexpr const char* kLine = "1970-01-01 00:00:00 - UDP ? -> ? UDP";

TEST_F(SearchCommandTest, PrintsRowsAndThenWhatWasFound) {
    answers_ = {found_rows(12), search_end(1)};
    EXPECT_TRUE(run({}));
    EXPECT_EQ(out_, std::string(kLine) + "\n");
    EXPECT_EQ(error_, "1 packet was found in job night\n");
    EXPECT_FALSE(std::filesystem::exists("packetsentry.log")) << "a question is no capture";
}

TEST_F(SearchCommandTest, NothingFoundIsNoError) {
    answers_ = {search_end(0)};
    EXPECT_TRUE(run({"--json", "-Y", "dns"}));
    EXPECT_EQ(out_, "");
    EXPECT_EQ(
        error_,
        "no packet was found in job night\n"
        "no packet passed -Y; 'packetsentryctl explain -Y EXPRESSION' shows how an expression is read\n");
    EXPECT_EQ(asked_.question().filter().display(), "dns");
}

TEST_F(SearchCommandTest, AsksForTheRowsOfAConversation) {
    answers_ = {search_end(0)};
    EXPECT_TRUE(run({"--flow", "1:LQU9qZlK+B5F3KDmev6m5PMibrg="}));
    EXPECT_NE(error_.find("\nno packet passed --flow; "), std::string::npos) << error_;
    EXPECT_EQ(asked_.question().filter().display(),
              "network.community_id == \"1:LQU9qZlK+B5F3KDmev6m5PMibrg=\"");
}

TEST_F(SearchCommandTest, RowsOfSeveralJobsTellTheirJob) {
    scope_.add_job()->set_id(14);
    answers_ = {found_rows(12), found_rows(14), search_end(2)};
    EXPECT_TRUE(run({}));
    EXPECT_EQ(out_, std::string(kLine) + " [job night]\n" + kLine + " [job 14]\n");
    EXPECT_EQ(error_, "2 packets were found: 1 in job night, 1 in job 14\n");
    EXPECT_TRUE(run({"-T", "fields", "-e", "packetsentry.job", "-e", "event.sequence"}));
    EXPECT_EQ(out_, "12\t41\n14\t41\n");
    EXPECT_TRUE(run({"--json"}));
    EXPECT_NE(out_.find("\"job\":12,"), std::string::npos) << out_;
    EXPECT_NE(out_.find("\"job\":14,"), std::string::npos) << out_;
}

// Nothing that comes from outside moves a cursor.
TEST_F(SearchCommandTest, NotesAreEscaped) {
    wire::Answer note;
    note.mutable_note()->set_text("\x1b[2J\nforged");
    note.mutable_note()->set_job(12);
    scope_.mutable_job(0)->set_name("ni\nght");
    answers_ = {note, search_end(0)};
    EXPECT_TRUE(run({}));
    EXPECT_EQ(error_,
              "packetsentryctl: cannot read a part of job ni\\x0Aght: \\x1B[2J\\x0Aforged\n"
              "no packet was found in job ni\\x0Aght\n");
}

TEST_F(SearchCommandTest, AnAnswerThatBreaksOffIsAnErrorAfterWhatWasFound) {
    answers_ = {found_rows(12)};
    const auto done = run({});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::internal);
    EXPECT_EQ(out_, std::string(kLine) + "\n");
    EXPECT_EQ(error_,
              "1 packet was found so far in job night; the answer is not complete, because the search ended "
              "early\n");
}

TEST_F(SearchCommandTest, CtrlCLeavesWhatWasFound) {
    answers_ = {found_rows(12)};
    interrupted_ = true;
    EXPECT_TRUE(run({}));
    EXPECT_EQ(out_, std::string(kLine) + "\n");
    EXPECT_EQ(error_,
              "1 packet was found so far in job night; the answer is not complete, because the search ended "
              "early\n");
}

TEST_F(SearchCommandTest, SavesThroughADescriptor) {
    const std::string path = testing::TempDir() + "found-" + std::to_string(::getpid()) + ".pcapng";
    answers_ = {found_rows(12), search_end(1)};
    scope_.mutable_job(0)->set_packets_since_ns(1);
    EXPECT_TRUE(run({"-o", path}));
    EXPECT_EQ(asked_.save().format(), wire::SAVE_PCAPNG);
    EXPECT_TRUE(std::filesystem::exists(path));
    EXPECT_EQ(out_, std::string(kLine) + "\n");
    EXPECT_EQ(error_,
              "1 packet was saved to " + path +
                  "\n1 packet was found in job night (the packets themselves since 1970-01-01 00:00:00)\n");
    std::filesystem::remove(path);
}

TEST_F(SearchCommandTest, ExplainsWhatWasLookedAt) {
    answers_ = {search_end(0)};
    EXPECT_TRUE(run({"--explain", "--since", "@0", "--until", "@3600"}));
    EXPECT_TRUE(error_.starts_with("Asked for:")) << error_;
    EXPECT_NE(error_.find("Blocks:"), std::string::npos) << error_;
    EXPECT_TRUE(error_.ends_with("no packet was found in job night\n")) << error_;
}

}  // namespace
}  // namespace packetsentry::ctl
