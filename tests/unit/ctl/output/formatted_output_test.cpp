#include "ctl/output/formatted_output.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/temporary_directory.h"
#include "tests/unit/ctl/render/sample_batch.h"

namespace packetsentry::ctl {
namespace {

class FormattedOutputTest : public testing::Test {
  protected:
    void SetUp() override {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
    }
    void TearDown() override {
        ::unsetenv("TZ");
        ::tzset();
    }
    [[nodiscard]] std::string content(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(directory_ + "/" + name).rdbuf();
        return text.str();
    }
    [[nodiscard]] static std::int64_t now() { return kSampleTime + 1'000'000'000; }

    // What is printed while a whole capture of one packet goes by.
    std::string present(FormattedOutput::Settings settings) {
        settings.directory = directory_;
        testing::internal::CaptureStdout();
        auto presenter = FormattedOutput::open(settings, now);
        EXPECT_TRUE(presenter);
        if (presenter) {
            BatchMaker maker;
            const auto protocol = maker.protocol("TCP", "", true, {});
            const auto host = maker.address("192.0.2.1");
            maker.row({.time_ns = kSampleTime,
                       .source = host,
                       .destination = host,
                       .source_port = 1,
                       .destination_port = 2,
                       .ip_protocol = 6,
                       .protocol = protocol,
                       .flags = wire::FLAG_PORTS});
            maker.batch().set_captured(std::string(100, 'a'));
            add_address_name(maker.batch(), host, "www.example", wire::NAME_SOURCE_DNS);
            const auto view = proto::BatchView::check(maker.batch());
            EXPECT_TRUE((*presenter)->status("Reading packets from x.pcap"));
            EXPECT_TRUE((*presenter)->rows({1, &*view}, {}));
            EXPECT_TRUE((*presenter)->end());
        }
        return testing::internal::GetCapturedStdout();
    }

    const test::TemporaryDirectory temporary_;
    const std::string& directory_ = temporary_.path();
};

constexpr const char* kResults = "packetsentry_results_20250515_083002.txt";
constexpr const char* kBegin = "2025-05-15 08:30:02 - Reading packets from x.pcap\n";
constexpr const char* kPacket = "2025-05-15 08:30:01 - TCP 192.0.2.1 -> 192.0.2.1 TCP 1 -> 2\n";

TEST_F(FormattedOutputTest, TheLogHoldsWhatTheTerminalShows) {
    const std::string shown = present({});
    const std::string end = "2025-05-15 08:30:02 - Results saved to " + directory_ + "/" + kResults + "\n";
    EXPECT_EQ(shown, kBegin + std::string(kPacket) + end);
    EXPECT_EQ(content("packetsentry.log"), shown);
    EXPECT_EQ(content(kResults),
              "[2025-05-15 08:30:01] TCP\n"
              "Source: 192.0.2.1 -> Destination: 192.0.2.1\n"
              "Summary: TCP 1 -> 2\n" +
                  std::string(50, '-') + "\n");
    (void)present({});
    EXPECT_EQ(content("packetsentry.log"), shown + kBegin + kPacket +
                                               "2025-05-15 08:30:02 - Results saved to " + directory_ +
                                               "/packetsentry_results_20250515_083002_2.txt\n");
}

TEST_F(FormattedOutputTest, BytesAreForTheScreenAlone) {
    const render::BytesStyle bytes{.form = render::BytesStyle::Form::text, .link_header = true};
    const std::string shown = present({.rows = {.bytes = bytes}});
    EXPECT_TRUE(shown.starts_with(kBegin + std::string(kPacket) + "\t" + std::string(100, 'a') + "\n"))
        << shown;
    EXPECT_TRUE(content("packetsentry.log").starts_with(kBegin + std::string(kPacket) + "2025"));
    EXPECT_EQ(content(kResults).find("aa"), std::string::npos);
}

TEST_F(FormattedOutputTest, NamesAreForTheScreenAlone) {
    const std::string shown = present({.rows = {.names = true}});
    EXPECT_TRUE(shown.starts_with(kBegin + std::string("2025-05-15 08:30:01 - TCP 192.0.2.1 (www.example) -> "
                                                       "192.0.2.1 (www.example) TCP 1 -> 2\n")))
        << shown;
    EXPECT_TRUE(content("packetsentry.log").starts_with(kBegin + std::string(kPacket) + "2025"));
    EXPECT_EQ(content(kResults).find("www.example"), std::string::npos);
}

TEST_F(FormattedOutputTest, QuietShowsNothing) {
    EXPECT_EQ(present({.screen = Screen::Use::silent}), "");
    EXPECT_TRUE(content("packetsentry.log").starts_with(kBegin + std::string(kPacket)));
}

TEST_F(FormattedOutputTest, NoFiles) {
    EXPECT_EQ(present({.files = false}), kBegin + std::string(kPacket));
    EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

TEST_F(FormattedOutputTest, TimeFormatIsForLinesOnly) {
    const std::string shown = present({.rows = {.time_format = render::TimeFormat::u}, .narrated = false});
    EXPECT_EQ(shown, "08:30:01.123456789 - TCP 192.0.2.1 -> 192.0.2.1 TCP 1 -> 2\n");
    EXPECT_TRUE(content(kResults).starts_with("[2025-05-15 08:30:01] TCP\n"));
}

TEST_F(FormattedOutputTest, AHeaderGoesOutBeforeThePacketsAndWithoutAny) {
    const std::string header =
        "event.sequence,@timestamp,source.ip,source.port,destination.ip,destination.port,packetsentry."
        "protocol,"
        "network.bytes,packetsentry.summary\n";
    EXPECT_EQ(present({.format = &render::format("csv")}),
              header + "1,2025-05-15 08:30:01.123456789,192.0.2.1,1,192.0.2.1,2,TCP,100,TCP 1 -> 2\n");
    EXPECT_TRUE(std::filesystem::is_empty(directory_));
    testing::internal::CaptureStdout();
    EXPECT_TRUE(FormattedOutput::open({.format = &render::format("csv")}, now));
    EXPECT_EQ(testing::internal::GetCapturedStdout(), header);
    EXPECT_EQ(present({.format = &render::format("csv"), .screen = Screen::Use::silent}), "");
}

TEST_F(FormattedOutputTest, UnwritableIsAWarningOrAnError) {
    const std::string nowhere = directory_ + "/nowhere";
    testing::internal::CaptureStderr();
    EXPECT_TRUE(FormattedOutput::open({.directory = nowhere}, now));
    EXPECT_EQ(testing::internal::GetCapturedStderr(),
              "packetsentryctl: cannot write " + nowhere +
                  "/packetsentry.log: No such file or directory; continuing without log and results "
                  "(--output-dir DIR "
                  "puts them elsewhere)\n");
    const auto needed = FormattedOutput::open({.files_needed = true, .directory = nowhere}, now);
    ASSERT_FALSE(needed);
    EXPECT_EQ(needed.error().code, base::ErrorCode::file);
}

TEST_F(FormattedOutputTest, ALogWhoseNameIsTakenGoesBesideOrIsAnError) {
    const std::string log = directory_ + "/packetsentry.log";
    std::filesystem::create_symlink("elsewhere", log);
    testing::internal::CaptureStderr();
    const std::string shown = present({});
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "packetsentryctl: cannot write " + log +
                                                          ": it is a symbolic link; the log goes to " +
                                                          directory_ + "/packetsentry_2.log\n");
    EXPECT_EQ(content("packetsentry_2.log"), shown);
    EXPECT_TRUE(content(kResults).starts_with("[2025-05-15 08:30:01] TCP\n"));
    EXPECT_FALSE(std::filesystem::exists(directory_ + "/elsewhere"));

    const auto needed = FormattedOutput::open({.files_needed = true, .directory = directory_}, now);
    ASSERT_FALSE(needed);
    EXPECT_EQ(needed.error().code, base::ErrorCode::file);
    EXPECT_EQ(needed.error().message,
              "cannot write " + log + ": it is a symbolic link; --output-dir DIR puts the log elsewhere");
}

TEST_F(FormattedOutputTest, ResultsThatAreGoneAreNotCalledSaved) {
    const std::string results = directory_ + "/" + kResults;
    for (const bool needed : {false, true}) {
        auto presenter = FormattedOutput::open(
            {.screen = Screen::Use::silent, .files_needed = needed, .directory = directory_}, now);
        ASSERT_TRUE(presenter);
        std::filesystem::remove(results);
        const std::string told =
            results + " was removed while it was written; what was written to it is lost";
        testing::internal::CaptureStderr();
        const auto ended = (*presenter)->end();
        EXPECT_EQ(testing::internal::GetCapturedStderr(), needed ? "" : "packetsentryctl: " + told + "\n");
        EXPECT_EQ(ended.has_value(), !needed);
        if (!ended) {
            EXPECT_EQ(ended.error().message, told);
        }
    }
    EXPECT_EQ(content("packetsentry.log"), "");
}

TEST_F(FormattedOutputTest, CountsAreKeptInTheLogWhenAskedTo) {
    auto loud = FormattedOutput::open({.directory = directory_}, now);
    EXPECT_FALSE((*loud)->keeps_counts("12 packets"));
    EXPECT_EQ(content("packetsentry.log"), "");
    auto quiet = FormattedOutput::open(
        {.screen = Screen::Use::silent, .keep_counts = true, .directory = directory_}, now);
    EXPECT_TRUE((*quiet)->keeps_counts("12 packets"));
    EXPECT_EQ(content("packetsentry.log"), "2025-05-15 08:30:02 - 12 packets\n");
}

}  // namespace
}  // namespace packetsentry::ctl
