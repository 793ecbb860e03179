// The formats that have something of their own for questions of DNS: Zeek's dns.log, and csv.
#include <gtest/gtest.h>

#include <map>

#include "tests/unit/ctl/render/dns_sample.h"
#include "tests/unit/ctl/render/shown_rows.h"

namespace packetsentry::ctl::render {
namespace {

using Cells = std::vector<std::string>;

constexpr std::uint64_t kQuestionFlags = 0x0100, kAnswerFlags = 0x8580;

std::map<std::string, std::string> zeek_columns(const test::RowBuilder& rows,
                                                std::uint64_t duration_ns = 1'234'567) {
    return zeek_columns_of(dns_batch(rows, duration_ns));
}

// A question that was answered so.
test::RowBuilder answered(std::string_view code, std::string_view type) {
    test::RowBuilder rows;
    dns_question(dns_message(rows, 7, kAnswerFlags, "answer", dns_ends()), "www.example.com", type)
        .text("dns.response_code", code)
        .text("packetsentry.transaction.outcome", "answered");
    return rows;
}

// What dns.log has for the data of a record.
std::string answer_text(std::string_view type, std::string_view data) {
    test::RowBuilder rows = answered("NOERROR", type);
    dns_answer(rows, "Owner.example", type, 60, data);
    return zeek_columns(rows)["answers"];
}

TEST(ZeekDnsLog, HasTheHeadAndTheColumns) {
    const std::string head(find_format("zeek")->make({.table = wire::TABLE_DNS})->head());
    EXPECT_EQ(line(head, 4), "#path\tdns");
    EXPECT_EQ(line(head, 5),
              "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\ttrans_id\trtt\tquery\t"
              "qclass\tqclass_name\tqtype\tqtype_name\trcode\trcode_name\tAA\tTC\tRD\tRA\tZ\tanswers\tTTLs\t"
              "rejected");
    EXPECT_EQ(line(head, 6),
              "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tcount\tinterval\tstring\tcount\tstring\t"
              "count\tstring\tcount\tstring\tbool\tbool\tbool\tbool\tcount\tvector[string]\t"
              "vector[interval]\tbool");
}

TEST(ZeekDnsLog, WritesAQuestionWithItsAnswer) {
    test::RowBuilder rows = answered("NOERROR", "A");
    dns_answer(rows, "www.example.com", "CNAME", 300, "Web.Example.com");
    dns_answer(rows, "web.example.com", "A", 60, "198.51.100.7");
    Cells first = cells(line(shown_rows("zeek", dns_batch(rows, 1'234'567)), 0));
    ASSERT_EQ(first.size(), 24U);
    EXPECT_EQ(first[1].size(), 18U);
    EXPECT_EQ(first[1][0], 'C');
    first[1] = "UID";
    EXPECT_EQ(first, (Cells{"1747297805.498765",
                            "UID",
                            "192.168.1.10",
                            "43200",
                            "192.168.1.1",
                            "53",
                            "udp",
                            "7",
                            "0.001234",
                            "www.example.com",
                            "1",
                            "C_INTERNET",
                            "1",
                            "A",
                            "0",
                            "NOERROR",
                            "T",
                            "F",
                            "T",
                            "T",
                            "0",
                            "web.example.com,198.51.100.7",
                            "300.000000,60.000000",
                            "F"}));
}

TEST(ZeekDnsLog, HasOnlyTheQuestionWhereNoAnswerCame) {
    test::RowBuilder rows;
    dns_question(dns_message(rows, 7, kQuestionFlags | 0x20, "query", dns_ends()), "WWW.Example.com", "ANY")
        .text("packetsentry.transaction.outcome", "unanswered");
    auto columns = zeek_columns(rows, 0);
    EXPECT_EQ(columns["query"], "www.example.com");
    EXPECT_EQ(columns["qtype"], "255");
    EXPECT_EQ(columns["qtype_name"], "*");
    for (const char* const absent : {"rtt", "rcode", "rcode_name", "answers", "TTLs"})
        EXPECT_EQ(columns[absent], "-") << absent;
    EXPECT_EQ(columns["RD"], "T");
    EXPECT_EQ(columns["RA"], "F");
    EXPECT_EQ(columns["Z"], "2");
    EXPECT_EQ(columns["rejected"], "F");
}

// Zeek tells of the question what it has seen of the question.
TEST(ZeekDnsLog, KnowsAnAnswerAloneByItsFirstRecord) {
    for (const char* const outcome : {"unasked", ""}) {  // DNS, and multicast DNS
        test::RowBuilder rows;
        dns_question(dns_message(rows, 7, kAnswerFlags, "answer", dns_ends()), "asked.example", "A")
            .text("dns.response_code", "NOERROR");
        if (*outcome != '\0') rows.text("packetsentry.transaction.outcome", outcome);
        dns_answer(rows, "Owner.example", "A", 60, "198.51.100.7");
        auto columns = zeek_columns(rows, 0);
        EXPECT_EQ(columns["query"], "owner.example");
        for (const char* const absent : {"rtt", "qclass", "qclass_name", "qtype", "qtype_name"})
            EXPECT_EQ(columns[absent], "-") << absent;
        EXPECT_EQ(columns["rcode_name"], "NOERROR");
        EXPECT_EQ(columns["AA"], "T");
        EXPECT_EQ(columns["RD"], "F");
    }
}

// A question of multicast DNS says which answers are known already.
TEST(ZeekDnsLog, TakesNoAnswerFromAQuestion) {
    test::RowBuilder rows;
    dns_question(dns_message(rows, 0, 0, "query", dns_ends()), "_ipp._tcp.local", "PTR");
    dns_answer(rows, "_ipp._tcp.local", "PTR", 4500, "printer._ipp._tcp.local");
    auto columns = zeek_columns(rows, 0);
    EXPECT_EQ(columns["answers"], "-");
    EXPECT_EQ(columns["TTLs"], "-");
}

TEST(ZeekDnsLog, TellsARefusalFromAnAnswerWithoutAnswers) {
    auto refused = zeek_columns(answered("REFUSED", "A"));
    EXPECT_EQ(refused["rcode"], "5");
    EXPECT_EQ(refused["rejected"], "T");
    for (const char* const column :
         {"packetsentry.dns.authorities.name", "packetsentry.dns.additionals.name"}) {
        test::RowBuilder rows = answered("NXDOMAIN", "A");
        rows.text(column, "example.com");
        auto columns = zeek_columns(rows);
        EXPECT_EQ(columns["rejected"], "F") << column;
        EXPECT_EQ(columns["rtt"], "-") << "of an answer that has answers";
        EXPECT_EQ(columns["RA"], "F");
        EXPECT_EQ(columns["RD"], "T");
    }
    test::RowBuilder options = answered("REFUSED", "A");
    options.number("packetsentry.dns.edns.version", 0);
    EXPECT_EQ(zeek_columns(options)["rejected"], "F");
}

TEST(ZeekDnsLog, NamesNumbersAsZeekDoes) {
    const auto type_name = [](std::string_view type) {
        return zeek_columns(answered("NOERROR", type))["qtype_name"];
    };
    EXPECT_EQ(type_name("HTTPS"), "HTTPS");
    EXPECT_EQ(type_name("TYPE65281"), "WINS");
    EXPECT_EQ(type_name("TYPE500"), "query-500");
    const auto code_name = [](std::string_view code) {
        return zeek_columns(answered(code, "A"))["rcode_name"];
    };
    EXPECT_EQ(code_name("NXRRSET"), "NXRRSet");
    EXPECT_EQ(code_name("DSOTYPENI"), "unassigned-11");
    EXPECT_EQ(code_name("RCODE99"), "rcode-99");
    for (const auto& [ours, theirs] :
         {std::pair{"CH", "C_CHAOS"}, {"HS", "C_HESIOD"}, {"CLASS7", "qclass-7"}}) {
        test::RowBuilder rows;
        dns_message(rows, 7, kQuestionFlags, "query", dns_ends())
            .text("dns.question.name", "version.bind")
            .text("dns.question.class", ours);
        EXPECT_EQ(zeek_columns(rows)["qclass_name"], theirs);
        EXPECT_EQ(zeek_columns(rows)["qtype"], "-") << "the message ended before it";
    }
}

TEST(ZeekDnsLog, PutsRecordsIntoZeeksWords) {
    EXPECT_EQ(answer_text("MX", "Mail.example"), "mail.example");
    EXPECT_EQ(answer_text("SRV", "0 5 5060 Sip.example"), "sip.example");
    EXPECT_EQ(answer_text("SOA", "NS.example Admin.example 1 2 3 4 5"), "ns.example");
    EXPECT_EQ(answer_text("TXT", "v=spf1 -ALL"), "TXT 11 v=spf1 -ALL");
    EXPECT_EQ(answer_text("TXT", ""), "TXT 0 ");
    EXPECT_EQ(answer_text("TXT", std::string(300, 'a')),
              "TXT 255 " + std::string(255, 'a') + " TXT 45 " + std::string(45, 'a'));
    EXPECT_EQ(answer_text("DS", "12345 13 2 abcdef"), "DS 13 2");
    EXPECT_EQ(answer_text("DNSKEY", "257 3 13 AAAA"), "DNSKEY 13");
    EXPECT_EQ(answer_text("SSHFP", "1 2 abcdef"), "SSHFP: abcdef");
    EXPECT_EQ(answer_text("NSEC3", ""), "NSEC3");
    EXPECT_EQ(answer_text("TYPE65534", ""), "BIND9 signing signal");
    EXPECT_EQ(answer_text("DNAME", "example.net"), "<unknown type=39>");
    EXPECT_EQ(answer_text("NAPTR", R"(10 20 "s" "SIP+D2U" "" _sip._udp.example)"),
              "NAPTR 10 20 s SIP+D2U _sip._udp.example");
    EXPECT_EQ(answer_text("NAPTR", R"(10 20 "u" "E2U" "!^.*$!a\\b!" .)"), R"(NAPTR 10 20 u E2U !^.*$!a\\b!)");
}

// To Zeek, an answer that has no other records is none.
TEST(ZeekDnsLog, PassesOverTheTypesThatZeekDoes) {
    test::RowBuilder rows = answered("NOERROR", "HTTPS");
    dns_answer(rows, "www.example.com", "HTTPS", 60, "1 . alpn=h2");
    auto columns = zeek_columns(rows);
    EXPECT_EQ(columns["answers"], "-");
    EXPECT_EQ(columns["TTLs"], "-");
    EXPECT_EQ(columns["rtt"], "-");
    EXPECT_EQ(columns["rejected"], "F");
}

TEST(ZeekDnsLog, EscapesWhatWouldBeReadAsSomethingElse) {
    EXPECT_EQ(answer_text("TXT", "a,b"), "TXT 3 a\\x2cb");
    EXPECT_EQ(answer_text("TXT", "\t\n\\\x1b[2J"), "TXT 7 \\x09\\x0a\\\\\\x1b[2J");
    EXPECT_EQ(answer_text("PTR", "-"), "\\x2d");
    EXPECT_EQ(answer_text("PTR", "."), "-") << "the root has no letters";
    const auto name = [](std::string_view typed) {
        test::RowBuilder rows;
        dns_question(dns_message(rows, 7, kQuestionFlags, "query", dns_ends()), typed, "NS");
        return zeek_columns(rows)["query"];
    };
    EXPECT_EQ(name("."), "(empty)");
    EXPECT_EQ(name("(empty)"), "\\x28empty)");
    EXPECT_EQ(name(R"(My\.Printer._ipp.local)"), "my.printer._ipp.local");
    EXPECT_EQ(name(R"(a\\b,c)"), R"(a\\b,c)") << "one backslash, and no list";
    EXPECT_EQ(name("caf\xC3\xA9.example\xFF"), "caf\xC3\xA9.example\\xff");
}

// The question was its first packet. Its identifier is computed, and the last column of csv.
TEST(ZeekDnsLog, CallsAConversationAsConnLogDoes) {
    const wire::Batch batch = dns_batch(answered("NOERROR", "A"), 1'234'567);
    const std::string csv = line(shown_rows("csv", batch), 0);
    const std::string community = csv.substr(csv.rfind(',') + 1);
    ASSERT_TRUE(community.starts_with("1:")) << csv;
    wire::Batch flow = batch;
    flow.set_table(wire::TABLE_FLOWS);
    flow.clear_column();
    wire::Column& id = *flow.add_column();
    id.set_field(rows::field("network.community_id").number);
    id.set_kind(wire::Column::TEXT);
    id.add_row(0);
    id.set_text(community);
    id.add_text_size(static_cast<std::uint32_t>(community.size()));
    EXPECT_EQ(cells(line(shown_rows("zeek", flow), 0))[1], cells(line(shown_rows("zeek", batch), 0))[1]);
}

TEST(DnsFormats, CsvHasColumnsOfItsOwn) {
    const auto writer = make_csv_writer({.table = wire::TABLE_DNS});
    EXPECT_TRUE(writer->head().contains(",dns.question.name,dns.question.type,dns.response_code,"));
    test::RowBuilder rows = answered("NOERROR", "A");
    dns_answer(rows, "www.example.com", "CNAME", 300, "web.example.com");
    dns_answer(rows, "web.example.com", "A", 60, "198.51.100.7").address("dns.resolved_ip", "198.51.100.7");
    const std::string first = line(shown_rows("csv", dns_batch(rows, 1'500'000)), 0);
    EXPECT_TRUE(
        first.starts_with("1,2025-05-15 08:30:05.498500000,answered,1500000,192.168.1.10,43200,"
                          "192.168.1.1,53,udp,DNS,7,www.example.com,A,NOERROR,198.51.100.7,"
                          "\"web.example.com,198.51.100.7\",,1:"))
        << first;
}

}  // namespace
}  // namespace packetsentry::ctl::render
