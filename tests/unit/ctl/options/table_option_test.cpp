#include "ctl/options/table_option.h"

#include <gtest/gtest.h>

#include "daemon/base/result.h"

namespace packetsentry::ctl {
namespace {

std::string refusal(std::string_view text, wire::Table table = wire::TABLE_FLOWS) {
    const auto filter = compile_row_filter(table, text);
    return filter ? "" : filter.error().message;
}

TEST(TableOption, IsANameOfATable) {
    EXPECT_EQ(parse_table("").value(), wire::TABLE_PACKETS);
    EXPECT_EQ(parse_table("packets").value(), wire::TABLE_PACKETS);
    EXPECT_EQ(parse_table("flows").value(), wire::TABLE_FLOWS);
    EXPECT_EQ(parse_table("dns").value(), wire::TABLE_DNS);
    EXPECT_EQ(parse_table("http").value(), wire::TABLE_HTTP);
    EXPECT_EQ(parse_table("tls").value(), wire::TABLE_TLS);
    const auto wrong = parse_table("flow");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, base::ErrorCode::usage);
    EXPECT_EQ(wrong.error().message,
              "there is no table 'flow'; --table takes packets, flows, dns, http, tls");
}

TEST(TableOption, FlowsAreAskedWhatTheyHave) {
    EXPECT_EQ(refusal("packetsentry.flow.state == SF and source.ip == 192.0.2.0/24"), "");
    EXPECT_EQ(refusal("ip.addr == 192.0.2.1 and tcp.port == 80"), "");
    EXPECT_EQ(refusal("dns"),
              "-Y: flows have no 'dns'; ask 'network.protocol == dns' or 'network.transport == dns'");
    EXPECT_EQ(refusal("dns.qry.name contains \"x\""),
              "-Y: flows have no 'dns.question.name' "
              "('packetsentryctl fields --table flows' lists what they have)");
    EXPECT_NE(refusal("source.packets >"), "");
    EXPECT_EQ(compile_row_filter(wire::TABLE_FLOWS, "").value(), std::nullopt);
}

TEST(TableOption, RequestsOfHttpAreAskedWhatTheyHave) {
    EXPECT_EQ(refusal("http.response.status_code >= 500 and http.host == www.example and tcp.port == 80",
                      wire::TABLE_HTTP),
              "");
    EXPECT_EQ(refusal("dns.id == 1", wire::TABLE_HTTP),
              "-Y: requests of HTTP have no 'dns.id' "
              "('packetsentryctl fields --table http' lists what they have)");
}

TEST(TableOption, QuestionsOfDnsAreAskedWhatTheyHave) {
    EXPECT_EQ(refusal("packetsentry.transaction.outcome == unanswered and event.duration > 1000000",
                      wire::TABLE_DNS),
              "");
    EXPECT_EQ(refusal("dns.qry.name contains \"x\" and ip.addr == 192.0.2.1", wire::TABLE_DNS), "");
    EXPECT_EQ(refusal("packetsentry.flow.state == SF", wire::TABLE_DNS),
              "-Y: questions of DNS have no 'packetsentry.flow.state' "
              "('packetsentryctl fields --table dns' lists what they have)");
}

TEST(TableOption, PacketsOfAWorkerAreAskedThere) {
    FilterOptions options;
    EXPECT_EQ(compile_own_filter(wire::TABLE_FLOWS, options).value(), std::nullopt);
    options.flow = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=";
    EXPECT_EQ(compile_own_filter(wire::TABLE_PACKETS, options).value(), std::nullopt);
    EXPECT_TRUE(compile_own_filter(wire::TABLE_FLOWS, options).value());
    options.flow.reset();
    options.display = "source.packets > 3";
    EXPECT_TRUE(compile_own_filter(wire::TABLE_FLOWS, options).value());
    EXPECT_TRUE(compile_row_filter(wire::TABLE_PACKETS, "dns").value());
}

}  // namespace
}  // namespace packetsentry::ctl
