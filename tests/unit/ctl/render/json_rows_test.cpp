#include "ctl/render/json_rows.h"

#include <gtest/gtest.h>

#include <sstream>
#include <vector>

#include "tests/unit/ctl/render/parsed_json.h"
#include "tests/unit/ctl/render/sample_batch.h"
#include "tests/unit/ctl/render/written.h"

namespace packetsentry::ctl::render {
namespace {

std::vector<std::string> lines_of(const wire::Batch& batch, std::optional<std::uint64_t> job,
                                  bool with_names = false) {
    const auto view = proto::BatchView::check(batch);
    EXPECT_TRUE(view);
    if (!view) return {};
    JsonRows rows(with_names);
    std::vector<std::string> lines;
    std::istringstream text(written(rows, *view, {.first_sequence = 7, .job = job}));
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

TEST(JsonRows, PlainSegment) {
    const auto lines = lines_of(sample_batch(), std::nullopt);
    ASSERT_EQ(lines.size(), 9U);
    EXPECT_EQ(
        lines[0],
        R"({"@timestamp":"2025-05-15T08:30:01.123456789Z","destination":{"ip":"8.8.8.8","port":80},)"
        R"("ecs":{"version":"9.5.0"},"event":{"sequence":7},"network":{"bytes":100,"community_id":"1:oZmxSnKRrCBlIvzxDXEx+WZJQVI=",)"
        R"("iana_number":"6","transport":"tcp","type":"ipv4"},)"
        R"("observer":{"ingress":{"interface":{"name":"eth0"}}},)"
        R"("packetsentry":{"captured_bytes":100,"malformed":false,"protocol":"TCP",)"
        R"("summary":"TCP 12345 -> 80"},"source":{"ip":"192.168.1.100","mac":"00-00-5E-00-53-23","port":12345}})");
}

TEST(JsonRows, AddressesHaveTheirNamesWhereTheyAreWanted) {
    const wire::Batch batch = named_sample_batch();
    const auto lines = lines_of(batch, std::nullopt, true);
    ASSERT_EQ(lines.size(), 9U);
    EXPECT_NE(lines[0].find(R"("malformed":false,"names":[{"ip":"8.8.8.8","name":"www.example",)"
                            R"("source":"dns"}],"protocol":"TCP","summary":"TCP 12345 -> 80"})"),
              std::string::npos)
        << lines[0];
    EXPECT_NE(lines[5].find(R"("names":[{"ip":"2001:db8::1","name":"a) -> b\u001B\\）","source":"tls"},)"
                            R"({"ip":"10.0.0.2","name":"inner.example","source":"http"}],)"),
              std::string::npos)
        << "each once, and those inside of the tunnel: " << lines[5];
    EXPECT_NE(lines[5].find("(vxlan 10.0.0.1 -> 10.0.0.2)"), std::string::npos) << lines[5];
    EXPECT_EQ(lines[4].find("names"), std::string::npos) << "it has no address of IP";
    EXPECT_EQ(lines_of(batch, std::nullopt), lines_of(sample_batch(), std::nullopt));
    EXPECT_EQ(lines_of(sample_batch(), std::nullopt, true), lines_of(sample_batch(), std::nullopt));
}

TEST(JsonRows, RowsThatWereFoundHaveTheirNumbers) {
    wire::Batch batch = sample_batch();
    for (int row = 0; row < 9; ++row) batch.add_left_out(row == 1 ? 5 : 0);
    const auto lines = lines_of(batch, std::nullopt);
    ASSERT_EQ(lines.size(), 9U);
    EXPECT_NE(lines[0].find(R"("event":{"sequence":7})"), std::string::npos) << lines[0];
    EXPECT_NE(lines[1].find(R"("event":{"sequence":13})"), std::string::npos) << lines[1];
    EXPECT_NE(lines[8].find(R"("event":{"sequence":20})"), std::string::npos) << lines[8];
}

// ICMP without a type in the row, and no IP header.
TEST(JsonRows, PacketsHaveTheIdentifierOfTheirConversation) {
    BatchMaker maker;
    const auto protocol = maker.protocol("X", "", false, {});
    const auto one = maker.address("1.2.3.4"), other = maker.address("5.6.7.8");
    maker.row({.source = one,
               .destination = other,
               .source_port = 1122,
               .destination_port = 3344,
               .ip_protocol = 6,
               .protocol = protocol,
               .flags = wire::FLAG_PORTS});
    maker.row({.source = one, .destination = other, .ip_protocol = 1, .protocol = protocol});
    maker.row({.network = wire::NETWORK_NONE, .protocol = protocol});
    const auto lines = lines_of(maker.batch(), std::nullopt);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_NE(lines[0].find(R"("network":{"bytes":100,"community_id":"1:wCb3OG7yAFWelaUydu0D+125CLM=",)"),
              std::string::npos)
        << lines[0];
    EXPECT_EQ(lines[1].find("community_id"), std::string::npos) << lines[1];
    EXPECT_EQ(lines[2].find("community_id"), std::string::npos) << lines[2];
}

TEST(JsonRows, SparseColumnsNestWithTheFixedFields) {
    const auto lines = lines_of(sample_batch(), 3);
    ASSERT_EQ(lines.size(), 9U);
    EXPECT_EQ(
        lines[1],
        R"({"@timestamp":"2025-05-15T08:30:01.123456790Z","destination":{"ip":"8.8.8.8","port":53},)"
        R"("dns":{"question":{"name":"example.com"},"resolved_ip":["8.8.8.8","2001:db8::1"],)"
        R"("response_code":"NOERROR"},"ecs":{"version":"9.5.0"},"event":{"sequence":8},)"
        R"("network":{"bytes":100,"community_id":"1:jbGu+AdNZJKqvdn8dWOpkAn8AAs=",)"
        R"("iana_number":"17","protocol":"dns","transport":"udp","type":"ipv4"},)"
        R"("observer":{"ingress":{"interface":{"name":"eth0"}}},)"
        R"("packetsentry":{"captured_bytes":60,"job":3,"malformed":false,"protocol":"DNS",)"
        R"("summary":"DNS example.com NOERROR 8.8.8.8,2001:db8::1"},"source":{"ip":"192.168.1.100","port":5353}})");
    EXPECT_NE(lines[3].find(R"("http":{"response":{"status_code":404}})"), std::string::npos) << lines[3];
    EXPECT_NE(lines[2].find(R"("url":{"path":"/\u001B[2J\u000A2025-05-15 10:30:00 - forged"})"),
              std::string::npos);
}

TEST(JsonRows, AbsentIsAbsent) {
    const auto lines = lines_of(sample_batch(), std::nullopt);
    ASSERT_EQ(lines.size(), 9U);
    EXPECT_EQ(
        lines[4],
        R"({"destination":{"mac":"01-80-C2-00-00-00"},"ecs":{"version":"9.5.0"},"event":{"sequence":11},"network":{"bytes":100},)"
        R"("observer":{"ingress":{"interface":{"name":"eth0"}}},)"
        R"("packetsentry":{"captured_bytes":100,"malformed":true,"protocol":"STP",)"
        R"("summary":"STP [malformed]"},"source":{"mac":"00-00-5E-00-53-23"}})");
    EXPECT_EQ(lines[7].find("time_back"), std::string::npos);
    EXPECT_NE(lines[8].find(R"("summary":"STP [clock set back]","time_back":true})"), std::string::npos);
}

TEST(JsonRows, WhatWasSentHasItsInterfaceAsEgress) {
    BatchMaker maker("lan0");
    const auto protocol = maker.protocol("X", "", false, {});
    const auto came = maker.row({.protocol = protocol});
    maker.text("network.direction", came, "ingress");
    const auto sent = maker.row({.protocol = protocol});
    maker.text("network.direction", sent, "egress");
    const auto lines = lines_of(maker.batch(), std::nullopt);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_NE(lines[0].find(R"("observer":{"ingress":{"interface":{"name":"lan0"}}})"), std::string::npos);
    EXPECT_NE(lines[0].find(R"("direction":"ingress")"), std::string::npos);
    EXPECT_NE(lines[1].find(R"("observer":{"egress":{"interface":{"name":"lan0"}}})"), std::string::npos);
    EXPECT_NE(lines[1].find(R"("direction":"egress")"), std::string::npos);
}

// As a file has it that was captured on "any" elsewhere.
TEST(JsonRows, AnInterfaceOfWhichTheNumberIsKnownIsNotCalledAny) {
    BatchMaker maker("any");
    const auto row = maker.row({.protocol = maker.protocol("X", "", false, {})});
    maker.text("network.direction", row, "ingress");
    maker.text("observer.ingress.interface.id", row, "7");
    const auto lines = lines_of(maker.batch(), std::nullopt);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_NE(lines[0].find(R"("observer":{"ingress":{"interface":{"id":"7"}}})"), std::string::npos);
}

TEST(JsonRows, EveryLineParsesAndHoldsNoControl) {
    for (const std::string& line : lines_of(sample_batch(), 1)) {
        (void)parsed_json(line);
        for (const char c : line) EXPECT_TRUE(c >= 0x20 && c != 0x7f) << line;
    }
}

TEST(JsonRows, InnerColumnsShareTheObjectOfTheFixedOnes) {
    const auto lines = lines_of(sample_batch(), std::nullopt);
    const auto document = parsed_json(lines.at(5));
    EXPECT_EQ(text_at(document, "/packetsentry/inner/source/ip"), "10.0.0.1");
    EXPECT_EQ(text_at(document, "/packetsentry/tunnel/type/1"), "vxlan");
    EXPECT_EQ(text_at(document, "/dns/question/name"), "a\x1b]0;x\x07\\xFF.b\\c");
    const std::string object = "\"packetsentry\":{";
    EXPECT_NE(lines.at(5).find(object), std::string::npos);
    EXPECT_EQ(lines.at(5).find(object), lines.at(5).rfind(object)) << "one of them";
}

TEST(JsonRows, AnswersAreObjects) {
    BatchMaker maker;
    const auto protocol = maker.protocol("DNS", "dns", false, {});
    const auto first = maker.row({.protocol = protocol});
    for (const char* name : {"www.example.com", "example.com"})
        maker.text("dns.answers.name", first, name, true);
    for (const char* type : {"CNAME", "CAA"}) maker.text("dns.answers.type", first, type, true);
    for (const char* data : {"example.com", ""}) maker.text("dns.answers.data", first, data, true);
    maker.number("dns.answers.ttl", first, 60);
    maker.row({.protocol = protocol});
    const auto last = maker.row({.protocol = protocol});
    maker.text("dns.answers.type", last, "A", true);
    const auto lines = lines_of(maker.batch(), std::nullopt);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_NE(lines[0].find(R"("dns":{"answers":[{"data":"example.com","name":"www.example.com","ttl":60,)"
                            R"("type":"CNAME"},{"name":"example.com","type":"CAA"}]})"),
              std::string::npos)
        << lines[0];
    EXPECT_EQ(lines[1].find("dns.answers"), std::string::npos);
    EXPECT_NE(lines[2].find(R"("dns":{"answers":[{"type":"A"}]})"), std::string::npos) << lines[2];
}

TEST(JsonRows, RecordsOfTheOtherSectionsAreObjectsToo) {
    BatchMaker maker;
    const auto row = maker.row({.protocol = maker.protocol("DNS", "dns", false, {})});
    maker.text("packetsentry.dns.authorities.type", row, "NS", true);
    maker.text("packetsentry.dns.authorities.data", row, "ns.example.com", true);
    maker.text("packetsentry.dns.additionals.data", row, "192.0.2.53", true);
    const auto document = parsed_json(lines_of(maker.batch(), std::nullopt).at(0));
    EXPECT_EQ(text_at(document, "/packetsentry/dns/authorities/0/type"), "NS");
    EXPECT_EQ(text_at(document, "/packetsentry/dns/authorities/0/data"), "ns.example.com");
    EXPECT_EQ(text_at(document, "/packetsentry/dns/additionals/0/data"), "192.0.2.53");
}

// A thousand answers cost a thousand times what one does.
TEST(JsonRows, ManyAnswersStayInOrder) {
    BatchMaker maker;
    const auto row = maker.row({.protocol = maker.protocol("DNS", "dns", false, {})});
    for (int i = 0; i < 1000; ++i) maker.text("dns.answers.data", row, std::to_string(i), true);
    const auto document = parsed_json(lines_of(maker.batch(), std::nullopt).at(0));
    EXPECT_EQ(text_at(document, "/dns/answers/0/data"), "0");
    EXPECT_EQ(text_at(document, "/dns/answers/999/data"), "999");
}

TEST(JsonRows, NumbersThatNameSomethingAreStrings) {
    BatchMaker maker;
    const auto row = maker.row({.protocol = maker.protocol("VLAN", "", false, {})});
    maker.number("network.vlan.id", row, 30);
    maker.batch().mutable_column(0)->set_keyword(true);
    EXPECT_EQ(text_at(parsed_json(lines_of(maker.batch(), std::nullopt).at(0)), "/network/vlan/id"), "30");
}

TEST(JsonRows, IncompleteRowsAreMarked) {
    BatchMaker maker;
    const auto protocol = maker.protocol("DNS", "dns", false, {});
    maker.row({.protocol = protocol});
    maker.row({.protocol = protocol, .flags = wire::FLAG_INCOMPLETE});
    const auto lines = lines_of(maker.batch(), std::nullopt);
    EXPECT_EQ(lines.at(0).find("incomplete"), std::string::npos);
    EXPECT_NE(lines.at(1).find(R"("incomplete":true)"), std::string::npos);
    EXPECT_NE(lines.at(1).find(R"("summary":"DNS [incomplete]")"), std::string::npos);
}

TEST(JsonRows, AnInterfaceMayHaveAnyName) {
    BatchMaker maker("d\xff");
    maker.row({.protocol = maker.protocol("X", "", false, {})});
    const auto document = parsed_json(lines_of(maker.batch(), std::nullopt).at(0));
    EXPECT_EQ(text_at(document, "/observer/ingress/interface/name"), "d\\xFF");
}

// A forged batch may name a column as a fixed field, or one inside another.
TEST(JsonRows, ClashingNamesAreLeftOut) {
    BatchMaker maker;
    const auto protocol = maker.protocol("X", "", false, {});
    const auto row = maker.row({.protocol = protocol});
    maker.text("source.ip", row, "forged");
    maker.text("event", row, "forged");
    maker.text("a", row, "1");
    maker.text("a-b", row, "2");
    maker.text("a.b", row, "3");
    maker.text("dns.answers", row, "forged");
    maker.text("dns.answers.data", row, "4");
    maker.text("dns.answers.data.x", row, "forged");
    const auto lines = lines_of(maker.batch(), std::nullopt);
    ASSERT_EQ(lines.size(), 1U);
    const auto document = parsed_json(lines[0]);
    EXPECT_EQ(text_at(document, "/a"), "1");
    EXPECT_EQ(text_at(document, "/a-b"), "2");
    EXPECT_EQ(lines[0].find("\"b\""), std::string::npos);
    EXPECT_FALSE(document.as_object().contains("source"));
    EXPECT_EQ(text_at(document, "/dns/answers"), "forged");
}

wire::Batch tcp_batch(std::uint16_t flags) {
    BatchMaker maker;
    const auto protocol = maker.protocol("TCP", "", true, {});
    maker.row({.source = maker.address("10.0.0.1"), .ip_protocol = 6, .protocol = protocol});
    wire::Batch batch = maker.batch();
    proto::append_short(*batch.mutable_tcp_flags(), flags);
    batch.mutable_hop_limit()->push_back(64);
    batch.add_layers()->set_names("eth:ethertype:ip:tcp");
    proto::append_short(*batch.mutable_layers_index(), 1);
    return batch;
}

TEST(JsonRows, FlagsOfTcpAreWords) {
    const auto flags_of = [](std::uint16_t flags) {
        return parsed_json(lines_of(tcp_batch(flags), std::nullopt).at(0));
    };
    EXPECT_EQ(text_at(flags_of(wire::TCP_HEADER | 0x12), "/packetsentry/tcp/flags"), "SYN,ACK");
    EXPECT_EQ(text_at(flags_of(wire::TCP_HEADER), "/packetsentry/tcp/flags"), "");
    EXPECT_FALSE(flags_of(0).at("packetsentry").as_object().contains("tcp"));
}

TEST(JsonRows, QuietFieldsAreLeftOut) {
    const auto document = parsed_json(lines_of(tcp_batch(wire::TCP_HEADER | 0x12), std::nullopt).at(0));
    for (const char* name : {"layers", "ip", "ethertype"})
        EXPECT_FALSE(document.at("packetsentry").as_object().contains(name)) << name;
}

// The plan of one batch must not be used for another's columns.
TEST(JsonRows, ColumnsChangeBetweenBatches) {
    JsonRows rows;
    for (const char* name : {"one.x", "two.x", "one.x"}) {
        BatchMaker maker;
        const auto protocol = maker.protocol("X", "", false, {});
        maker.text(name, maker.row({.protocol = protocol}), "v");
        const auto view = proto::BatchView::check(maker.batch());
        ASSERT_TRUE(view);
        const std::string line = written(rows, *view);
        EXPECT_NE(line.find("\"" + std::string(name, 3) + "\":{\"x\":\"v\"}"), std::string::npos) << line;
    }
}

}  // namespace
}  // namespace packetsentry::ctl::render
