#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/support/row_builder.h"
#include "tests/unit/ctl/render/shown_rows.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::int64_t kRequestNs = 1'747'297'805'500'000'000;

// A request that was answered after 1.5 ms.
test::RowBuilder request(std::string_view method, std::string_view target) {
    test::RowBuilder rows;
    rows.row({.source = "192.168.1.10",
              .destination = "192.168.1.80",
              .source_port = 43200,
              .destination_port = 80,
              .ip_protocol = 6,
              .word = "HTTP",
              .name = "http",
              .time_ns = kRequestNs,
              .layers = ""})
        .number("packetsentry.http.depth", 2)
        .text("http.request.method", method)
        .text("url.domain", "www.example")
        .text("url.original", target)
        .text("http.version", "1.1")
        .text("packetsentry.transaction.outcome", "answered");
    return rows;
}

wire::Batch batch_of(const test::RowBuilder& rows) {
    wire::Batch batch = rows.batch();
    batch.set_table(wire::TABLE_HTTP);
    batch.clear_wire_bytes();
    batch.clear_cut_bytes();
    batch.clear_first_place();
    batch.add_duration_ns(1'500'000);
    return batch;
}

std::map<std::string, std::string> columns_of(const test::RowBuilder& rows) {
    return zeek_columns_of(batch_of(rows));
}

TEST(ZeekHttpLog, HasTheHead) {
    const std::string head(find_format("zeek")->make({.table = wire::TABLE_HTTP})->head());
    EXPECT_EQ(line(head, 4), "#path\thttp");
    EXPECT_EQ(line(head, 5),
              "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\ttrans_depth\tmethod\thost\t"
              "uri\treferrer\tversion\tuser_agent\torigin\trequest_body_len\tresponse_body_len\t"
              "status_code\tstatus_msg\tinfo_code\tinfo_msg\ttags\tusername\tpassword\tproxied\torig_fuids\t"
              "orig_filenames\torig_mime_types\tresp_fuids\tresp_filenames\tresp_mime_types");
    EXPECT_EQ(line(head, 6),
              "#types\ttime\tstring\taddr\tport\taddr\tport\tcount\tstring\tstring\tstring\tstring\t"
              "string\tstring\tstring\tcount\tcount\tcount\tstring\tcount\tstring\tset[enum]\tstring\t"
              "string\tset[string]\tvector[string]\tvector[string]\tvector[string]\tvector[string]\t"
              "vector[string]\tvector[string]");
}

TEST(ZeekHttpLog, WritesARequestWithItsResponse) {
    test::RowBuilder rows = request("GET", "/a%20b?c=%7E%zz%4");
    rows.number("http.response.status_code", 200)
        .text("packetsentry.http.reason", "OK")
        .number("packetsentry.http.response.content_length", 40)
        .number("packetsentry.http.interim.status_code", 100)
        .text("packetsentry.http.interim.reason", "Continue");
    auto columns = columns_of(rows);
    EXPECT_EQ(columns["ts"], "1747297805.498500");
    EXPECT_EQ(columns["id.resp_p"], "80");
    EXPECT_EQ(columns["trans_depth"], "2");
    EXPECT_EQ(columns["uri"], "/a b?c=~%zz%4");
    EXPECT_EQ(columns["request_body_len"], "0");
    EXPECT_EQ(columns["response_body_len"], "40");
    EXPECT_EQ(columns["status_code"] + columns["status_msg"], "200OK");
    EXPECT_EQ(columns["info_code"] + columns["info_msg"], "100Continue");
    EXPECT_EQ(columns["tags"], "(empty)");
    EXPECT_EQ(columns["username"], "-");
}

TEST(ZeekHttpLog, KnowsWhatHasNoBody) {
    EXPECT_EQ(columns_of(request("GET", "/"))["response_body_len"], "0") << "there is no response";
    test::RowBuilder unknown = request("GET", "/"), head = request("HEAD", "/"), none = request("GET", "/");
    unknown.number("http.response.status_code", 200);
    EXPECT_EQ(columns_of(unknown)["response_body_len"], "-");
    EXPECT_EQ(columns_of(unknown)["status_msg"], "<empty>");
    EXPECT_EQ(columns_of(unknown)["version"], "1.1");
    EXPECT_EQ(columns_of(request("GET", "/"))["version"], "-") << "it is that of the response";
    head.number("http.response.status_code", 200).number("packetsentry.http.response.content_length", 7);
    EXPECT_EQ(columns_of(head)["response_body_len"], "0");
    none.number("http.response.status_code", 304).number("packetsentry.http.response.content_length", 7);
    EXPECT_EQ(columns_of(none)["response_body_len"], "0");
}

TEST(ZeekHttpLog, TellsThatTheProtocolChanges) {
    test::RowBuilder rows = request("GET", "/chat");
    rows.number("http.response.status_code", 101).text("packetsentry.http.reason", "Switching Protocols");
    auto columns = columns_of(rows);
    EXPECT_EQ(columns["info_code"] + columns["info_msg"], "101Switching Protocols");
    EXPECT_EQ(columns_of(request("CONNECT", "www.example:443"))["host"], "-");
}

TEST(HttpFormats, CsvHasColumnsOfItsOwn) {
    const auto writer = make_csv_writer({.table = wire::TABLE_HTTP});
    EXPECT_TRUE(writer->head().contains(",http.request.method,url.domain,url.original,"));
    test::RowBuilder rows = request("GET", "/a,b");
    rows.number("http.response.status_code", 404).text("packetsentry.http.reason", "Not Found");
    const std::string first = line(shown_rows("csv", batch_of(rows)), 0);
    EXPECT_TRUE(
        first.starts_with("1,2025-05-15 08:30:05.498500000,answered,1500000,192.168.1.10,43200,"
                          "192.168.1.80,80,GET,www.example,\"/a,b\",404,Not Found,,,,2,,1:"))
        << first;
}

}  // namespace
}  // namespace packetsentry::ctl::render
