#include "ctl/render/line.h"

#include <gtest/gtest.h>

#include "ctl/render/row_batch.h"
#include "proto/rows/batch_view.h"
#include "tests/unit/ctl/render/sample_batch.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::string_view kTime = "2025-05-15 10:30:01";

TEST(Line, EveryKindOfRow) {
    const wire::Batch batch = sample_batch();
    const auto view = proto::BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    const char* const expected[] = {
        "TCP 192.168.1.100 -> 8.8.8.8 TCP 12345 -> 80",
        "DNS 192.168.1.100 -> 8.8.8.8 DNS example.com NOERROR 8.8.8.8,2001:db8::1",
        "HTTP 192.168.1.100 -> 8.8.8.8 TCP 12345 -> 80 GET",
        "HTTP 8.8.8.8 -> 192.168.1.100 TCP 80 -> 12345 404",
        "STP 00:00:5e:00:53:23 -> 01:80:c2:00:00:00 STP [malformed]",
        "DNS 2001:db8::1 -> 2001:db8::1 DNS a\\x1B]0;x\\x07\\xFF.b\\\\c (vxlan 10.0.0.1 -> 10.0.0.2)",
        "ICMP 2001:db8::1 -> 2001:db8::1 ICMP gre 10.0.0.1 -> 10.0.0.2 echo request",
        "STP ? -> ? STP",
        "STP ? -> ? STP [clock set back]",
    };
    RowBatch rows;
    rows.begin({}, *view);
    RowTexts& texts = rows.texts();
    for (std::uint32_t row = 0; row < view->rows(); ++row) {
        TextBuffer line;
        append_line(line, kTime, texts.row(row));
        EXPECT_EQ(line.view(), std::string(kTime) + " - " + expected[row] + "\n");
    }
}

TEST(Line, AddressesHaveTheirNamesWhereTheyAreWanted) {
    const wire::Batch batch = named_sample_batch();
    const auto view = proto::BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    const std::string forged = "2001:db8::1 (a\\x29\\x20->\\x20b\\x1B\\\\\\xEF\\xBC\\x89)";
    const std::string expected[] = {
        "TCP 192.168.1.100 -> 8.8.8.8 (www.example) TCP 12345 -> 80",
        "DNS 192.168.1.100 -> 8.8.8.8 (www.example) DNS example.com NOERROR 8.8.8.8,2001:db8::1",
        "HTTP 192.168.1.100 -> 8.8.8.8 (www.example) TCP 12345 -> 80 GET",
        "HTTP 8.8.8.8 (www.example) -> 192.168.1.100 TCP 80 -> 12345 404",
        "STP 00:00:5e:00:53:23 -> 01:80:c2:00:00:00 STP [malformed]",
        "DNS " + forged + " -> " + forged +
            " DNS a\\x1B]0;x\\x07\\xFF.b\\\\c (vxlan 10.0.0.1 -> 10.0.0.2 (inner.example))",
    };
    RowBatch rows;
    rows.begin({}, *view);
    for (std::uint32_t row = 0; row < std::size(expected); ++row) {
        TextBuffer line;
        append_line(line, kTime, rows.named_texts().row(row));
        EXPECT_EQ(line.view(), std::string(kTime) + " - " + expected[row] + "\n");
    }
    TextBuffer plain;
    append_line(plain, kTime, rows.texts().row(0));
    EXPECT_EQ(plain.view(), std::string(kTime) + " - TCP 192.168.1.100 -> 8.8.8.8 TCP 12345 -> 80\n")
        << "the log keeps its lines";
}

TEST(Line, Block) {
    const wire::Batch batch = sample_batch();
    const auto view = proto::BatchView::check(batch);
    ASSERT_TRUE(view);
    RowBatch rows;
    rows.begin({}, *view);
    RowTexts& texts = rows.texts();
    TextBuffer block;
    append_block(block, kTime, texts.row(0));
    EXPECT_EQ(block.view(),
              "[2025-05-15 10:30:01] TCP\n"
              "Source: 192.168.1.100 -> Destination: 8.8.8.8\n"
              "Summary: TCP 12345 -> 80\n" +
                  std::string(50, '-') + "\n");
}

TEST(Line, ColourIsAroundTheWordOnly) {
    TextBuffer line;
    append_coloured_line(line, kTime, {"DNS", "a", "b", "DNS x"});
    EXPECT_EQ(line.view(), "2025-05-15 10:30:01 - \x1b[36mDNS\x1b[0m a -> b DNS x\n");
}

TEST(Line, StatusIsEscaped) {
    TextBuffer line;
    append_status_line(line, kTime, "Reading packets from a\nb");
    EXPECT_EQ(line.view(), "2025-05-15 10:30:01 - Reading packets from a\\x0Ab\n");
}

// Asking twice for a row, or skipping rows, changes nothing.
TEST(Line, RowsMayBeSkippedAndRepeated) {
    const wire::Batch batch = sample_batch();
    const auto view = proto::BatchView::check(batch);
    ASSERT_TRUE(view);
    RowBatch rows;
    rows.begin({}, *view);
    RowTexts& texts = rows.texts();
    EXPECT_EQ(texts.row(1).summary, "DNS example.com NOERROR 8.8.8.8,2001:db8::1");
    EXPECT_EQ(texts.row(1).summary, "DNS example.com NOERROR 8.8.8.8,2001:db8::1");
    EXPECT_EQ(texts.row(3).summary, "TCP 80 -> 12345 404");
    rows.begin({}, *view);
    EXPECT_EQ(rows.texts().row(0).summary, "TCP 12345 -> 80");
}

// Neither has a column. A field that only a newer program knows is left out.
TEST(Line, TellsTheFlagsAndTheLengthOfASegment) {
    struct Case {
        int flags;
        std::uint16_t payload;
        const char* summary;
    };
    for (const Case& c :
         {Case{wire::TCP_HEADER | 0x18, 512, "TCP 1 -> 2 [PSH,ACK] 512 bytes"},
          Case{wire::TCP_HEADER | 0x02, 0, "TCP 1 -> 2 [SYN]"},
          Case{wire::TCP_HEADER, 65535, "TCP 1 -> 2 [] 65535 bytes"}, Case{0x18, 512, "TCP 1 -> 2"}}) {
        BatchMaker maker;
        const auto protocol =
            maker.protocol("TCP", "", true, {"packetsentry.tcp.flags", "packetsentry.tcp.payload_bytes"});
        maker.row({.source_port = 1,
                   .destination_port = 2,
                   .ip_protocol = 6,
                   .protocol = protocol,
                   .flags = wire::FLAG_PORTS});
        wire::Batch& batch = maker.batch();
        batch.mutable_protocol(0)->add_detail(65'000);
        proto::append_short(*batch.mutable_tcp_flags(), static_cast<std::uint16_t>(c.flags));
        proto::append_short(*batch.mutable_tcp_payload_bytes(), c.payload);
        const auto view = proto::BatchView::check(batch);
        ASSERT_TRUE(view) << view.error().message;
        RowBatch rows;
        rows.begin({}, *view);
        EXPECT_EQ(rows.texts().row(0).summary, c.summary);
    }
}

// As captures on all interfaces have it. The name "any" names none.
TEST(Line, TellsInterfaceAndDirection) {
    struct Case {
        const char* interface;
        const char* direction;
        const char* id_column;  // null: there is none
        const char* summary;
    };
    const Case cases[] = {
        {"eth0", "ingress", "observer.ingress.interface.id", "X [eth0 in]"},
        {"eth0", "egress", "observer.egress.interface.id", "X [eth0 out]"},
        {"any", "ingress", "observer.ingress.interface.id", "X [interface 7 in]"},
        {"", "egress", "observer.egress.interface.id", "X [interface 7 out]"},
        {"any", "egress", nullptr, "X [out]"},
        {"", "ingress", nullptr, "X [in]"},
        {"eth0", "sideways", "observer.ingress.interface.id", "X"},
        {"eth0", nullptr, "observer.ingress.interface.id", "X"},
    };
    for (const Case& c : cases) {
        BatchMaker maker(c.interface);
        const auto row = maker.row({.protocol = maker.protocol("X", "", false, {})});
        if (c.direction != nullptr) maker.text("network.direction", row, c.direction);
        if (c.id_column != nullptr) maker.text(c.id_column, row, "7");
        const auto view = proto::BatchView::check(maker.batch());
        ASSERT_TRUE(view);
        RowBatch rows;
        rows.begin({}, *view);
        RowTexts& texts = rows.texts();
        EXPECT_EQ(texts.row(0).summary, c.summary);
    }
}

// Control bytes in every text a batch has: nothing but printable characters and the line's own end.
TEST(Line, NoFieldForgesALine) {
    const std::string evil = "\x1b[31m\r\n\x07\xc2\x9b\xe2\x80\xae";
    BatchMaker maker(evil);
    const auto protocol = maker.protocol(evil, evil, false, {"url.path"});
    const auto row = maker.row({.protocol = protocol});
    maker.text("url.path", row, evil);
    maker.text("packetsentry.tunnel.type", row, evil, true);
    maker.text("network.direction", row, "ingress");
    const auto view = proto::BatchView::check(maker.batch());
    ASSERT_TRUE(view);
    RowBatch rows;
    rows.begin({}, *view);
    RowTexts& texts = rows.texts();
    TextBuffer out;
    append_line(out, kTime, texts.row(0));
    append_block(out, kTime, texts.row(0));
    EXPECT_EQ(std::ranges::count(out.view(), '\n'), 5);
    for (const char c : out.view()) EXPECT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f)) << int{c};
}

}  // namespace
}  // namespace packetsentry::ctl::render
