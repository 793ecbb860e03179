#include "proto/words/filter.h"

#include <gtest/gtest.h>

namespace packetsentry::proto {
namespace {

wire::Filter filter(const std::string& protocol, const std::string& address, std::uint32_t port,
                    const std::string& bpf) {
    wire::Filter message;
    if (!protocol.empty()) message.add_protocol(protocol);
    message.set_address(address);
    message.set_port(port);
    message.set_bpf(bpf);
    return message;
}

TEST(Filter, PartsBecomeOneExpression) {
    struct Case {
        wire::Filter filter;
        const char* text;
    };
    const std::vector<Case> cases = {
        {filter("", "", 0, ""), ""},
        {filter("http", "", 0, ""), "tcp port 80 or tcp port 443"},
        {filter("", "192.0.2.7", 0, ""), "host 192.0.2.7"},
        {filter("", "2001:DB8::7", 0, ""), "host 2001:db8::7"},
        {filter("", "192.0.2.7/24", 0, ""), "net 192.0.2.0/24"},
        {filter("", "2001:db8::7/33", 0, ""), "net 2001:db8::/33"},
        {filter("", "", 53, ""), "port 53"},
        {filter("", "", 0, "tcp[13] & 2 != 0"), "tcp[13] & 2 != 0"},
        {filter("dns", "10.0.0.1", 53, "greater 100"),
         "(udp port 53 or tcp port 53) and (host 10.0.0.1) and (port 53) and (greater 100)"},
    };
    for (const Case& c : cases) {
        const auto text = filter_text(c.filter);
        ASSERT_TRUE(text) << c.text << ": " << text.error().message;
        EXPECT_EQ(*text, c.text);
    }
}

TEST(Filter, SeveralWordsAreJoinedByOr) {
    struct Case {
        const char* first;
        std::vector<std::string> further;
        const char* text;
    };
    const std::vector<Case> cases = {
        {"ssh", {"icmp"}, "tcp port 22 or icmp"},
        {"", {"ssh", "icmp"}, "tcp port 22 or icmp"},
        {"dns", {"http", "arp"}, "udp port 53 or tcp port 53 or tcp port 80 or tcp port 443 or arp"},
        {"icmp", {"icmp", "arp", "arp"}, "icmp or arp"},
    };
    for (const Case& c : cases) {
        wire::Filter several = filter(c.first, "", 0, "");
        for (const std::string& word : c.further) several.add_protocol(word);
        EXPECT_EQ(filter_text(several).value_or("refused"), c.text);
    }
    wire::Filter with_address = filter("dns", "10.0.0.1", 0, "");
    with_address.add_protocol("icmp");
    EXPECT_EQ(filter_text(with_address).value_or("refused"),
              "(udp port 53 or tcp port 53 or icmp) and (host 10.0.0.1)");
}

TEST(Filter, FurtherWordsAreCheckedAndLimited) {
    wire::Filter unknown = filter("dns", "", 0, "");
    unknown.add_protocol("dnss");
    EXPECT_FALSE(filter_text(unknown));
    wire::Filter empty = filter("dns", "", 0, "");
    empty.add_protocol("");
    EXPECT_FALSE(filter_text(empty));
    wire::Filter many;
    for (std::size_t i = 0; i <= filter_words().size(); ++i) many.add_protocol("tls");
    EXPECT_FALSE(filter_text(many));
}

TEST(Filter, RefusalsSayWhatIsWrong) {
    struct Case {
        wire::Filter filter;
        const char* part;
    };
    const std::vector<Case> cases = {
        {filter("port 80", "", 0, ""), "for a BPF expression use --bpf"},
        {filter("dnss", "", 0, ""), "icmp6"},
        {filter("", "example.com", 0, ""), "not a numeric address"},
        {filter("", "10.0.0.0/33", 0, ""), "not a numeric address"},
        {filter("", "10.0.0.0/", 0, ""), "not a numeric address"},
        {filter("", "10.0.0.0/-1", 0, ""), "not a numeric address"},
        {filter("", "10.0.0.0/" + std::string(1000, '0') + "8", 0, ""), "not a numeric address"},
        {filter("", "", 65536, ""), "65536"},
        {filter("", "", 0, std::string(kFilterTextLimit + 1, ' ')), "at most"},
        {filter("", "", 0, "tcp\nudp"), "control character"},
    };
    for (const Case& c : cases) {
        const auto text = filter_text(c.filter);
        ASSERT_FALSE(text) << *text;
        EXPECT_EQ(text.error().code, base::ErrorCode::filter);
        EXPECT_NE(text.error().message.find(c.part), std::string::npos) << text.error().message;
    }
}

TEST(WholeFilterText, IsBothInBrackets) {
    EXPECT_EQ(whole_filter_text("", ""), "");
    EXPECT_EQ(whole_filter_text("net 10.0.0.0/8", ""), "net 10.0.0.0/8");
    EXPECT_EQ(whole_filter_text("", "udp"), "udp");
    EXPECT_EQ(whole_filter_text("net 10.0.0.0/8", "udp"), "(net 10.0.0.0/8) and (udp)");
}

}  // namespace
}  // namespace packetsentry::proto
