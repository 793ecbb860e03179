#include "ctl/render/packet_details.h"

#include <gtest/gtest.h>

#include <string>

#include "ctl/render/formats.h"
#include "tests/unit/ctl/render/flow_sample.h"
#include "tests/unit/ctl/render/sample_batch.h"
#include "tests/unit/ctl/render/written.h"

namespace packetsentry::ctl::render {
namespace {

// A batch of one row whose chain is given.
class PacketDetailsTest : public testing::Test {
  protected:
    BatchMaker maker_;
    const std::uint8_t protocol_ = maker_.protocol("DNS", "dns", false, {});
    const std::uint16_t host_ = maker_.address("192.0.2.1");
    const std::uint16_t server_ = maker_.address("192.0.2.2");

    std::uint32_t dns_row() {
        return maker_.row({.time_ns = kSampleTime,
                           .source = host_,
                           .destination = server_,
                           .source_port = 4000,
                           .destination_port = 53,
                           .ip_protocol = 17,
                           .protocol = protocol_,
                           .flags = wire::FLAG_PORTS});
    }
    std::string details(const std::string& chain, bool coloured = false) {
        wire::Batch& batch = maker_.batch();
        if (!chain.empty()) {
            batch.add_layers()->set_names(chain);
            for (std::uint32_t row = 0; row < batch.rows(); ++row)
                proto::append_short(*batch.mutable_layers_index(), 1);
        }
        const auto view = proto::BatchView::check(batch).value();
        RowBatch rows;
        rows.begin({.job = 7}, view);
        PacketDetails written(coloured);
        written.begin(rows);
        TextBuffer out;
        for (std::uint32_t row = 0; row < view.rows(); ++row) written.append(out, row);
        return std::string(out.view());
    }
};

TEST_F(PacketDetailsTest, ShowsEachLayerWithItsFieldsAndWhatTheyMean) {
    const auto row = dns_row();
    maker_.text("dns.question.name", row, "example.com");
    maker_.text("dns.question.type", row, "AAAA");
    EXPECT_EQ(
        details("eth:ethertype:ip:udp:dns"),
        "  Frame\n"
        "    frame.time            2025-05-15T08:30:01.123456789Z  When the packet was captured\n"
        "    frame.len             100   The length of the packet on the wire, in bytes\n"
        "    frame.cap_len         100   How many of these bytes were captured\n"
        "    frame.interface_name  eth0  The interface by which the packet came in, or on which it was seen\n"
        "    frame.protocols       eth:ethertype:ip:udp:dns  The layers of the packet\n"
        "  Ethernet\n"
        "  IPv4\n"
        "    ip.src           192.0.2.1  The sender in the outermost IP header\n"
        "    ip.dst           192.0.2.2  The receiver in the outermost IP header\n"
        "    ip.proto         17 (UDP)   The number that IANA gave to what the outermost IP header carries\n"
        "    ip.ttl           0          How many routers the packet may still pass\n"
        "    ip.dsfield.dscp  0          The differentiated services code point of the outermost IP header\n"
        "    ip.dsfield.ecn   0          The explicit congestion notification of the outermost IP header\n"
        "    ip.id            0x0000     The identification of the outermost IPv4 header\n"
        "    ip.frag_offset   0          Where a fragment stands in its packet\n"
        "    ip.flags.mf      no         More fragments follow, by the outermost IP header\n"
        "    ip.flags.df      no         The outermost IPv4 header forbids fragments\n"
        "  UDP\n"
        "    udp.srcport  4000  The sender's port, of the transport directly in the outermost IP header\n"
        "    udp.dstport  53    The receiver's port, of the transport directly in the outermost IP header\n"
        "  DNS\n"
        "    dns.qry.name  example.com  The name that is asked for\n"
        "    dns.qry.type  28 (AAAA)    The type of record that is asked for\n"
        "  PacketSentry\n"
        "    event.sequence         1     The number of the row\n"
        "    network.type           ipv4  The outermost network layer: ipv4, ipv6 or arp\n"
        "    network.transport      udp   The name of what the outermost IP header carries\n"
        "    network.protocol       dns   The application protocol, such as dns or http\n"
        "    packetsentry.protocol  DNS   The word of the packet's line\n"
        "    packetsentry.job       7     The id of the job that captured the packet\n"
        "    network.community_id   1:ynDohBxHtFQz9vpov9cJqYUh5es=  The Community ID\n");
}

TEST(FlowDetails, ShowTheFieldsOfAFlowByTheirPaths) {
    const wire::Batch batch = flow_sample();
    const auto view = proto::BatchView::check(batch).value();
    RowBatch rows;
    rows.begin({}, view);
    PacketDetails written(false);
    written.begin(rows);
    TextBuffer out;
    written.append(out, 0);
    const std::string text(out.view());
    EXPECT_TRUE(text.starts_with("  Conversation\n    @timestamp ")) << text;
    EXPECT_EQ(text.find("Frame"), std::string::npos) << text;
    for (const char* line : {"\n    source.ip ", "\n    destination.port ", "\n    source.packets ",
                             "\n    packetsentry.flow.state ", "\n    event.duration "})
        EXPECT_NE(text.find(line), std::string::npos) << line << text;
    EXPECT_NE(text.find("\n    network.community_id "), std::string::npos) << text;
    EXPECT_NE(text.find(" 1:abc= "), std::string::npos) << text;
}

TEST_F(PacketDetailsTest, WithoutAChainEveryFieldIsShownAllTheSame) {
    const auto row = dns_row();
    maker_.text("dns.question.name", row, "example.com");
    const std::string text = details("");
    EXPECT_TRUE(text.starts_with("  Frame\n")) << text;
    EXPECT_NE(text.find("  PacketSentry\n"), std::string::npos) << text;
    for (const char* part : {"\n    source.ip ", "\n    source.port ", "\n    dns.question.name "})
        EXPECT_NE(text.find(part), std::string::npos) << part << text;
}

TEST_F(PacketDetailsTest, SeveralValuesShareALineWhereThereIsRoom) {
    const auto row = dns_row();
    maker_.text("dns.header_flags", row, "RD", true);
    maker_.text("dns.header_flags", row, "RA", true);
    const std::string longer(30, 'x');
    maker_.text("dns.answers.name", row, longer + "1", true);
    maker_.text("dns.answers.name", row, longer + "2", true);
    const std::string text = details("ip:udp:dns");
    EXPECT_NE(text.find("    dns.header_flags  RD, RA  The flags of the DNS header that are set"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("    dns.resp.name     " + longer + "1\n" + std::string(22, ' ') + longer + "2\n" +
                        std::string(30, ' ') + "The owner's name of each record of the answer section\n"),
              std::string::npos)
        << text;
}

TEST_F(PacketDetailsTest, BytesFromTheWireAreEscaped) {
    const auto row = dns_row();
    maker_.text("dns.question.name", row, "a\x1b[2J\n  Frame\n    frame.len 7\xff");
    const std::string text = details("ip:udp:dns\x1b[2J");
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_NE(text.find("a\\x1B[2J\\x0A  Frame\\x0A    frame.len 7\\xFF"), std::string::npos) << text;
}

TEST_F(PacketDetailsTest, AMarkIsShownWhereItIsSet) {
    maker_.row({.protocol = protocol_, .flags = wire::FLAG_MALFORMED});
    const std::string text = details("ip");
    EXPECT_NE(text.find("packetsentry.malformed"), std::string::npos);
    EXPECT_EQ(text.find("packetsentry.incomplete"), std::string::npos);
}

TEST_F(PacketDetailsTest, ColoursAreForTerminals) {
    dns_row();
    const std::string text = details("ip:udp:dns", true);
    EXPECT_TRUE(text.starts_with("  \x1b[1mFrame\x1b[0m\n")) << text;
    EXPECT_NE(
        text.find("\x1b[2mThe sender's port, of the transport directly in the outermost IP header\x1b[0m\n"),
        std::string::npos)
        << text;
}

TEST_F(PacketDetailsTest, StandBelowTheLineAndAboveTheBytes) {
    dns_row();
    maker_.batch().set_captured(std::string(100, 'a'));
    const FormatSettings settings{.details = true,
                                  .bytes = {.form = BytesStyle::Form::text, .link_header = true}};
    const wire::Batch& batch = maker_.batch();
    const std::string text = written(*format("text").make(settings), proto::BatchView::check(batch).value());
    const std::size_t line = text.find("192.0.2.1 -> 192.0.2.2 DNS\n  Frame\n");
    ASSERT_NE(line, std::string::npos) << text;
    EXPECT_TRUE(text.ends_with("\n\t" + std::string(100, 'a') + "\n")) << text;
}

// Rows of every kind, and several batches one after the other.
TEST_F(PacketDetailsTest, NothingOfTheBatchBeforeIsLeft) {
    const wire::Batch first = sample_batch();
    const wire::Batch second = two_rows();
    const auto writer = format("text").make({.details = true});
    const auto fresh = format("text").make({.details = true});
    (void)written(*writer, proto::BatchView::check(first).value());
    const auto view = proto::BatchView::check(second).value();
    EXPECT_EQ(written(*writer, view), written(*fresh, view));
}

}  // namespace
}  // namespace packetsentry::ctl::render
