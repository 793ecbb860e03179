#include <gtest/gtest.h>

#include "ctl/render/formats.h"
#include "tests/unit/ctl/render/flow_sample.h"
#include "tests/unit/ctl/render/log_lines.h"
#include "tests/unit/ctl/render/parsed_json.h"
#include "tests/unit/ctl/render/written.h"

namespace packetsentry::ctl::render {
namespace {

std::string shown(std::string_view format) {
    const wire::Batch batch = flow_sample();
    return written(*find_format(format)->make({.table = wire::TABLE_FLOWS}),
                   proto::BatchView::check(batch).value());
}

TEST(ZeekConnLog, HasTheHeadAndTheColumns) {
    const auto writer = make_zeek_writer({});
    const std::string head(writer->head());
    EXPECT_TRUE(head.starts_with("#separator \\x09\n#set_separator\t,\n")) << head;
    EXPECT_EQ(line(head, 4), "#path\tconn");
    EXPECT_EQ(cells(line(head, 5)).size(), cells(line(head, 6)).size()) << "each field has a type";
    EXPECT_EQ(cells(line(head, 5)).size(), 1 + cells(line(shown("zeek"), 0)).size());
}

TEST(ZeekConnLog, WritesWhatZeekWrites) {
    auto first = cells(line(shown("zeek"), 0));
    ASSERT_EQ(first.size(), 22U);
    EXPECT_EQ(first[1].size(), 18U);
    EXPECT_EQ(first[1][0], 'C');
    first[1] = "UID";
    const std::vector<std::string> expected = {"1747297800.287000",
                                               "UID",
                                               "192.168.1.10",
                                               "49152",
                                               "198.51.100.7",
                                               "80",
                                               "tcp",
                                               "http,ssl",
                                               "5.213000",
                                               "3000",
                                               "20182",
                                               "SF",
                                               "T",
                                               "F",
                                               "100",
                                               "ShADadFf",
                                               "12",
                                               "3482",
                                               "10",
                                               "20582",
                                               "-",
                                               "1:abc="};
    EXPECT_EQ(first, expected);
}

// Zeek tells neither a duration nor bytes of what had one packet.
TEST(ZeekConnLog, LeavesOutWhatZeekDoesNotTell) {
    auto second = cells(line(shown("zeek"), 1));
    ASSERT_EQ(second.size(), 22U);
    second[1] = "UID";
    const std::vector<std::string> expected = {"1747297805.500000",
                                               "UID",
                                               "2001:db8::1",
                                               "0",
                                               "2001:db8::2",
                                               "0",
                                               "icmp",
                                               "-",
                                               "-",
                                               "-",
                                               "-",
                                               "OTH",
                                               "-",
                                               "-",
                                               "0",
                                               "-",
                                               "1",
                                               "104",
                                               "0",
                                               "0",
                                               "-",
                                               "-"};
    EXPECT_EQ(second, expected);
}

TEST(ZeekConnLog, CallsAConversationTheSameWheneverItIsAsked) {
    EXPECT_EQ(shown("zeek"), shown("zeek"));
    EXPECT_NE(cells(line(shown("zeek"), 0))[1], cells(line(shown("zeek"), 1))[1]);
}

TEST(FlowFormats, JsonHasNothingThatOnlyPacketsHave) {
    const auto json = parsed_json(line(shown("json"), 0));
    EXPECT_EQ(text_at(json, "/event/start"), "2025-05-15T08:30:00.287000000Z");
    EXPECT_EQ(text_at(json, "/event/end"), "2025-05-15T08:30:05.500000000Z");
    EXPECT_EQ(text_at(json, "/@timestamp"), text_at(json, "/event/end"));
    EXPECT_EQ(text_at(json, "/packetsentry/flow/state"), "SF");
    EXPECT_EQ(text_at(json, "/network/protocol"), "http");
    EXPECT_FALSE(json.at("network").as_object().contains("bytes"));
    EXPECT_FALSE(json.at("packetsentry").as_object().contains("captured_bytes"));
    EXPECT_FALSE(json.at("packetsentry").as_object().contains("malformed"));
    EXPECT_TRUE(text_at(json, "/packetsentry/summary").starts_with("TCP 49152 -> 80 SF"));
}

TEST(FlowFormats, CsvHasColumnsOfItsOwn) {
    const auto writer = make_csv_writer({.table = wire::TABLE_FLOWS});
    EXPECT_TRUE(writer->head().contains("packetsentry.flow.state"));
    EXPECT_TRUE(
        line(shown("csv"), 0).starts_with("1,2025-05-15 08:30:00.287000000,5213000000,192.168.1.10,49152,"))
        << line(shown("csv"), 0);
}

}  // namespace
}  // namespace packetsentry::ctl::render
