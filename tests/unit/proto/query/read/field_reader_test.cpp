#include "proto/query/read/field_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "proto/query/reference.h"
#include "tests/support/row_builder.h"

namespace packetsentry::query {
namespace {

using test::RowBuilder;

// Values as they are told in a failure: "80", "t:text", "a:192.0.2.1", "@1000", "f:1".
std::string told(const proto::BatchView& view, const FieldValue& value) {
    switch (value.kind) {
        case rows::FieldKind::text:
            return "t:" + std::string(value.text);
        case rows::FieldKind::address:
            return "a:" + base::to_string(view.address(static_cast<std::uint32_t>(value.number)));
        case rows::FieldKind::time:
            return "@" + std::to_string(value.time_ns());
        case rows::FieldKind::flag:
            return "f:" + std::to_string(value.number);
        case rows::FieldKind::number:
            break;
    }
    return std::to_string(value.number);
}

class FieldReaderTest : public testing::Test {
  protected:
    RowBuilder rows_;

    // The values of each row, with "," between them and "|" between rows.
    std::string read(std::string_view name, NamedValues named = NamedValues::numbers,
                     const BatchOrigin& origin = {}) {
        const auto view = proto::BatchView::check(rows_.batch());
        const auto field = resolve_to_read(name, {});
        if (!view) return view.error().message;
        if (!field) return field.error().message;
        FieldReader reader(*field, named);
        reader.bind(*view, origin);
        std::string all;
        for (std::uint32_t row = 0; row < view->rows(); ++row) {
            if (row != 0) all += '|';
            bool first = true;
            for (const FieldValue& value : reader.values(row)) {
                if (!first) all += ',';
                first = false;
                all += told(*view, value);
            }
        }
        return all;
    }
};

TEST_F(FieldReaderTest, ACommunityIdFollowsFromTheEndsOfAPacket) {
    rows_.row({.source = "1.2.3.4",
               .destination = "5.6.7.8",
               .source_port = 1122,
               .destination_port = 3344,
               .ip_protocol = 6});
    rows_.row({.source = "5.6.7.8", .destination = "1.2.3.4", .arp = true});
    rows_.row({.source = "5.6.7.8",
               .destination = "1.2.3.4",
               .source_port = 3344,
               .destination_port = 1122,
               .ip_protocol = 6});
    const std::string id = "t:1:wCb3OG7yAFWelaUydu0D+125CLM=";
    EXPECT_EQ(read("network.community_id"), id + "||" + id);
    EXPECT_EQ(read("communityid"), id + "||" + id);
}

TEST_F(FieldReaderTest, WiresharkNamesKeepToTheirProtocol) {
    rows_.row({.source = "192.0.2.1",
               .destination = "192.0.2.2",
               .source_port = 4000,
               .destination_port = 80,
               .ip_protocol = 6,
               .time_ns = 5,
               .tcp_flags = 0x12});
    rows_.row({.source = "2001:db8::1",
               .destination = "2001:db8::2",
               .source_port = 4000,
               .destination_port = 53,
               .ip_protocol = 17,
               .time_ns = 6});
    rows_.row({.source = "192.0.2.1", .destination = "192.0.2.9", .time_ns = 7, .arp = true});
    EXPECT_EQ(read("ip.src"), "a:192.0.2.1||");
    EXPECT_EQ(read("ip.addr"), "a:192.0.2.1,a:192.0.2.2||");
    EXPECT_EQ(read("ipv6.addr"), "|a:2001:db8::1,a:2001:db8::2|");
    EXPECT_EQ(read("arp.dst.proto_ipv4"), "||a:192.0.2.9");
    EXPECT_EQ(read("source.ip"), "a:192.0.2.1|a:2001:db8::1|a:192.0.2.1");
    EXPECT_EQ(read("tcp.port"), "4000,80||");
    EXPECT_EQ(read("udp.dstport"), "|53|");
    EXPECT_EQ(read("destination.port"), "80|53|");
    EXPECT_EQ(read("ip.proto"), "6||");
    EXPECT_EQ(read("frame.time_epoch"), "@5|@6|@7");
    EXPECT_EQ(read("frame.number"), "11|12|13");
    EXPECT_EQ(read("tcp.flags"), "18||");
    EXPECT_EQ(read("tcp.flags.syn"), "1||");
    EXPECT_EQ(read("tcp.flags.fin"), "0||");
    EXPECT_EQ(read("tcp.flags.str"), "t:SYN,ACK||");
    EXPECT_EQ(read("packetsentry.malformed"), "f:0|f:0|f:0");
    EXPECT_EQ(read("network.type"), "t:ipv4|t:ipv6|t:arp");
}

TEST_F(FieldReaderTest, InnerValuesFollowTheOuterOnes) {
    rows_
        .row({.source = "192.0.2.1",
              .destination = "192.0.2.2",
              .ip_protocol = 47,
              .layers = "eth:ethertype:ip:gre:ip:udp"})
        .address("packetsentry.inner.destination.ip", "10.0.0.2")
        .address("packetsentry.inner.source.ip", "10.0.0.1")
        .number("packetsentry.inner.source.port", 1000)
        .number("packetsentry.inner.destination.port", 53);
    EXPECT_EQ(read("ip.addr"), "a:192.0.2.1,a:192.0.2.2,a:10.0.0.1,a:10.0.0.2");
    EXPECT_EQ(read("udp.port"), "1000,53");
    EXPECT_EQ(read("tcp.port"), "");
    EXPECT_EQ(read("ip"), "t:ip,t:ip");
    EXPECT_EQ(read("gre"), "t:gre");
    EXPECT_EQ(read("frame"), "t:frame");
    EXPECT_EQ(read("dns"), "");
}

TEST_F(FieldReaderTest, DnsMessages) {
    rows_.row({.word = "DNS", .name = "dns"})
        .text("dns.type", "answer")
        .text("dns.question.type", "AAAA")
        .text("dns.header_flags", "RD")
        .text("dns.header_flags", "RA")
        .text("dns.answers.type", "CNAME")
        .text("dns.answers.data", "www.example.com")
        .text("dns.answers.type", "A")
        .text("dns.answers.data", "192.0.2.7")
        .text("packetsentry.dns.additionals.type", "TYPE4711")
        .address("dns.resolved_ip", "192.0.2.7")
        .address("dns.resolved_ip", "2001:db8::7");
    rows_.row({.word = "X"});
    EXPECT_EQ(read("dns.qry.type"), "28|");
    EXPECT_EQ(read("dns.question.type", NamedValues::texts), "t:AAAA|");
    EXPECT_EQ(read("dns.resp.type"), "5,1,4711|");
    EXPECT_EQ(read("dns.cname"), "t:www.example.com|");
    EXPECT_EQ(read("dns.ptr.domain_name"), "|");
    EXPECT_EQ(read("dns.a"), "a:192.0.2.7|");
    EXPECT_EQ(read("dns.aaaa"), "a:2001:db8::7|");
    EXPECT_EQ(read("dns.flags.recdesired"), "f:1|");
    EXPECT_EQ(read("dns.flags.truncated"), "f:0|");
    EXPECT_EQ(read("dns.flags.response"), "1|");
}

TEST_F(FieldReaderTest, PresenceAndNamesOfNumbers) {
    rows_.row({}).text("http.request.method", "GET").text("packetsentry.tls.message", "Client Hello");
    rows_.row({}).text("packetsentry.tls.message", "Application Data");
    EXPECT_EQ(read("http.request"), "f:1|");
    EXPECT_EQ(read("tls.handshake"), "f:1|");
    EXPECT_EQ(read("tls.handshake.type", NamedValues::texts), "t:Client Hello|");
    EXPECT_EQ(read("tls.handshake.type"), "1|");
    EXPECT_EQ(read("tls.record.content_type"), "22|23");
    EXPECT_EQ(read("ssl.record.content_type"), "22|23");
}

TEST_F(FieldReaderTest, TextsAsTheNameHasThem) {
    rows_.row({.source = "2001:db8::1", .destination = "2001:db8::2"})
        .text("http.request.method", "GET")
        .text("http.version", "1.1")
        .text("dns.answers.type", "SRV")
        .text("dns.answers.data", "5 10 5060 sip.example.com");
    rows_.row({}).number("http.response.status_code", 200).text("http.version", "1.0");
    EXPECT_EQ(read("http.request.version"), "t:HTTP/1.1|");
    EXPECT_EQ(read("http.response.version"), "|t:HTTP/1.0");
    EXPECT_EQ(read("http.version"), "t:1.1|t:1.0");
    EXPECT_EQ(read("dns.srv.target"), "t:sip.example.com|");
    EXPECT_EQ(read("ip.version"), "6|");
}

TEST_F(FieldReaderTest, WhatIsKnownOfTheBatchAlone) {
    rows_.row({});
    rows_.row({});
    EXPECT_EQ(read("event.sequence", NamedValues::texts, {.first_sequence = 40}), "40|41");
    rows_.leave_out_before_last(3);
    EXPECT_EQ(read("event.sequence", NamedValues::texts, {.first_sequence = 40}), "40|44");
    EXPECT_EQ(read("packetsentry.job", NamedValues::texts, {.job = 3}), "3|3");
    EXPECT_EQ(read("packetsentry.job"), "|");
    EXPECT_EQ(read("ecs.version"),
              "t:" + std::string(rows::kEcsVersion) + "|t:" + std::string(rows::kEcsVersion));
}

TEST_F(FieldReaderTest, TheInterfaceOfADirection) {
    rows_.row({.interface = "lan0"}).text("network.direction", "egress");
    rows_.row({.interface = "lan0"}).text("network.direction", "ingress");
    rows_.row({.interface = "any"}).text("observer.ingress.interface.id", "3");
    EXPECT_EQ(read("observer.egress.interface.name"), "t:lan0||");
    EXPECT_EQ(read("observer.ingress.interface.name"), "|t:lan0|");
    EXPECT_EQ(read("frame.interface_name"), "t:lan0|t:lan0|t:any");
}

// packetsentry.summary alone is composed elsewhere.
TEST_F(FieldReaderTest, EachDenseFieldHasAFunction) {
    for (const rows::FieldInfo& info : rows::kFields)
        EXPECT_EQ(dense_value(info) != nullptr, info.dense() && info.path != "packetsentry.summary")
            << info.path;
}

TEST_F(FieldReaderTest, EveryNameCanBeResolvedAndRead) {
    rows_.row({.source = "192.0.2.1", .destination = "192.0.2.2", .ip_protocol = 6, .tcp_flags = 2});
    for (const std::string_view name : names_to_read()) {
        EXPECT_TRUE(resolve_to_read(name, {})) << name;
        (void)read(name);
    }
    EXPECT_EQ(read("dns.qry.nam"), "there is no field \"dns.qry.nam\"; near it is dns.qry.name");
}

}  // namespace
}  // namespace packetsentry::query
