#include "ctl/render/formats.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <set>

#include "tests/unit/ctl/render/sample_batch.h"
#include "tests/unit/ctl/render/written.h"

namespace packetsentry::ctl::render {
namespace {

class FormatsTest : public testing::Test {
  protected:
    void SetUp() override {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
    }
    void TearDown() override {
        ::unsetenv("TZ");
        ::tzset();
    }
    static std::string first_line(const Format& format, const FormatSettings& settings,
                                  const RowOrigin& origin = {}) {
        const std::string text = of_sample(format, settings, origin);
        return text.substr(0, text.find('\n'));
    }
    static std::string of_sample(const Format& format, const FormatSettings& settings,
                                 const RowOrigin& origin = {}) {
        const wire::Batch batch = sample_batch();
        return written(*format.make(settings), proto::BatchView::check(batch).value(), origin);
    }
};

TEST_F(FormatsTest, TheTableHasEachNameOnceAndSaysWhatItIs) {
    std::set<std::string_view> names;
    for (const Format& one : kFormats) {
        EXPECT_TRUE(names.insert(one.name).second) << one.name;
        EXPECT_EQ(find_format(one.name), &one);
        EXPECT_FALSE(one.meaning.empty()) << one.name;
        EXPECT_FALSE(one.meaning.ends_with('.')) << one.name;
    }
    EXPECT_EQ(find_format("xml"), nullptr);
    EXPECT_EQ(find_format(""), nullptr);
}

TEST_F(FormatsTest, EachTakesItsSettings) {
    EXPECT_EQ(first_line(format("text"), {}),
              "2025-05-15 08:30:01 - TCP 192.168.1.100 -> 8.8.8.8 TCP 12345 -> 80");
    EXPECT_EQ(first_line(format("text"), {.time_format = TimeFormat::u, .coloured = true}),
              "08:30:01.123456789 - \x1b[36mTCP\x1b[0m 192.168.1.100 -> 8.8.8.8 TCP 12345 -> 80");
    // The results file has one form, whatever lines look like.
    EXPECT_EQ(first_line(format("blocks"), {.time_format = TimeFormat::u, .coloured = true}),
              "[2025-05-15 08:30:01] TCP");
    EXPECT_NE(first_line(format("json"), {}, {.job = 7}).find("\"job\":7"), std::string::npos);
    EXPECT_EQ(first_line(format("json"), {}).find("\"job\""), std::string::npos);
}

TEST_F(FormatsTest, ThoseForPeopleAndJsonShowNamesOfAddresses) {
    const auto made = [](std::string_view name, bool names) {
        const wire::Batch batch = named_sample_batch();
        return written(*find_format(name)->make({.names = names}), proto::BatchView::check(batch).value());
    };
    EXPECT_NE(made("text", true).find(" -> 8.8.8.8 (www.example) TCP 12345 -> 80\n"), std::string::npos);
    EXPECT_NE(made("blocks", true)
                  .find("Source: 192.168.1.100 -> Destination: 8.8.8.8 (www.example)\n"
                        "Summary: TCP 12345 -> 80\n"),
              std::string::npos);
    EXPECT_NE(made("json", true).find("www.example"), std::string::npos);
    for (const std::string_view name : {"text", "blocks", "json"})
        EXPECT_EQ(made(name, false), of_sample(*find_format(name), {})) << name;
}

// Lines keep their form, and have the job behind it. JSON has the number of the job in any case.
TEST_F(FormatsTest, RowsOfSeveralJobsTellTheirJob) {
    const RowOrigin origin{.job = 7, .job_name = "night\n"};
    EXPECT_EQ(first_line(format("text"), {}, origin),
              "2025-05-15 08:30:01 - TCP 192.168.1.100 -> 8.8.8.8 TCP 12345 -> 80 [job night\\x0A]");
    EXPECT_NE(of_sample(format("blocks"), {}, origin).find("Summary: TCP 12345 -> 80 [job night\\x0A]\n---"),
              std::string::npos);
    EXPECT_EQ(first_line(format("json"), {}, origin), first_line(format("json"), {}, {.job = 7}));
}

// So do rows that are only near others.
TEST_F(FormatsTest, RowsOfTheContextAreMarked) {
    const RowOrigin origin{.job = 7, .job_name = "night", .context = true};
    EXPECT_EQ(first_line(format("text"), {}, origin),
              "2025-05-15 08:30:01 - TCP 192.168.1.100 -> 8.8.8.8 TCP 12345 -> 80 [job night] [context]");
    EXPECT_EQ(first_line(format("text"), {.coloured = true}, {.context = true}),
              "\x1b[2m2025-05-15 08:30:01 - TCP 192.168.1.100 -> 8.8.8.8 TCP 12345 -> 80 [context]\x1b[0m");
    EXPECT_NE(of_sample(format("blocks"), {}, origin).find(" 80 [job night] [context]\n---"),
              std::string::npos);
    EXPECT_NE(first_line(format("json"), {}, origin).find("\"context\":true"), std::string::npos);
    EXPECT_EQ(first_line(format("json"), {}, {.job = 7}).find("\"context\""), std::string::npos);
}

// Rows of any format may be shown by any other beside it: the screen, the log and the results file have the
// texts of one batch.
TEST_F(FormatsTest, FormatsThatShareABatchWriteWhatEachWouldAlone) {
    const wire::Batch wire_batch = sample_batch();
    const auto view = proto::BatchView::check(wire_batch).value();
    RowBatch batch;
    for (int round = 0; round < 2; ++round) {
        batch.begin({}, view);
        for (const Format& one : kFormats)
            EXPECT_EQ(one.make({})->write(batch), of_sample(one, {})) << one.name;
    }
}

TEST_F(FormatsTest, ABatchReplacesTheOneBefore) {
    const wire::Batch first = sample_batch();
    const wire::Batch second = two_rows();
    const auto first_view = proto::BatchView::check(first).value();
    const auto second_view = proto::BatchView::check(second).value();
    for (const Format& one : kFormats) {
        const auto writer = one.make({});
        const auto fresh = one.make({});
        (void)written(*writer, first_view);
        EXPECT_EQ(written(*writer, second_view, {.first_sequence = 10}),
                  written(*fresh, second_view, {.first_sequence = 10}))
            << one.name;
    }
}

}  // namespace
}  // namespace packetsentry::ctl::render
