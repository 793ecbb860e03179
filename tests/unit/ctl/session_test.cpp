#include "ctl/session.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/unit/ctl/batch_maker.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

// A source whose frames are the numbers of the events to give.
class ScriptedSource : public RowSource {
  public:
    ScriptedSource() : ScriptedSource(socket_pair()) {}

    void say(Event event) {
        events_.push_back(std::move(event));
        EXPECT_TRUE(peer_.send_bytes(std::to_string(events_.size() - 1)));
    }
    void hang_up() { peer_ = proto::Channel(base::UniqueFd(), 1, 0); }

    proto::Channel& channel() override { return channel_; }
    base::Result<std::optional<Event>> decode(std::string_view frame) override {
        if (frame == "bad") return base::fail(ErrorCode::internal, "unreadable");
        return events_.at(std::stoul(std::string(frame)));
    }
    base::Result<bool> stop() override {
        ++stops;
        if (ends_when_stopped) say(End{});
        return owned;
    }
    base::Error lost() override { return {ErrorCode::internal, "lost"}; }
    bool from_start() const override { return false; }

    int stops = 0;
    bool ends_when_stopped = true;
    bool owned = true;

  private:
    struct Pair {
        base::UniqueFd ours;
        base::UniqueFd theirs;
    };
    static Pair socket_pair() {
        int ends[2] = {-1, -1};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
        return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
    }
    explicit ScriptedSource(Pair pair)
        : channel_(std::move(pair.ours), proto::kBatchFrameLimit, 0), peer_(std::move(pair.theirs), 1, 0) {}

    proto::Channel channel_;
    proto::Channel peer_;
    std::vector<Event> events_;
};

class RecordingPresenter : public render::Presenter {
  public:
    base::Result<void> rows(std::uint64_t first_sequence, const proto::BatchView& view) override {
        told.push_back("rows " + std::to_string(first_sequence) + "+" + std::to_string(view.rows()));
        if (fails) return base::fail(ErrorCode::file, "disk full");
        return {};
    }
    base::Result<void> status(std::string_view text) override {
        told.emplace_back(text);
        return {};
    }
    bool keeps_counts(std::string_view text) override {
        told.emplace_back(text);
        return true;
    }
    base::Result<void> end() override {
        told.emplace_back("end");
        return {};
    }
    bool closed() const override { return reader_gone; }

    std::vector<std::string> told;
    bool fails = false;
    bool reader_gone = false;
};

wire::Batch two_rows() {
    BatchMaker maker;
    const auto protocol = maker.protocol("X", "", false, {});
    maker.row({.protocol = protocol});
    maker.row({.protocol = protocol});
    return maker.batch();
}

constexpr const char* kLedgerOfTwo =
    "2 packets shown; received 0, dropped by the kernel 0, shed 0, malformed 0, missed here 0";
constexpr const char* kLedgerOfNone =
    "0 packets shown; received 0, dropped by the kernel 0, shed 0, malformed 0, missed here 0";

class SessionTest : public testing::Test {
  protected:
    base::Result<void> run(const std::string& output = "") {
        return Session(source_, presenter_, {.output_name = output, .quiet = true}).run();
    }

    ScriptedSource source_;
    RecordingPresenter presenter_;
    wire::Batch batch_ = two_rows();
    using Told = std::vector<std::string>;
};

TEST_F(SessionTest, RowsThenTheLedger) {
    source_.say(Rows{5, &batch_});
    source_.say(End{});
    EXPECT_TRUE(run("out.pcap"));
    EXPECT_EQ(presenter_.told, (Told{"rows 5+2", "Packets saved to out.pcap", "end", kLedgerOfTwo}));
    EXPECT_EQ(source_.stops, 0);
}

// A worker that has ended is no error, whatever was to be sent to it.
TEST_F(SessionTest, APeerThatHasGoneIsReadToItsEnd) {
    source_.say(Rows{1, &batch_});
    source_.say(End{});
    source_.hang_up();
    (void)source_.channel().send_bytes("finish");
    EXPECT_TRUE(run());
    EXPECT_EQ(presenter_.told, (Told{"rows 1+2", "end", kLedgerOfTwo}));
}

TEST_F(SessionTest, AFileThatIsNotWholeIsNotCalledSaved) {
    const std::string path = testing::TempDir() + "session-" + std::to_string(::getpid()) + ".pcap";
    const base::UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    ASSERT_EQ(::write(file.get(), "abc", 3), 3);
    wire::Ledger ledger;
    ledger.set_saved_bytes(4);
    source_.say(End{ledger, std::nullopt});
    const auto done =
        Session(source_, presenter_,
                {.output_name = path, .output_file = FileWatch(file.get(), path), .quiet = true})
            .run();
    ::unlink(path.c_str());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::file);
    EXPECT_EQ(done.error().message,
              path + " was truncated by somebody else while it was written; it is not whole");
    EXPECT_EQ(presenter_.told, (Told{"end", kLedgerOfNone}));
}

TEST_F(SessionTest, GapsAreToldAndCounted) {
    wire::Gap gap;
    gap.set_first(101);
    gap.set_last(300);
    source_.say(Rows{99, &batch_});
    source_.say(gap);
    source_.say(End{});
    EXPECT_TRUE(run());
    EXPECT_EQ(
        presenter_.told,
        (Told{"rows 99+2", "rows 101 to 300 did not reach this client: it was too slow", "end",
              "2 packets shown; received 0, dropped by the kernel 0, shed 0, malformed 0, missed here 200"}));
}

TEST_F(SessionTest, AnErrorOfTheSourceComesAfterWhatWasRead) {
    source_.say(Rows{1, &batch_});
    source_.say(End{{}, base::Error{ErrorCode::file, "cut in the middle"}});
    const auto done = run("out.pcap");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::file);
    EXPECT_EQ(done.error().message, "cut in the middle");
    EXPECT_EQ(presenter_.told, (Told{"rows 1+2", "end", kLedgerOfTwo}));
}

TEST_F(SessionTest, ASourceThatVanishesLeavesWhatItSent) {
    source_.say(Rows{1, &batch_});
    source_.hang_up();
    const auto done = run();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "lost");
    EXPECT_EQ(presenter_.told, (Told{"rows 1+2", "end", "2 packets shown; missed here 0"}));
}

TEST_F(SessionTest, ABatchThatLiesIsAnError) {
    batch_.set_rows(3);
    source_.say(Rows{1, &batch_});
    const auto done = run();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::internal);
    EXPECT_EQ(presenter_.told, (Told{"end", "0 packets shown; missed here 0"}));
}

TEST_F(SessionTest, TheFirstSignalLetsTheRestCome) {
    source_.ends_when_stopped = false;
    Session session(source_, presenter_, {.quiet = true});
    ::raise(SIGINT);
    source_.say(Rows{1, &batch_});
    source_.say(End{});
    EXPECT_TRUE(session.run());
    EXPECT_EQ(presenter_.told.front(), "rows 1+2");
}

TEST_F(SessionTest, ASignalStopsTheSource) {
    Session session(source_, presenter_, {.output_name = "out.pcap", .quiet = true});
    ::raise(SIGTERM);
    EXPECT_TRUE(session.run());
    EXPECT_EQ(source_.stops, 1);
    EXPECT_EQ(presenter_.told,
              (Told{"PacketSentry stopped by user", "Packets saved to out.pcap", "end", kLedgerOfNone}));
}

TEST_F(SessionTest, TheSecondSignalDoesNotWait) {
    source_.ends_when_stopped = false;
    Session session(source_, presenter_, {.quiet = true});
    ::raise(SIGINT);
    ::raise(SIGINT);
    EXPECT_TRUE(session.run());
    EXPECT_EQ(presenter_.told,
              (Told{"PacketSentry stopped by user", "end", "0 packets shown; missed here 0"}));
}

TEST_F(SessionTest, FollowingEndsAtOnce) {
    source_.owned = false;
    source_.ends_when_stopped = false;
    Session session(source_, presenter_, {.quiet = true});
    ::raise(SIGINT);
    EXPECT_TRUE(session.run());
    EXPECT_EQ(source_.stops, 1);
}

TEST_F(SessionTest, AReaderThatGoesStopsTheSourceQuietly) {
    presenter_.reader_gone = true;
    source_.say(Rows{1, &batch_});
    EXPECT_TRUE(run());
    EXPECT_EQ(source_.stops, 1);
    EXPECT_EQ(presenter_.told, (Told{"rows 1+2", "end", kLedgerOfTwo}));
}

TEST_F(SessionTest, AnOutputThatFailedIsAnErrorToldOnce) {
    wire::Notice notice;
    notice.set_kind(wire::Notice::SAVE_FAILED);
    notice.set_text("No space left on device");
    source_.say(notice);
    source_.say(Rows{1, &batch_});
    source_.say(End{});
    testing::internal::CaptureStderr();
    const auto done = run("out.pcap");
    EXPECT_EQ(testing::internal::GetCapturedStderr(),
              "packetsentryctl: packets are no longer saved to out.pcap: No space left on device\n");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::file);
    EXPECT_EQ(done.error().message, "");
    EXPECT_EQ(presenter_.told, (Told{"rows 1+2", "end", kLedgerOfTwo}));
}

TEST_F(SessionTest, APresenterThatFailsEndsIt) {
    presenter_.fails = true;
    source_.say(Rows{1, &batch_});
    const auto done = run();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "disk full");
    EXPECT_EQ(presenter_.told.back(), "2 packets shown; missed here 0");
}

}  // namespace
}  // namespace packetsentry::ctl
