// What expressions are true of, over one batch with a row of each kind.
#include "proto/query/evaluate/filter.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/row_builder.h"

namespace packetsentry::query {
namespace {

using test::RowBuilder;

constexpr std::uint8_t kTcp = 6, kUdp = 17, kGre = 47, kIcmp = 1;
constexpr std::int64_t kSecond = 1'000'000'000;

const std::string kMacA("\x00\x11\x22\x33\x44\x55", 6), kMacB("\x66\x77\x88\x99\xaa\xbb", 6);

wire::Batch make_batch() {
    RowBuilder rows;
    // 0: a hello of TLS
    rows.row({.source = "10.0.0.1",
              .destination = "192.168.1.5",
              .source_mac = kMacA,
              .destination_mac = kMacB,
              .source_port = 40000,
              .destination_port = 443,
              .ip_protocol = kTcp,
              .word = "TLS",
              .name = "tls",
              .wire_bytes = 583,
              .time_ns = 100 * kSecond,
              .tcp_flags = 0x18})
        .text("packetsentry.tls.message", "Client Hello")
        .text("tls.client.server_name", "Shop.Example.COM");
    // 1: a question
    rows.row({.source = "10.0.0.2",
              .destination = "8.8.8.8",
              .source_port = 5000,
              .destination_port = 53,
              .ip_protocol = kUdp,
              .word = "DNS",
              .name = "dns",
              .wire_bytes = 80,
              .time_ns = 101 * kSecond})
        .text("dns.type", "query")
        .text("dns.question.name", "printer.example.com")
        .text("dns.question.type", "AAAA")
        .text("dns.header_flags", "RD")
        .number("dns.id", 0x1234);
    // 2: its answer
    rows.row({.source = "8.8.8.8",
              .destination = "10.0.0.2",
              .source_port = 53,
              .destination_port = 5000,
              .ip_protocol = kUdp,
              .word = "DNS",
              .name = "dns",
              .wire_bytes = 200,
              .cut_bytes = 100,
              .time_ns = 102 * kSecond})
        .text("dns.type", "answer")
        .text("dns.question.name", "PRINTER.example.com")
        .text("dns.question.type", "A")
        .text("dns.response_code", "NOERROR")
        .text("dns.header_flags", "RA")
        .text("dns.answers.type", "CNAME")
        .text("dns.answers.type", "A")
        .text("dns.answers.data", "p1.example.net")
        .text("dns.answers.data", "192.0.2.7")
        .address("dns.resolved_ip", "192.0.2.7")
        .address("dns.resolved_ip", "192.0.2.8");
    // 3: ARP
    rows.row({.source = "10.0.0.1",
              .destination = "10.0.0.9",
              .source_mac = kMacB,
              .word = "ARP",
              .time_ns = 103 * kSecond,
              .arp = true});
    // 4: HTTP over IPv6
    rows.row({.source = "2001:db8::1",
              .destination = "2001:db8::2",
              .source_port = 50000,
              .destination_port = 80,
              .ip_protocol = kTcp,
              .word = "HTTP",
              .name = "http",
              .time_ns = 104 * kSecond,
              .tcp_flags = 0x02})
        .text("http.request.method", "GET")
        .text("url.domain", "www.example.org")
        .text("url.path", "/Index.html");
    // 5: TCP in a tunnel
    rows.row({.source = "10.1.1.1",
              .destination = "10.1.1.2",
              .ip_protocol = kGre,
              .word = "TCP",
              .time_ns = 105 * kSecond,
              .layers = "eth:ethertype:ip:gre:ip:tcp"})
        .address("packetsentry.inner.source.ip", "172.16.0.1")
        .address("packetsentry.inner.destination.ip", "2001:db8::2")
        .number("packetsentry.inner.source.port", 1000)
        .number("packetsentry.inner.destination.port", 80);
    // 6: nothing that was understood
    rows.row(
        {.flags = wire::FLAG_MALFORMED | wire::FLAG_NO_TIME, .interface = "eth1", .time_ns = 105 * kSecond});
    // 7: ICMP
    rows.row({.source = "10.0.0.3",
              .destination = "10.0.0.1",
              .ip_protocol = kIcmp,
              .word = "ICMP",
              .interface = "eth1",
              .time_ns = 107 * kSecond})
        .number("packetsentry.icmp.type", 8)
        .text("network.direction", "egress");
    return rows.batch();
}

std::string rows_of(const wire::Batch& batch, std::string_view text) {
    const auto view = proto::BatchView::check(batch);
    if (!view) return view.error().message;
    const auto expression = parse(text);
    if (!expression) return expression.error().message;
    auto filter = Filter::compile(*expression);
    if (!filter) return filter.error().message;
    std::vector<std::uint8_t> mask(view->rows(), 7);
    const std::uint32_t count = filter->evaluate(*view, mask);
    std::string rows;
    std::uint32_t found = 0;
    for (std::uint32_t row = 0; row < view->rows(); ++row) {
        if (mask[row] > 1) return "a byte of the mask is neither 0 nor 1";
        if (mask[row] == 0) continue;
        rows += std::to_string(row);
        ++found;
    }
    return found == count ? rows : "the count is wrong";
}

struct FilterCase {
    std::string_view text;
    std::string_view rows;
};

void expect_rows(std::initializer_list<FilterCase> cases) {
    const wire::Batch batch = make_batch();
    for (const FilterCase& c : cases) EXPECT_EQ(rows_of(batch, c.text), c.rows) << c.text;
}

TEST(Filter, AnEmptyOneIsTrueOfAll) {
    expect_rows({{"", "01234567"}, {"frame", "01234567"}, {"not frame", ""}});
}

TEST(Filter, ProtocolsAreLayers) {
    expect_rows({{"tcp", "045"},
                 {"udp", "12"},
                 {"dns", "12"},
                 {"http", "4"},
                 {"tls", "0"},
                 {"ssl", "0"},
                 {"ip", "01257"},
                 {"ipv6", "4"},
                 {"arp", "3"},
                 {"icmp", "7"},
                 {"gre", "5"},
                 {"ssh", ""},
                 {"eth", "01234567"},
                 {"tcp or dns", "01245"},
                 {"tcp xor ip", "1247"},
                 {"not tcp", "12367"},
                 {"tcp and not ip", "4"}});
}

TEST(Filter, AddressesAreEitherSideInsideAndOutside) {
    expect_rows({{"ip.addr == 10.0.0.1", "07"},
                 {"ip.src == 10.0.0.1", "0"},
                 {"ip.dst == 10.0.0.1", "7"},
                 {"ip.addr == 172.16.0.1", "5"},
                 {"ip.addr == 10.0.0.0/8", "01257"},
                 {"ip.addr == 10.0.0.0/30", "0127"},
                 {"ip.addr == 203.0.113.1", ""},
                 {"ip.addr in {8.8.8.8, 172.16.0.0/12}", "125"},
                 {"ip.addr in {10.0.0.3..10.1.0.0}", "7"},
                 {"ip.addr not in {10.0.0.0/8}", "346"},
                 {"ipv6.addr == 2001:db8::2", "45"},
                 {"ipv6.addr == 2001:db8::/32", "45"},
                 {"ipv6.src == 2001:db8::2", ""},
                 {"ip.src < 10.0.0.2", "02"},
                 {"ip.src <= 10.0.0.2", "012"},
                 {"ip.src > 10.0.0.0/16", "5"},
                 {"ip.src >= 10.0.0.0/16", "0157"},
                 {"ip.src > 255.255.255.255", ""},
                 {"ip.src < 0.0.0.0", ""},
                 {"eth.addr == 66:77:88:99:aa:bb", "03"},
                 {"eth.src == 66:77:88:99:aa:bb", "3"},
                 {"eth.dst", "0"},
                 {"arp.src.proto_ipv4 == 10.0.0.1", "3"},
                 {"arp.dst.proto_ipv4", "3"},
                 {"dns.a == 192.0.2.8", "2"},
                 {"dns.aaaa", ""},
                 {"dns.a", "2"}});
}

TEST(Filter, APathAsksItsColumnAlone) {
    expect_rows({{"source.ip == 10.0.0.1", "03"},
                 {"source.ip == 2001:db8::1", "4"},
                 {"source.ip", "0123457"},
                 {"destination.port == 80", "4"},
                 {"packetsentry.inner.destination.port == 80", "5"},
                 {"source.mac == 00:11:22:33:44:55", "0"}});
}

TEST(Filter, AllMustDiffer) {
    expect_rows({{"ip.addr != 10.0.0.1", "125"},
                 {"!(ip.addr == 10.0.0.1)", "123456"},
                 {"ip.addr !== 10.0.0.1", "01257"},
                 {"ip.src != 10.0.0.1", "1257"},
                 {"tcp.port != 80", "0"},
                 {"tcp.port !== 80", "045"},
                 {"tcp.port === 80", ""},
                 {"all tcp.port > 79", "045"},
                 {"all tcp.port in {443, 40000}", "0"},
                 {"dns.a != 192.0.2.7", ""},
                 {"dns.a != 192.0.2.9", "2"},
                 {"dns.qry.name != \"printer.example.com\"", ""},
                 {"all dns.answers.data contains \"192\"", ""},
                 {"any dns.answers.data contains \"192\"", "2"},
                 {"tcp.flags != 2", "0"}});
}

TEST(Filter, PortsBelongToTheirTransport) {
    expect_rows({{"tcp.port == 443", "0"},
                 {"tcp.dstport == 443", "0"},
                 {"tcp.srcport == 443", ""},
                 {"udp.port == 53", "12"},
                 {"tcp.port == 53", ""},
                 {"tcp.port == 80", "45"},
                 {"udp.port == 80", ""},
                 {"tcp.port", "045"},
                 {"udp.port", "12"},
                 {"tcp.port in {80, 443}", "045"},
                 {"tcp.port in {1..1000}", "045"},
                 {"tcp.port in {1, 2, 3, 4, 5, 443, 500..600}", "0"},
                 {"tcp.dstport >= 443", "0"},
                 {"tcp.port == 0", ""},
                 {"tcp.port == 65616", ""}});  // 65536 + 80
}

TEST(Filter, AbsentFieldsCompareFalse) {
    expect_rows({{"http.response.code == 200", ""},
                 {"http.response.code != 200", ""},
                 {"http.response.code < 500", ""},
                 {"!(http.response.code == 200)", "01234567"},
                 {"http.response.code not in {200}", "01234567"},
                 {"http.host != \"x\"", "4"},
                 {"http.request", "4"},
                 {"http.request == 1", "4"},
                 {"http.response", ""}});
}

TEST(Filter, TextsAndNames) {
    expect_rows({{"dns.qry.name == \"printer.example.com\"", "12"},
                 {"dns.qry.name contains \"PRINTER\"", "12"},
                 {"dns.qry.name contains \"example.com\"", "12"},
                 {"dns.qry.name contains \"printer.example.com.\"", ""},
                 {"dns.qry.name contains \"\"", "12"},
                 {"dns.qry.name matches \"^P.*[.]com$\"", "12"},
                 {"dns.qry.name matches \"^example\"", ""},
                 {"dns.qry.name in {\"a\", \"printer.example.com\", \"z\"}", "12"},
                 {"dns.qry.name in {\"a\"..\"b\"}", ""},
                 {"dns.qry.name in {\"p\"..\"q\"}", "12"},
                 {"dns.qry.name > \"printer\"", "12"},
                 {"dns.qry.name < \"printer\"", ""},
                 {"dns.qry.name >= \"printer.example.com\"", "12"},
                 {"dns.qry.name <= \"printer.example.com\"", "12"},
                 {"tls.handshake.extensions_server_name contains \"example.com\"", "0"},
                 {"url.path contains \"index\"", ""},  // no name: its case counts
                 {"url.path contains \"Index\"", "4"},
                 {"url.path matches \"index\"", "4"},
                 {"url.path == \"/Index.html\"", "4"},
                 {"url.path == \"/index.html\"", ""},
                 {"dns.cname == \"P1.example.net\"", "2"},
                 {"dns.cname contains \"192\"", ""},
                 {"dns.answers.data contains \"192\"", "2"},
                 {"_ws.col.Protocol == \"DNS\"", "12"},
                 {"network.type == ipv6", "4"},
                 {"network.transport == tcp", "04"},
                 {"network.protocol", "0124"},
                 {"frame.interface_name == eth1", "67"},
                 {"observer.egress.interface.name == eth1", "7"},
                 {"observer.ingress.interface.name == eth1", "6"}});
}

TEST(Filter, NumbersByName) {
    expect_rows({{"dns.qry.type == 28", "1"},
                 {"dns.qry.type == AAAA", "1"},
                 {"dns.qry.type in {A, 28}", "12"},
                 {"dns.qry.type != 28", "2"},
                 {"dns.qry.type < 28", "2"},
                 {"dns.qry.type & 0x1c", "1"},
                 {"dns.resp.type == 5", "2"},
                 {"dns.flags.response == 0", "1"},
                 {"dns.flags.response == 1", "2"},
                 {"dns.flags.response", "12"},
                 {"dns.flags.rcode == 0", "2"},
                 {"dns.flags.rcode == NOERROR", "2"},
                 {"tls.handshake.type == 1", "0"},
                 {"tls.record.content_type == 22", "0"},
                 {"tls.record.content_type == 23", ""},
                 {"dns.id == 0x1234", "1"}});
}

TEST(Filter, BitsAndFlags) {
    expect_rows({{"tcp.flags.syn == 1", "4"},
                 {"tcp.flags.syn == 0", "0"},
                 {"tcp.flags.syn", "04"},
                 {"tcp.flags.ack == true", "0"},
                 {"tcp.flags == 0x18", "0"},
                 {"tcp.flags & 0x02", "4"},
                 {"tcp.flags & 0x12 == 0x02", "4"},
                 {"tcp.flags & 0x12 == 0x10", "0"},
                 {"tcp.flags.syn == 1 and tcp.flags.ack == 0", "4"},
                 {"dns.flags.recdesired == 1", "1"},
                 {"dns.flags.recdesired == 0", "2"},
                 {"dns.flags.recavail == 1", "2"},
                 {"dns.flags.truncated", "12"},
                 {"dns.flags.truncated == 1", ""},
                 {"_ws.malformed", "6"},
                 {"packetsentry.malformed == 0", "0123457"},
                 {"packetsentry.malformed != 1", "0123457"}});
}

TEST(Filter, Frames) {
    expect_rows({{"frame.len == 583", "0"},
                 {"frame.len >= 200", "02"},
                 {"frame.cap_len == 100", "2"},
                 {"frame.len & 1", "0"},
                 {"frame.number == 12", "1"},
                 {"frame.number <= 12", "01"},
                 {"frame.time >= 105", "57"},
                 {"frame.time < \"1970-01-01T00:01:41Z\"", "0"},
                 {"frame.time == 101", "1"},
                 {"frame.time", "0123457"},
                 {"ip.proto == 17", "12"},
                 {"ip.proto == udp", "12"},
                 {"ip.proto in {ICMP, GRE}", "57"},
                 {"ip.proto != 17", "057"},
                 {"ipv6.nxt == 6", "4"},
                 {"icmp.type == 8", "7"},
                 {"icmpv6.type == 8", ""}});
}

// The link layer addresses of a cooked capture are not those of Ethernet.
TEST(Filter, EthernetIsOneOfTheLinkLayers) {
    RowBuilder rows;
    rows.row({.source_mac = kMacA});
    rows.row({.source_mac = kMacA, .interface = "any", .link_type = 113});
    EXPECT_EQ(rows_of(rows.batch(), "eth.addr == 00:11:22:33:44:55"), "0");
    EXPECT_EQ(rows_of(rows.batch(), "eth.src"), "0");
    EXPECT_EQ(rows_of(rows.batch(), "source.mac == 00:11:22:33:44:55"), "01");
    EXPECT_EQ(rows_of(rows.batch(), "eth"), "0");
}

TEST(Filter, IsReusedForBatchesOfOtherSizes) {
    const auto expression = parse("udp.port == 53 or (tcp and not tcp.port == 80)");
    ASSERT_TRUE(expression);
    auto filter = Filter::compile(*expression);
    ASSERT_TRUE(filter);
    const wire::Batch batch = make_batch();
    RowBuilder other;
    other.row({.source = "10.0.0.1", .destination = "10.0.0.2", .source_port = 53, .ip_protocol = kUdp});
    const auto large = proto::BatchView::check(batch), small = proto::BatchView::check(other.batch());
    ASSERT_TRUE(large && small);
    std::vector<std::uint8_t> mask(8);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(filter->evaluate(*large, mask), 3U);
        EXPECT_EQ(filter->evaluate(*small, mask), 1U);
    }
}

TEST(Filter, RefusesPatternsThatCannotBeCompiled) {
    for (const std::string_view text :
         {"http.host matches \"(\"", "http.host matches \"a{1,100000}\"", "http.host matches \"(?=a)\"",
          "http.host matches \"((a{100}){100}){100}\""}) {
        const auto expression = parse(text);
        ASSERT_TRUE(expression) << text;
        const auto filter = Filter::compile(*expression);
        ASSERT_FALSE(filter) << text;
        EXPECT_EQ(filter.error().place.offset, 18U) << text;
        EXPECT_TRUE(filter.error().message.starts_with("this pattern cannot be used: "))
            << filter.error().message;
    }
    std::string many = "http.host matches \"a\"";
    for (std::size_t i = 0; i < 32; ++i) many += " or http.host ~ \"a\"";
    const auto expression = parse(many);
    ASSERT_TRUE(expression);
    EXPECT_FALSE(Filter::compile(*expression));
}

// More different texts than are remembered at once.
TEST(Filter, ManyTextsAreNumbers) {
    RowBuilder rows;
    for (int i = 0; i < 1000; ++i) rows.row({}).text("dns.question.type", "TYPE" + std::to_string(i % 500));
    const auto view = proto::BatchView::check(rows.batch());
    const auto expression = parse("dns.qry.type >= 300 and dns.qry.type != 400");
    ASSERT_TRUE(view && expression);
    auto filter = Filter::compile(*expression);
    ASSERT_TRUE(filter);
    std::vector<std::uint8_t> mask(1000);
    EXPECT_EQ(filter->evaluate(*view, mask), 398U);
    for (std::size_t i = 0; i < mask.size(); ++i)
        EXPECT_EQ(mask[i], i % 500 >= 300 && i % 500 != 400 ? 1 : 0) << i;
}

// A pattern on which others go back and forth for ever takes its time in proportion to the text.
TEST(Filter, PatternsAreLinear) {
    RowBuilder rows;
    for (int i = 0; i < 100; ++i) rows.row({}).text("url.path", std::string(4000, 'a'));
    EXPECT_EQ(rows_of(rows.batch(), "url.path matches \"^(a+)+$\"").size(), 190U);
    EXPECT_EQ(rows_of(rows.batch(), "url.path matches \"^(a|aa)+b$\""), "");
}

TEST(Filter, BytesOfAnyKindCanBeAsked) {
    RowBuilder rows;
    rows.row({}).text("url.path", "\xff\xfe/caf\xC3\xA9");
    rows.row({}).text("url.path", std::string("a\0b", 3));
    rows.row({}).text("url.path", "");
    EXPECT_EQ(rows_of(rows.batch(), "url.path contains \"\\xff\\xfe\""), "0");
    EXPECT_EQ(rows_of(rows.batch(), "url.path contains \"\\x00\""), "1");
    EXPECT_EQ(rows_of(rows.batch(), "url.path matches \"^..../\""), "");
    EXPECT_EQ(rows_of(rows.batch(), "url.path matches \"^../\""), "0");  // a byte that is no character is one
    EXPECT_EQ(rows_of(rows.batch(), "url.path matches \"caf\xC3\x89$\""), "0");
    EXPECT_EQ(rows_of(rows.batch(), "url.path == \"\""), "2");
}

// Columns of another kind than the field's are those of a forged batch.
TEST(Filter, ColumnsOfAnotherKindAreAbsent) {
    wire::Batch batch = make_batch();
    for (wire::Column& column : *batch.mutable_column())
        if (column.field() == rows::field("dns.question.name").number) {
            column.set_kind(wire::Column::NUMBER);
            column.clear_text();
            column.clear_text_size();
            for (int i = 0; i < column.row_size(); ++i) column.add_number(1);
        }
    EXPECT_EQ(rows_of(batch, "dns.qry.name contains \"\""), "");
    EXPECT_EQ(rows_of(batch, "dns.qry.name"), "");
}

// Texts of a column that are no numbers of a name are no values of it.
TEST(Filter, MessagesOfTlsByNumber) {
    RowBuilder rows;
    rows.row({.layers = "eth:ethertype:ip:tcp:tls"}).text("packetsentry.tls.message", "Client Hello");
    rows.row({.layers = "eth:ethertype:ip:tcp:tls"}).text("packetsentry.tls.message", "Application Data");
    rows.row({.layers = "eth:ethertype:ip:tcp:tls"})
        .text("packetsentry.tls.message", "Alert")
        .text("packetsentry.tls.alert.level", "fatal")
        .text("packetsentry.tls.alert.description", "handshake_failure");
    rows.row({.layers = "eth:ethertype:ip:tcp:tls"}).text("packetsentry.tls.message", "Handshake");
    rows.row({.layers = "eth:ethertype:ip:udp:quic:tls"}).text("packetsentry.tls.message", "Client Hello");
    rows.row({.layers = "eth:ethertype:ip:tcp:tls"})
        .text("packetsentry.tls.message", "Server Hello")
        .text("packetsentry.tls.further_messages", "Certificate");
    const wire::Batch& batch = rows.batch();
    const FilterCase cases[] = {{"tls.handshake.type", "045"},
                                {"tls.handshake.type == 1", "04"},
                                {"tls.handshake.type != 1", "5"},
                                {"tls.handshake.type == 11", "5"},
                                {"tls.handshake.type contains \"a\"", "5"},
                                {"tls.handshake", "0345"},
                                {"tls.handshake == 1", "0345"},
                                {"tls.alert_message", "2"},
                                {"tls.alert_message.level == 2", "2"},
                                {"tls.alert_message.level == fatal", "2"},
                                {"tls.alert_message.desc == 40", "2"},
                                {"tls.alert_message.desc != 40", ""},
                                {"tls.record.content_type", "01235"},
                                {"tls.record.content_type == 22", "035"},
                                {"packetsentry.tls.message", "012345"},
                                {"packetsentry.tls.message == Alert", "2"},
                                {"tls", "012345"}};
    for (const FilterCase& c : cases) EXPECT_EQ(rows_of(batch, c.text), c.rows) << c.text;
}

TEST(Filter, TheVersionOfARequestIsNoneOfAResponse) {
    RowBuilder rows;
    rows.row({}).text("http.request.method", "GET").text("http.version", "1.1");
    rows.row({}).number("http.response.status_code", 200).text("http.version", "1.0");
    const wire::Batch& batch = rows.batch();
    const FilterCase cases[] = {{"http.request.version", "0"},
                                {"http.response.version", "1"},
                                {"http.request.version == \"HTTP/1.1\"", "0"},
                                {"http.request.version == \"HTTP/1.0\"", ""},
                                {"http.response.version matches \"^http/1\"", "1"},
                                {"http.response.version != \"HTTP/1.1\"", "1"},
                                {"http.version == 1.1", "0"}};
    for (const FilterCase& c : cases) EXPECT_EQ(rows_of(batch, c.text), c.rows) << c.text;
}

// Times of a column of its own, before 1970 too, and flags.
TEST(Filter, CertificatesAndWhatCameOfAHandshake) {
    RowBuilder rows;
    const auto handshake = [&](std::int64_t until, bool established) {
        rows.row({})
            .number("tls.server.not_after", static_cast<std::uint64_t>(until * kSecond))
            .number("tls.established", established ? 1 : 0);
    };
    handshake(-100, true);
    handshake(100, false);
    handshake(200, true);
    rows.row({});
    const wire::Batch& batch = rows.batch();
    const FilterCase cases[] = {{"tls.server.not_after < \"1970-01-01T00:01:41Z\"", "01"},
                                {"tls.server.not_after > 100", "2"},
                                {"tls.server.not_after == 200", "2"},
                                {"tls.server.not_after <= 0", "0"},
                                {"tls.server.not_after", "012"},
                                {"tls.established", "02"},
                                {"tls.established == true", "02"},
                                {"tls.established == false", "1"}};
    for (const FilterCase& c : cases) EXPECT_EQ(rows_of(batch, c.text), c.rows) << c.text;
}

TEST(Filter, RecordsOfEachSectionByTheirType) {
    RowBuilder rows;
    rows.row({})
        .text("dns.answers.type", "SRV")
        .text("dns.answers.data", "5 10 5060 sip.example.com")
        .text("packetsentry.dns.authorities.type", "NS")
        .text("packetsentry.dns.authorities.data", "ns.example.com");
    rows.row({}).text("dns.answers.type", "MX").text("dns.answers.data", "mail.example.com");
    const wire::Batch& batch = rows.batch();
    const FilterCase cases[] = {{"dns.srv.target", "0"},
                                {"dns.srv.target == \"SIP.example.com\"", "0"},
                                {"dns.ns == ns.example.com", "0"},
                                {"dns.ns matches \"^mail\"", ""},
                                {"dns.mx.mail_exchange == \"mail.example.com\"", "1"},
                                {"dns.cname", ""}};
    for (const FilterCase& c : cases) EXPECT_EQ(rows_of(batch, c.text), c.rows) << c.text;
}

// The sixth row is of a conversation of its own, ARP has none, and a later fragment is of one whose ports its
// row does not have.
TEST(Filter, PacketsAreOfAConversation) {
    RowBuilder rows;
    const test::RowValues there{.source = "1.2.3.4",
                                .destination = "5.6.7.8",
                                .source_port = 1122,
                                .destination_port = 3344,
                                .ip_protocol = kTcp};
    rows.row(there);
    rows.row({.source = "5.6.7.8",
              .destination = "1.2.3.4",
              .source_port = 3344,
              .destination_port = 1122,
              .ip_protocol = kTcp});
    rows.row({.source = "1.2.3.4", .destination = "5.6.7.8", .arp = true});
    rows.row({.source = "1.2.3.4", .destination = "5.6.7.8", .ip_protocol = kIcmp})
        .number("packetsentry.icmp.type", 8);
    rows.row({.source = "1.2.3.4", .destination = "5.6.7.8", .ip_protocol = kUdp});
    rows.row({.source = "1.2.3.4",
              .destination = "5.6.7.8",
              .source_port = 1122,
              .destination_port = 3345,
              .ip_protocol = kTcp});
    const wire::Batch& batch = rows.batch();
    const FilterCase cases[] = {
        {"network.community_id == \"1:wCb3OG7yAFWelaUydu0D+125CLM=\"", "01"},
        {"communityid == \"1:wCb3OG7yAFWelaUydu0D+125CLM=\"", "01"},
        {"network.community_id != \"1:wCb3OG7yAFWelaUydu0D+125CLM=\"", "35"},
        {"!(network.community_id == \"1:wCb3OG7yAFWelaUydu0D+125CLM=\")", "2345"},
        {"network.community_id == \"1:wcb3OG7yAFWelaUydu0D+125CLM=\"", ""},
        {"network.community_id in {\"1:wCb3OG7yAFWelaUydu0D+125CLM=\", \"1:crodRHL2FEsHjbv3UkRrfbs4bZ0=\"}",
         "013"},
        {"network.community_id contains \"125CLM\"", "01"},
        {"network.community_id matches \"^1:[wc]\" and tcp", "01"},
        {"network.community_id", "0135"},
        {"not network.community_id", "24"},
        {"network.community_id == \"1:wCb3OG7yAFWelaUydu0D+125CLM=\" and network.community_id contains "
         "\"1:w\"",
         "01"}};
    for (const FilterCase& c : cases) EXPECT_EQ(rows_of(batch, c.text), c.rows) << c.text;
}

TEST(Filter, NumbersThatOnlyANameHas) {
    RowBuilder rows;
    rows.row({.source = "192.0.2.1", .destination = "192.0.2.2", .layers = "sll:ethertype:ip"})
        .text("network.direction", "egress")
        .number("packetsentry.tcp.mss", 1460);
    rows.row({.source = "2001:db8::1", .destination = "2001:db8::2", .layers = "sll:ethertype:ipv6"})
        .text("network.direction", "ingress");
    rows.row({.source = "192.0.2.1", .destination = "192.0.2.9", .arp = true});
    const wire::Batch& batch = rows.batch();
    const FilterCase cases[] = {{"sll.pkttype == 4", "0"},
                                {"sll.pkttype == 0", "1"},
                                {"sll.pkttype != 4", "1"},
                                {"network.direction == egress", "0"},
                                {"ip.version", "01"},
                                {"ip.version == 4", "0"},
                                {"ip.version == 6", "1"},
                                {"ip.version != 4", "1"},
                                {"network.type == arp", "2"},
                                {"tcp.options.mss", "0"},
                                {"tcp.options.timestamp", ""},
                                {"ip.host == 192.0.2.1", "0"},
                                {"ip.dst_host == 192.0.2.1", ""},
                                {"dhcp.hw.mac_addr == 02:00:00:00:00:04", ""}};
    for (const FilterCase& c : cases) EXPECT_EQ(rows_of(batch, c.text), c.rows) << c.text;
}

TEST(Filter, EveryNameCanBeAsked) {
    const wire::Batch batch = make_batch();
    for (const std::string_view name : all_names()) {
        const std::string rows = rows_of(batch, name);
        EXPECT_EQ(rows.find_first_not_of("01234567"), std::string::npos) << name << ": " << rows;
    }
}

}  // namespace
}  // namespace packetsentry::query
