// The formats "fields" and "csv".
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <initializer_list>

#include "ctl/render/formats.h"
#include "ctl/render/value_form.h"
#include "proto/query/reference.h"
#include "tests/support/row_builder.h"
#include "tests/unit/ctl/render/sample_batch.h"
#include "tests/unit/ctl/render/written.h"

namespace packetsentry::ctl::render {
namespace {

FieldSettings columns(std::initializer_list<const char*> names) {
    FieldSettings settings;
    for (const char* const name : names)
        settings.columns.push_back({name, query::resolve_to_read(name, {}).value()});
    return settings;
}

class FieldsFormatTest : public testing::Test {
  protected:
    void SetUp() override {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
    }
    void TearDown() override {
        ::unsetenv("TZ");
        ::tzset();
    }

    static std::string of_batch(const Format& as, const FieldSettings& fields, const wire::Batch& batch) {
        const auto view = proto::BatchView::check(batch);
        if (!view) return view.error().message;
        const auto writer = as.make({.fields = fields});
        return std::string(writer->head()) + written(*writer, *view, {.first_sequence = 7, .job = 3});
    }
    // The first lines, without a line feed behind the last.
    static std::string of_sample(const Format& as, const FieldSettings& fields, int lines = 1) {
        const std::string text = of_batch(as, fields, sample_batch());
        std::size_t end = 0;
        for (int i = 0; i < lines; ++i) end = text.find('\n', end) + 1;
        return text.substr(0, end - 1);
    }
};

TEST_F(FieldsFormatTest, AsTsharkPrintsThem) {
    EXPECT_EQ(of_sample(format("fields"), columns({"frame.time_epoch", "ip.src", "ip.addr", "tcp.dstport",
                                                   "udp.port", "frame.len"})),
              "1747297801.123456789\t192.168.1.100\t192.168.1.100,8.8.8.8\t80\t\t100");
    EXPECT_EQ(of_sample(format("fields"), columns({"frame.time"})), "May 15, 2025 08:30:01.123456789 UTC");
}

TEST_F(FieldsFormatTest, PathsAsInJson) {
    EXPECT_EQ(of_sample(format("fields"), columns({"@timestamp", "source.mac", "packetsentry.malformed",
                                                   "packetsentry.protocol", "event.sequence",
                                                   "packetsentry.job", "packetsentry.summary"})),
              "2025-05-15T08:30:01.123456789Z\t00-00-5E-00-53-23\tfalse\tTCP\t7\t3\tTCP 12345 -> 80");
    EXPECT_EQ(of_sample(format("fields"), columns({"_ws.col.Info", "_ws.col.Protocol"})),
              "TCP 12345 -> 80\tTCP");
}

TEST_F(FieldsFormatTest, SettingsAreThoseOfTshark) {
    FieldSettings fields = columns({"ip.addr", "dns.a", "frame.len"});
    fields.header = true;
    fields.separator = ';';
    fields.aggregator = ' ';
    fields.quote = Quote::double_quotes;
    EXPECT_EQ(of_sample(format("fields"), fields, 2),
              "ip.addr;dns.a;frame.len\n\"192.168.1.100 8.8.8.8\";;\"100\"");
    fields.quote = Quote::single_quotes;
    fields.occurrence = Occurrence::last;
    fields.header = false;
    EXPECT_EQ(of_sample(format("fields"), fields), "'8.8.8.8';;'100'");
    fields.occurrence = Occurrence::first;
    fields.quote = Quote::none;
    fields.byte_order_mark = true;
    EXPECT_EQ(of_sample(format("fields"), fields),
              "\xEF\xBB\xBF"
              "192.168.1.100;;100");
}

wire::Batch hostile_batch() {
    test::RowBuilder rows;
    rows.row({.word = "HTTP"})
        .text("url.domain", "=cmd\"x\\,\x1b[2J\xff\ny")
        .text("user_agent.original", "-1")
        .text("url.path", "@SUM(1)")
        .text("url.query", "plain");
    return rows.batch();
}

TEST_F(FieldsFormatTest, NothingFromTheWireReachesATerminalOrASpreadsheet) {
    FieldSettings fields = columns({"http.host", "url.query"});
    EXPECT_EQ(of_batch(format("fields"), fields, hostile_batch()), "=cmd\"x\\,\\x1B[2J\\xFF\\x0Ay\tplain\n");
    fields.quote = Quote::double_quotes;
    EXPECT_EQ(of_batch(format("fields"), fields, hostile_batch()),
              "\"=cmd\"\"x\\,\\x1B[2J\\xFF\\x0Ay\"\t\"plain\"\n");
    EXPECT_EQ(of_batch(format("csv"), columns({"http.host", "user_agent.original", "url.path", "url.query"}),
                       hostile_batch()),
              "http.host,user_agent.original,url.path,url.query\n"
              "\"'=cmd\"\"x\\,\\x1B[2J\\xFF\\x0Ay\",'-1,'@SUM(1),plain\n");
}

// A spreadsheet may split a line at another character than the separator.
TEST_F(FieldsFormatTest, NoFormulaBeginsWithinAText) {
    test::RowBuilder rows;
    rows.row({.word = "HTTP"})
        .text("url.domain", "a;=1+1.example")
        .text("user_agent.original",
              "\xEF\xBC\x9D"
              "1")
        .text("url.path", ";;|@x,b;-")
        .text("url.query", "a - b; c=d");
    EXPECT_EQ(of_batch(format("csv"), columns({"http.host", "user_agent.original", "url.path", "url.query"}),
                       rows.batch()),
              "http.host,user_agent.original,url.path,url.query\n"
              "a;'=1+1.example,'\xEF\xBC\x9D"
              "1,\";;|'@x,b;'-\",a - b; c=d\n");
}

TEST_F(FieldsFormatTest, CsvHasUsualColumnsAndNumbersAsTheyAre) {
    EXPECT_EQ(of_sample(format("csv"), {}, 2),
              "event.sequence,@timestamp,source.ip,source.port,destination.ip,destination.port,"
              "packetsentry.protocol,network.bytes,packetsentry.summary\n"
              "7,2025-05-15 08:30:01.123456789,192.168.1.100,12345,8.8.8.8,80,TCP,100,TCP 12345 -> 80");
    FieldSettings fields = columns({"frame.time_epoch", "tcp.flags", "dns.id", "ip.addr", "tcp.flags.syn"});
    fields.header = false;
    test::RowBuilder rows;
    rows.row({.source = "192.0.2.1",
              .destination = "192.0.2.2",
              .ip_protocol = 6,
              .time_ns = 5'000'000'006,
              .tcp_flags = 0x12})
        .number("dns.id", 4660);
    EXPECT_EQ(of_batch(format("csv"), fields, rows.batch()),
              "5.000000006,18,4660,\"192.0.2.1,192.0.2.2\",1\n");
    EXPECT_EQ(of_batch(format("fields"), fields, rows.batch()),
              "5.000000006\t0x0012\t0x1234\t192.0.2.1,192.0.2.2\t1\n");
    EXPECT_EQ(of_batch(format("fields"), columns({"tcp.flags.str", "packetsentry.tcp.flags"}), rows.batch()),
              "·······A··S·\tSYN,ACK\n");
}

TEST_F(FieldsFormatTest, ChosenRowsAlone) {
    const wire::Batch batch = sample_batch();
    const auto view = proto::BatchView::check(batch).value();
    std::vector<std::uint8_t> chosen(view.rows(), 0);
    chosen[1] = chosen[3] = 1;
    RowBatch some;
    some.begin({}, view, chosen);
    const auto writer = format("fields").make({.fields = columns({"event.sequence", "dns.qry.name"})});
    EXPECT_EQ(writer->write(some), "2\texample.com\n4\t\n");
}

TEST_F(FieldsFormatTest, NamesOfWireshark) {
    EXPECT_TRUE(is_wireshark_name("ip.src"));
    EXPECT_TRUE(is_wireshark_name("dns.id"));
    EXPECT_TRUE(is_wireshark_name("dns"));
    EXPECT_FALSE(is_wireshark_name("source.ip"));
}

}  // namespace
}  // namespace packetsentry::ctl::render
