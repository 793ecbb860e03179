#include <gtest/gtest.h>

#include "tests/support/row_builder.h"
#include "tests/unit/ctl/render/parsed_json.h"
#include "tests/unit/ctl/render/shown_rows.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::int64_t kServerHelloNs = 1'747'297'805'500'000'000;
constexpr std::uint64_t kNotBefore = 1'704'164'645'000'000'000;  // 2024-01-02 03:04:05

// A handshake whose hello of the server came after 1.5 ms.
test::RowBuilder handshake(std::string_view version, std::string_view version_protocol = "tls") {
    test::RowBuilder rows;
    rows.row({.source = "192.168.1.10",
              .destination = "192.168.1.80",
              .source_port = 43200,
              .destination_port = 443,
              .ip_protocol = 6,
              .word = version_protocol == "ssl" ? "SSL" : "TLS",
              .name = "tls",
              .time_ns = kServerHelloNs,
              .layers = ""})
        .text("tls.client.server_name", "www.example")
        .text("tls.version", version)
        .text("tls.version_protocol", version_protocol)
        .text("packetsentry.transaction.outcome", "answered");
    return rows;
}

wire::Batch tls_batch(const test::RowBuilder& rows) {
    wire::Batch batch = rows.batch();
    batch.set_table(wire::TABLE_TLS);
    batch.clear_wire_bytes();
    batch.clear_cut_bytes();
    batch.clear_first_place();
    batch.add_duration_ns(1'500'000);
    return batch;
}

TEST(ZeekSslLog, HasTheHead) {
    const std::string head(find_format("zeek")->make({.table = wire::TABLE_TLS})->head());
    EXPECT_EQ(line(head, 4), "#path\tssl");
    EXPECT_EQ(line(head, 5),
              "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tversion\tcipher\tcurve\t"
              "server_name\tresumed\tlast_alert\tnext_protocol\testablished\tssl_history\tcert_chain_fps\t"
              "client_cert_chain_fps\tsni_matches_cert");
    EXPECT_EQ(line(head, 6),
              "#types\ttime\tstring\taddr\tport\taddr\tport\tstring\tstring\tstring\tstring\tbool\t"
              "string\tstring\tbool\tstring\tvector[string]\tvector[string]\tbool");
}

TEST(ZeekSslLog, WritesAHandshake) {
    test::RowBuilder rows = handshake("1.3");
    rows.text("tls.cipher", "TLS_AES_128_GCM_SHA256")
        .text("tls.curve", "x25519")
        .text("tls.next_protocol", "h2")
        .number("tls.established", 1)
        .number("tls.resumed", 0);
    auto columns = zeek_columns_of(tls_batch(rows));
    EXPECT_EQ(columns["ts"], "1747297805.498500");
    EXPECT_EQ(columns["id.resp_p"], "443");
    EXPECT_EQ(columns["version"], "TLSv13");
    EXPECT_EQ(columns["cipher"], "TLS_AES_128_GCM_SHA256");
    EXPECT_EQ(columns["curve"], "x25519");
    EXPECT_EQ(columns["server_name"], "www.example");
    EXPECT_EQ(columns["next_protocol"], "h2");
    EXPECT_EQ(columns["resumed"] + columns["established"], "FT");
    EXPECT_EQ(columns["last_alert"], "-");
    EXPECT_EQ(columns["ssl_history"], "-");
}

TEST(ZeekSslLog, NamesVersionsAsZeekDoes) {
    EXPECT_EQ(zeek_columns_of(tls_batch(handshake("1.2")))["version"], "TLSv12");
    EXPECT_EQ(zeek_columns_of(tls_batch(handshake("3.0", "ssl")))["version"], "SSLv3");
    EXPECT_EQ(zeek_columns_of(tls_batch(handshake("2.0", "ssl")))["version"], "SSLv2");
    test::RowBuilder draft = handshake("1.3");
    draft.text("packetsentry.tls.draft", "draft-28");
    EXPECT_EQ(zeek_columns_of(tls_batch(draft))["version"], "TLSv13-draft28");
}

TEST(ZeekSslLog, HasTheNumberOfACipherWithoutAName) {
    test::RowBuilder rows = handshake("1.2");
    rows.number("packetsentry.tls.cipher_number", 0xFEFE);
    EXPECT_EQ(zeek_columns_of(tls_batch(rows))["cipher"], "unknown-65278");
}

TEST(TlsFormats, TextShowsAHandshakeOnALine) {
    test::RowBuilder rows = handshake("1.2");
    rows.number("tls.established", 0);
    const std::string text = shown_rows("text", tls_batch(rows));
    EXPECT_TRUE(line(text, 0).ends_with("192.168.1.10 -> 192.168.1.80 TLS, after 1.500 ms, not established"))
        << text;
    test::RowBuilder established = handshake("1.2");
    established.number("tls.established", 1);
    EXPECT_FALSE(shown_rows("text", tls_batch(established)).contains("established"));
}

TEST(TlsFormats, JsonHasFlagsAndTimes) {
    test::RowBuilder rows = handshake("1.2");
    rows.number("tls.established", 1)
        .number("tls.resumed", 0)
        .number("tls.server.not_before", kNotBefore)
        .text("tls.server.x509.serial_number", "1A");
    const boost::json::value row = parsed_json(shown_rows("json", tls_batch(rows)));
    EXPECT_EQ(row.at_pointer("/tls/established"), true);
    EXPECT_EQ(row.at_pointer("/tls/resumed"), false);
    EXPECT_EQ(row.at_pointer("/tls/server/not_before"), "2024-01-02T03:04:05.000000000Z");
    EXPECT_EQ(row.at_pointer("/tls/server/x509/serial_number"), "1A");
}

TEST(TlsFormats, CsvHasColumnsOfItsOwn) {
    const auto writer = make_csv_writer({.table = wire::TABLE_TLS});
    EXPECT_TRUE(writer->head().contains(",tls.client.server_name,")) << writer->head();
    EXPECT_TRUE(shown_rows("csv", tls_batch(handshake("1.2"))).contains(",www.example,"));
}

}  // namespace
}  // namespace packetsentry::ctl::render
