#include "ctl/output/row_session.h"

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
    base::Result<std::optional<Event>> next() override {
        const auto frame = channel_.next();
        if (!frame) return std::nullopt;
        if (*frame == "bad") return base::fail(ErrorCode::internal, "unreadable");
        return events_.at(std::stoul(std::string(*frame)));
    }
    base::Result<bool> stop() override {
        ++stops;
        if (ends_when_stopped) say(End{});
        return owned;
    }
    base::Error lost() override { return {ErrorCode::internal, "lost"}; }
    bool from_start() const override { return asks_for_all; }
    wire::Ledger before() const override { return counted_before; }

    int stops = 0;
    bool ends_when_stopped = true;
    bool owned = true;
    bool asks_for_all = false;
    wire::Ledger counted_before;

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

class RecordingPresenter : public Presenter {
  public:
    base::Result<void> rows(const Rows& rows, std::span<const std::uint8_t> chosen) override {
        std::string text =
            "rows " + std::to_string(rows.first_sequence) + "+" + std::to_string(rows.view->rows());
        for (const std::uint8_t byte : chosen) text += byte != 0 ? " shown" : " hidden";
        told.push_back(std::move(text));
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
    std::uint64_t not_shown() const override { return dropped; }
    bool closed() const override { return reader_gone; }

    std::vector<std::string> told;
    std::uint64_t dropped = 0;
    bool fails = false;
    bool reader_gone = false;
};

constexpr const char* kLedgerOfTwo = "2 packets shown, none lost";
constexpr const char* kLedgerOfNone = "0 packets shown, none lost";
constexpr const char* kTwoOfUnknown = "2 packets shown, how many were lost is not known";
constexpr const char* kNoneOfUnknown = "0 packets shown, how many were lost is not known";

class SessionTest : public testing::Test {
  protected:
    base::Result<void> run(const std::string& output = "") {
        return Session(source_, presenter_, {.output_name = output, .quiet = true}).run();
    }

    ScriptedSource source_;
    RecordingPresenter presenter_;
    const wire::Batch batch_ = two_rows();
    const proto::BatchView view_ = proto::BatchView::check(batch_).value();
    using Told = std::vector<std::string>;
};

TEST_F(SessionTest, RowsThenTheLedger) {
    source_.say(Rows{5, &view_});
    source_.say(End{});
    EXPECT_TRUE(run("out.pcap"));
    EXPECT_EQ(presenter_.told, (Told{"rows 5+2", "Packets saved to out.pcap", "end", kLedgerOfTwo}));
    EXPECT_EQ(source_.stops, 0);
}

TEST_F(SessionTest, ADisplayFilterHidesRows) {
    BatchMaker maker;
    const auto protocol = maker.protocol("X", "", false, {});
    maker.row({.protocol = protocol, .wire_bytes = 60});
    maker.row({.protocol = protocol, .wire_bytes = 61});
    const auto view = proto::BatchView::check(maker.batch());
    ASSERT_TRUE(view);
    source_.say(Rows{5, &*view});
    source_.say(End{});
    auto filter = query::Filter::compile(*query::parse("frame.len == 60"));
    ASSERT_TRUE(filter);
    ASSERT_TRUE(Session(source_, presenter_, {.quiet = true, .display = std::move(*filter)}).run());
    EXPECT_EQ(presenter_.told, (Told{"rows 5+2 shown hidden", "end", "1 packet shown, none lost"}));
}

// A worker that has ended is no error, whatever was to be sent to it.
TEST_F(SessionTest, APeerThatHasGoneIsReadToItsEnd) {
    source_.say(Rows{1, &view_});
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
              path + " was truncated by somebody else while it was written; it is incomplete");
    EXPECT_EQ(presenter_.told, (Told{"end", kLedgerOfNone}));
}

TEST_F(SessionTest, GapsAreToldAndCounted) {
    wire::Gap gap;
    gap.set_first(101);
    gap.set_last(300);
    source_.say(Rows{99, &view_});
    source_.say(gap);
    source_.say(End{});
    EXPECT_TRUE(run());
    EXPECT_EQ(presenter_.told,
              (Told{"rows 99+2", "rows 101 to 300 did not reach this client, because it was too slow", "end",
                    "2 packets shown, 200 lost: missed here 200; malformed 0"}));
}

TEST_F(SessionTest, RowsThatAreNoLongerKeptAreNotTheClientsFault) {
    source_.asks_for_all = true;
    wire::Gap gap;
    gap.set_first(1);
    gap.set_last(7);
    source_.say(gap);
    source_.say(Rows{8, &view_});
    source_.say(End{});
    EXPECT_TRUE(run());
    EXPECT_EQ(presenter_.told, (Told{"rows 1 to 7 are no longer kept", "rows 8+2", "end",
                                     "2 packets shown, 7 lost: no longer kept 7; malformed 0"}));
}

TEST_F(SessionTest, RowsThatTheTerminalDidNotTakeAreNotShown) {
    presenter_.dropped = 1;
    wire::Ledger ledger;
    ledger.set_received(2);
    source_.say(Rows{1, &view_});
    source_.say(End{ledger, std::nullopt});
    EXPECT_TRUE(run());
    EXPECT_EQ(presenter_.told.back(), "1 packet shown, 1 lost: not shown here 1; received 2, malformed 0");
}

// What the job lost before somebody followed it is not theirs.
TEST_F(SessionTest, OnlyWhatWasLostMeanwhileCounts) {
    source_.counted_before.set_dropped_by_kernel(5);
    wire::Ledger ledger;
    ledger.set_dropped_by_kernel(5);
    source_.say(Rows{1, &view_});
    source_.say(End{ledger, std::nullopt});
    EXPECT_TRUE(run());
    EXPECT_EQ(presenter_.told.back(), kLedgerOfTwo);
}

class ReadyTest : public SessionTest {
  protected:
    std::string errors_of(bool waits) {
        testing::internal::CaptureStderr();
        EXPECT_TRUE(Session(source_, presenter_, {.ready = "listening on eth0", .waits = waits}).run());
        return testing::internal::GetCapturedStderr();
    }
};

TEST_F(ReadyTest, IsToldAtOnce) {
    source_.say(End{});
    EXPECT_EQ(errors_of(false), "listening on eth0\n0 packets shown, none lost\n");
}

TEST_F(ReadyTest, ComesWhenTheInterfaceDoes) {
    source_.say(Counts{{}, 0, true});
    wire::Notice notice;
    notice.set_text("the capture begins");
    source_.say(notice);
    source_.say(Counts{{}, 0, false});
    source_.say(Rows{1, &view_});
    source_.say(End{});
    EXPECT_EQ(errors_of(true),
              "packetsentryctl: the capture begins\nlistening on eth0\n2 packets shown, none lost\n");
}

TEST_F(ReadyTest, DoesNotComeWhereTheInterfaceDoesNot) {
    source_.say(Counts{{}, 0, true});
    source_.say(End{});
    EXPECT_EQ(errors_of(true), "0 packets shown, none lost\n");
}

TEST_F(SessionTest, WhereNothingMatchedAHintFollows) {
    for (const bool matches : {false, true}) {
        presenter_.told.clear();
        if (matches) source_.say(Rows{1, &view_});
        source_.say(End{});
        EXPECT_TRUE(Session(source_, presenter_, {.quiet = true, .no_match = "look elsewhere"}).run());
        EXPECT_EQ(presenter_.told.back(), matches ? kLedgerOfTwo : "look elsewhere");
    }
}

TEST_F(SessionTest, WhoSearchesThePastTellsWhatWasFound) {
    source_.say(Counts{{}, 5});
    source_.say(Rows{1, &view_});
    source_.say(End{});
    testing::internal::CaptureStderr();
    EXPECT_TRUE(Session(source_, presenter_, {.progress = true, .file_bytes = 10, .searches = true}).run());
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "")
        << "no progress in the first second, and no last line";
    EXPECT_EQ(presenter_.told, (Told{"rows 1+2", "end"}));
}

TEST_F(SessionTest, AnErrorOfTheSourceComesAfterWhatWasRead) {
    source_.say(Rows{1, &view_});
    source_.say(End{{}, base::Error{ErrorCode::file, "cut in the middle"}});
    const auto done = run("out.pcap");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::file);
    EXPECT_EQ(done.error().message, "cut in the middle");
    EXPECT_EQ(presenter_.told, (Told{"rows 1+2", "end", kTwoOfUnknown}));
}

TEST_F(SessionTest, ASourceThatVanishesLeavesWhatItSent) {
    source_.say(Rows{1, &view_});
    source_.hang_up();
    const auto done = run();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "lost");
    EXPECT_EQ(presenter_.told, (Told{"rows 1+2", "end", kTwoOfUnknown}));
}

TEST_F(SessionTest, TheFirstSignalLetsTheRestCome) {
    source_.ends_when_stopped = false;
    Session session(source_, presenter_, {.quiet = true});
    ::raise(SIGINT);
    source_.say(Rows{1, &view_});
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
    EXPECT_EQ(presenter_.told, (Told{"PacketSentry stopped by user", "end", kNoneOfUnknown}));
}

TEST_F(SessionTest, FollowingEndsAtOnce) {
    source_.owned = false;
    source_.ends_when_stopped = false;
    Session session(source_, presenter_, {.quiet = true});
    ::raise(SIGINT);
    EXPECT_TRUE(session.run());
    EXPECT_EQ(source_.stops, 1);
    EXPECT_EQ(presenter_.told.back(), kLedgerOfNone);
}

TEST_F(SessionTest, AReaderThatGoesStopsTheSourceQuietly) {
    presenter_.reader_gone = true;
    source_.say(Rows{1, &view_});
    EXPECT_TRUE(run());
    EXPECT_EQ(source_.stops, 1);
    EXPECT_EQ(presenter_.told, (Told{"rows 1+2", "end", kLedgerOfTwo}));
}

TEST_F(SessionTest, AnOutputThatFailedIsAnErrorToldOnce) {
    wire::Notice notice;
    notice.set_kind(wire::Notice::SAVE_FAILED);
    notice.set_text("No space left on device");
    source_.say(notice);
    source_.say(Rows{1, &view_});
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
    source_.say(Rows{1, &view_});
    const auto done = run();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "disk full");
    EXPECT_EQ(presenter_.told.back(), kTwoOfUnknown);
}

}  // namespace
}  // namespace packetsentry::ctl
