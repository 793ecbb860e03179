#include <gtest/gtest.h>

#include <algorithm>

#include "daemon/dissect/application/application_protocols.h"
#include "tests/unit/daemon/dissect/application_reading.h"

namespace packetsentry::dissect {
namespace {

using test::big_endian;
using test::Bytes;
using test::cut;
using test::hex;
using test::join;
using test::sized;
using test::text;

const std::string kQuery = "1234 0100 0001 0000 0000 0000";
const std::string kAnswer = "1234 8180 0001 0001 0000 0000";
const std::string kExample = "07 6578616D706C65 03 636F6D 00";  // example.com, at byte 12
const std::string kAsksA = kExample + "0001 0001";
const std::string kRecordA = "C00C 0001 0001 0000003C 0004 5DB8D822";

// Over TCP the length of a message comes first, RFC 1035 section 4.2.2.
Bytes size_before(const Bytes& message) {
    return sized(message, 2);
}

TEST(Dns, TellsQuestionsAndAnswers) {
    struct Case {
        std::string what, message, line;
    };
    const Case cases[] = {
        {"a query", kQuery + kAsksA, "DNS example.com A"},
        {"an answer", kAnswer + kAsksA + kRecordA, "DNS example.com A NOERROR 93.184.216.34"},
        {"an IPv6 answer",
         kAnswer + kExample + "001C 0001" + "C00C 001C 0001 0000003C 0010 20010DB8000000000000000000000001",
         "DNS example.com AAAA NOERROR 2001:db8::1"},
        {"two addresses", "1234 8180 0001 0002 0000 0000" + kAsksA + kRecordA + kRecordA,
         "DNS example.com A NOERROR 93.184.216.34,93.184.216.34"},
        {"no such name", "1234 8183 0001 0000 0000 0000" + kAsksA, "DNS example.com A NXDOMAIN"},
        {"a code without a name", "1234 818F 0001 0000 0000 0000" + kAsksA, "DNS example.com A RCODE15"},
        {"the root", kQuery + "00 0002 0001", "DNS . NS"},
        {"a type of the thousands", kQuery + kExample + "FF01 0001", "DNS example.com TYPE65281"},
        {"HTTPS", kQuery + kExample + "0041 0001", "DNS example.com HTTPS"},
        {"two questions", "1234 0100 0002 0000 0000 0000" + kAsksA + "C00C 001C 0001",
         "DNS example.com A example.com AAAA"},
        {"addresses of name servers are not the name's", "1234 8180 0001 0000 0000 0001" + kAsksA + kRecordA,
         "DNS example.com A NOERROR"},
        {"no section at all", "1234 8180 0000 0000 0000 0000", "DNS NOERROR"},
        {"an option record", "1234 0100 0001 0000 0000 0001" + kAsksA + "00 0029 1000 00000000 0000",
         "DNS example.com A"},
        {"an update that deletes",
         "1234 2800 0001 0000 0001 0000" + kExample + "0006 0001" + "C00C 0001 00FF 00000000 0000",
         "DNS example.com SOA UPDATE"},
        {"a notification", "1234 2400 0001 0000 0000 0000" + kExample + "0006 0001",
         "DNS example.com SOA NOTIFY"},
        {"its answer", "1234 A400 0001 0000 0000 0000" + kExample + "0006 0001",
         "DNS example.com SOA NOTIFY NOERROR"},
        {"a question about the server", "1234 1000 0000 0000 0000 0000", "DNS STATUS"},
        {"an operation that nobody knows", "1234 7800 0000 0000 0000 0000", "DNS OPCODE15"},
        {"a truncated answer", "1234 8380 0001 0000 0000 0000" + kAsksA,
         "DNS example.com A truncated NOERROR"},
        {"a truncated answer to an update", "1234 AA00 0001 0000 0000 0000" + kExample + "0006 0001",
         "DNS example.com SOA UPDATE,truncated NOERROR"},
        {"a question of another class", kQuery + kExample + "0010 0003", "DNS example.com TXT CH"},
        {"an answer of another class",
         kAnswer + kExample + "0010 0003" + "C00C 0010 0003 00000000 0006 05 392E31382E",
         "DNS example.com TXT CH NOERROR 9.18."},
        {"a class that nobody knows", kQuery + kExample + "0001 1234", "DNS example.com A CLASS4660"},
        {"a code of sixteen and more",
         "1234 8187 0001 0000 0000 0001" + kAsksA + "00 0029 04D0 01008000 0000",
         "DNS example.com A BADCOOKIE"},
        {"a code of sixteen", "1234 8180 0001 0000 0000 0001" + kAsksA + "00 0029 04D0 01000000 0000",
         "DNS example.com A BADVERS"},
        {"a code beyond those with a name",
         "1234 8181 0001 0000 0000 0001" + kAsksA + "00 0029 04D0 FF000000 0000",
         "DNS example.com A RCODE4081"},
        {"an option record behind another",
         "1234 8180 0001 0001 0000 0002" + kAsksA + kRecordA + kRecordA + "00 0029 04D0 01000000 0000",
         "DNS example.com A BADVERS 93.184.216.34"},
    };
    for (const Case& c : cases) EXPECT_EQ(Reading(dissect_dns, hex(c.message)).line(), c.line) << c.what;
}

TEST(Dns, FillsItsFields) {
    const Reading answer(dissect_dns, hex(kAnswer + kAsksA + kRecordA));
    EXPECT_EQ(answer.value("dns.id"), "4660");
    EXPECT_EQ(answer.value("dns.type"), "answer");
    EXPECT_EQ(answer.value("dns.response_code"), "NOERROR");
    EXPECT_EQ(answer.value("dns.resolved_ip"), "93.184.216.34");
    EXPECT_EQ(answer.out.protocol->name, "dns");
    const Reading query(dissect_dns, hex(kQuery + kAsksA));
    EXPECT_EQ(query.value("dns.type"), "query");
    EXPECT_EQ(query.value("dns.response_code"), "-");
    EXPECT_EQ(query.value("dns.op_code"), "QUERY");
    EXPECT_EQ(query.value("dns.question.class"), "IN");
    EXPECT_EQ(query.value("dns.header_flags"), "RD");
    EXPECT_EQ(query.value("packetsentry.dns.remarks"), "-");
    const Reading flags(dissect_dns,
                        hex("1234 87B0 0001 0000 0000 0001" + kAsksA + "00 0029 1000 00008000 0000"));
    EXPECT_EQ(flags.value("dns.header_flags"), "AA,TC,RD,RA,AD,CD,DO");
    const Reading update(dissect_dns, hex("1234 2800 0001 0000 0000 0000" + kAsksA));
    EXPECT_EQ(update.value("dns.op_code"), "UPDATE");
}

TEST(Dns, AddressesOfNameServersAreAFieldOfTheirOwn) {
    const Reading reply(dissect_dns, hex("1234 8180 0001 0000 0000 0001" + kAsksA + kRecordA));
    EXPECT_EQ(reply.value("dns.resolved_ip"), "-");
    EXPECT_EQ(reply.value("packetsentry.dns.additional_ip"), "93.184.216.34");
}

TEST(Dns, KeepsWhatAnswersSay) {
    struct Case {
        std::string what, record, data;
    };
    const Case cases[] = {
        {"CNAME", "C00C 0005 0001 00000000 0006 03 777777 C00C", "www.example.com"},
        {"NS", "C00C 0002 0001 00000000 0005 026E73 C00C", "ns.example.com"},
        {"MX", "C00C 000F 0001 00000000 0007 000A 026D78 C00C", "mx.example.com"},
        {"SRV", "C00C 0021 0001 00000000 000A 0000 0000 01BB 0173 C00C", "0 0 443 s.example.com"},
        {"TXT", "C00C 0010 0001 00000000 0005 04 61206221", "a b!"},
        {"TXT in pieces", "C00C 0010 0001 00000000 0008 01 61 00 04 62206321", "ab c!"},
        {"NSEC is not read", "C00C 002F 0001 00000000 0003 000000", "-"},
        {"A", kRecordA, "93.184.216.34"},
        {"AAAA", "C00C 001C 0001 00000000 0010 20010DB8000000000000000000000001", "2001:db8::1"},
    };
    for (const Case& c : cases) {
        const Reading got(dissect_dns, hex(kAnswer + kAsksA + c.record));
        EXPECT_EQ(got.value("dns.answers.data"), c.data) << c.what;
        EXPECT_FALSE(got.out.malformed) << c.what;
    }
}

TEST(Dns, CallsBrokenMessagesMalformedAndKeepsWhatCameBefore) {
    struct Case {
        std::string what, message, line;
    };
    const Case cases[] = {
        {"shorter than a header", "1234 01", "!DNS"},
        {"no question where one is said to be", kQuery, "!DNS"},
        {"a name that loops", kQuery + "C00C 0001 0001", "!DNS"},
        {"a question without its class", kQuery + kExample + "0001 00", "!DNS example.com"},
        {"thousands of records and none there", "1234 8180 0001 FFFF FFFF FFFF" + kAsksA,
         "!DNS example.com A NOERROR"},
        {"an address of three bytes", kAnswer + kAsksA + "C00C 0001 0001 00000000 0003 010203",
         "!DNS example.com A NOERROR"},
        {"data beyond the end", kAnswer + kAsksA + "C00C 0001 0001 00000000 0004 0102",
         "!DNS example.com A NOERROR"},
        {"a target longer than its data", kAnswer + kAsksA + "C00C 0005 0001 00000000 0001 03 777777 C00C",
         "!DNS example.com A NOERROR"},
        {"a text longer than its data", kAnswer + kAsksA + "C00C 0010 0001 00000000 0002 05 61 62626262",
         "!DNS example.com A NOERROR"},
        {"a loop in an owner's name", kAnswer + kAsksA + "C01D 0001 0001 00000000 0004 01020304",
         "!DNS example.com A NOERROR 1.2.3.4"},  // a name is missing, the data is not
    };
    for (const Case& c : cases) EXPECT_EQ(Reading(dissect_dns, hex(c.message)).line(), c.line) << c.what;
}

TEST(Dns, ACutMessageIsNotMalformed) {
    const Bytes whole = hex(kAnswer + kAsksA + kRecordA);
    for (std::size_t size = 1; size < whole.size(); ++size) {
        const Reading got(dissect_dns, cut(whole, size), true);
        EXPECT_TRUE(got.taken) << size;
        EXPECT_FALSE(got.out.malformed) << size;
        EXPECT_TRUE(got.value("dns.question.name") == "-" || got.value("dns.question.name") == "example.com")
            << size;
    }
}

std::size_t values_of(const Reading& got, std::string_view path) {
    return static_cast<std::size_t>(
        std::ranges::count(got.out.fields(), path, [](const Field& field) { return field.info->path; }));
}

// Value i of each of the columns is about answer i.
TEST(Dns, AnswersAreColumnsOfOneLength) {
    const Reading got(dissect_dns, hex("1234 8180 0001 0003 0000 0000" + kAsksA +
                                       "C00C 0005 0001 0000012C 0006 03 777777 C00C" +  // at byte 29
                                       "C029 0001 0001 0000003C 0004 5DB8D822" +
                                       "01 78 C00C 002F 00FF 00000000 0003 000000"));
    EXPECT_EQ(got.value("dns.answers.name"), "example.com,www.example.com,x.example.com");
    EXPECT_EQ(got.value("dns.answers.type"), "CNAME,A,NSEC");
    EXPECT_EQ(got.value("dns.answers.class"), "IN,IN,ANY");
    EXPECT_EQ(got.value("dns.answers.ttl"), "300,60,0");
    EXPECT_EQ(got.value("dns.answers.data"), "www.example.com,93.184.216.34,");
    EXPECT_EQ(got.value("dns.resolved_ip"), "93.184.216.34");
    EXPECT_FALSE(got.out.malformed);
    EXPECT_FALSE(got.out.incomplete);
}

TEST(Dns, RecordsOfTheOtherSectionsAreColumnsToo) {
    const Reading got(dissect_dns,
                      hex("1234 8180 0001 0000 0001 0003" + kAsksA +
                          "C00C 0002 0001 00000E10 0005 02 6E73 C00C" +  // at byte 29
                          "C029 0001 0001 0000003C 0004 5DB8D822" + "00 0029 04D0 00008000 0000" +
                          "C029 001C 0001 0000003C 0010 20010DB8000000000000000000000053"));
    EXPECT_EQ(got.line(), "DNS example.com A NOERROR");
    EXPECT_EQ(got.value("packetsentry.dns.authorities.name"), "example.com");
    EXPECT_EQ(got.value("packetsentry.dns.authorities.type"), "NS");
    EXPECT_EQ(got.value("packetsentry.dns.authorities.class"), "IN");
    EXPECT_EQ(got.value("packetsentry.dns.authorities.ttl"), "3600");
    EXPECT_EQ(got.value("packetsentry.dns.authorities.data"), "ns.example.com");
    EXPECT_EQ(got.value("packetsentry.dns.additionals.name"), "ns.example.com,ns.example.com");
    EXPECT_EQ(got.value("packetsentry.dns.additionals.type"), "A,AAAA") << "the option record is none";
    EXPECT_EQ(got.value("packetsentry.dns.additionals.class"), "IN,IN");
    EXPECT_EQ(got.value("packetsentry.dns.additionals.ttl"), "60,60");
    EXPECT_EQ(got.value("packetsentry.dns.additionals.data"), "93.184.216.34,2001:db8::53");
    EXPECT_EQ(got.value("packetsentry.dns.additional_ip"), "93.184.216.34,2001:db8::53");
    EXPECT_EQ(got.value("dns.answers.name"), "-");
    EXPECT_FALSE(got.out.malformed);
}

TEST(Dns, TellsTheFlagsAsANumber) {
    EXPECT_EQ(Reading(dissect_dns, hex(kAnswer + kAsksA + kRecordA)).value("packetsentry.dns.flags"),
              "33152");
    EXPECT_EQ(Reading(dissect_dns, hex(kQuery + kAsksA)).value("packetsentry.dns.flags"), "256");
}

TEST(Dns, ClassesThatHaveNoWordAreNumbers) {
    const Reading got(dissect_dns, hex(kAnswer + kAsksA + "C00C 0001 0009 00000000 0004 01020304"));
    EXPECT_EQ(got.value("dns.answers.class"), "CLASS9");
    EXPECT_EQ(got.value("dns.answers.data"), "-");
    EXPECT_EQ(got.value("dns.resolved_ip"), "-");
}

TEST(Dns, ReadsAThousandRecordsAndMarksThatThereAreMore) {
    const auto message_of = [](int records, const std::string& count) {
        std::string message = "1234 8180 0001 " + count + " 0000 0000" + kAsksA;
        for (int i = 0; i < records; ++i) message += kRecordA;
        return hex(message);
    };
    const Reading all(dissect_dns, message_of(1023, "03FF"));
    EXPECT_FALSE(all.out.malformed);
    EXPECT_FALSE(all.out.incomplete);
    EXPECT_EQ(values_of(all, "dns.resolved_ip"), 1023U);
    EXPECT_EQ(values_of(all, "dns.answers.data"), 1023U);
    const Reading some(dissect_dns, message_of(1024, "0400"));
    EXPECT_FALSE(some.out.malformed);
    EXPECT_TRUE(some.out.incomplete);
    EXPECT_EQ(values_of(some, "dns.resolved_ip"), 1023U);
}

// Each name is a label and a pointer to the name before, so the last of them has as many as there are
// records.
TEST(Dns, ChainsOfNamesEnd) {
    const auto message_of = [](std::size_t records) {
        Bytes message = join({hex("1234 8180 0000"), big_endian(records, 2), hex("0000 0000")});
        for (std::size_t i = 0, before = 0; i < records; ++i) {
            const std::size_t here = message.size();
            const Bytes end = before == 0 ? hex("00") : big_endian(0xC000 | before, 2);
            message = join({message, hex("01 61"), end, hex("0001 0001 00000000 0004 01020304")});
            before = here;
        }
        return message;
    };
    const Reading some(dissect_dns, message_of(20));
    EXPECT_FALSE(some.out.incomplete);
    EXPECT_EQ(values_of(some, "dns.answers.name"), 20U);
    const Reading many(dissect_dns, message_of(500));
    EXPECT_TRUE(many.out.incomplete);
    EXPECT_FALSE(many.out.malformed);
    EXPECT_LT(values_of(many, "dns.answers.name"), 40U);
}

TEST(Dns, TextOfManyAnswersIsWholeOrAbsent) {
    std::string name;  // 200 bytes of dots, each escaped
    for (int i = 0; i < 4; ++i) {
        name += "32";
        for (int j = 0; j < 50; ++j) name += "2E";
    }
    std::string message = "1234 8180 0001 0100 0000 0000" + name + "00 0001 0001";
    for (int i = 0; i < 256; ++i) message += "C00C 0005 0001 00000000 0004 01 61 C00C";
    const Reading got(dissect_dns, hex(message));
    EXPECT_FALSE(got.out.malformed);
    EXPECT_TRUE(got.out.incomplete);
    std::size_t count = 0;
    for (const Field& field : got.out.fields()) {
        if (field.info->path != "dns.answers.data") continue;
        ++count;
        EXPECT_EQ(field.text.size(), 2 + 4 * 100 + 3U);
    }
    EXPECT_GE(count, 150U);
    EXPECT_LT(count, 256U);
}

TEST(Mdns, NamesWhatIsAskedOrAnnounced) {
    EXPECT_EQ(Reading(dissect_mdns, hex("0000 0000 0001 0000 0000 0000" + kExample + "000C 8001")).line(),
              "mDNS example.com PTR");
    EXPECT_EQ(Reading(dissect_mdns,
                      hex("0000 8400 0000 0001 0000 0000" + kExample + "0001 8001 00000078 0004 C0A80102"))
                  .line(),
              "mDNS example.com 192.168.1.2");
    EXPECT_EQ(
        Reading(dissect_mdns, hex("0000 8400 0000 0001 0000 0001" + kExample +
                                  "000C 8001 00000078 0002 C00C" + "C00C 0001 8001 00000078 0004 C0A80102"))
            .line(),
        "mDNS example.com 192.168.1.2");
}

TEST(Llmnr, IsDnsByAnotherWord) {
    EXPECT_EQ(Reading(dissect_llmnr, hex("4620 0000 0001 0000 0000 0000 02 6162 00 0001 0001")).line(),
              "LLMNR ab A");
}

TEST(DnsOverTcp, ReadsAllMessagesOfASegment) {
    const Bytes message = hex(kAnswer + kAsksA + kRecordA);
    EXPECT_EQ(Reading(dissect_dns_over_tcp, size_before(message)).line(),
              "DNS example.com A NOERROR 93.184.216.34");
    EXPECT_EQ(Reading(dissect_dns_over_tcp, join({size_before(message), size_before(message)})).line(),
              "DNS example.com A NOERROR 93.184.216.34,93.184.216.34 example.com A NOERROR");
    const Bytes v6 = hex("1235 0100 0001 0000 0000 0000" + kExample + "001C 0001");
    EXPECT_EQ(Reading(dissect_dns_over_tcp, join({size_before(message), size_before(v6), hex("00")})).line(),
              "DNS example.com A NOERROR 93.184.216.34 example.com AAAA")
        << "the third message is in the next segment";
    const Bytes notify = hex("1236 A605 0000 0000 0000 0000");
    const Bytes chaos = hex(kQuery + kExample + "0010 0003");
    EXPECT_EQ(Reading(dissect_dns_over_tcp, join({size_before(v6), size_before(notify), size_before(chaos)}))
                  .line(),
              "DNS example.com AAAA NOTIFY truncated REFUSED,example.com TXT CH");
    EXPECT_EQ(Reading(dissect_dns_over_tcp, cut(size_before(message), 35)).line(),
              "DNS example.com A NOERROR")
        << "the rest is in the next segment";
}

TEST(DnsOverTcp, TakesAHeaderAlone) {
    struct Case {
        std::string what, payload, line;
    };
    const Case cases[] = {
        {"an answer that repeats no question", "000C 1234 8005 0000 0000 0000 0000", "DNS REFUSED"},
        {"a stateful operation", "0010 1234 3000 0000 0000 0000 0000 00010000", "DNS DSO"},
        {"a question of nothing", "000C 1234 0100 0000 0000 0000 0000", "-"},
        {"an answer that is longer", "000D 1234 8005 0000 0000 0000 0000 00", "-"},
        {"an answer that is shorter", "000B 1234 8005 0000 0000 0000 0000", "-"},
    };
    for (const Case& c : cases)
        EXPECT_EQ(Reading(dissect_dns_over_tcp, hex(c.payload)).line(), c.line) << c.what;
}

TEST(DnsOverTcp, ThousandsOfMessagesAreBounded) {
    const Bytes message = size_before(hex("1234 8005 0000 0000 0000 0000"));
    Bytes payload;
    for (int i = 0; i < 4000; ++i) payload.insert(payload.end(), message.begin(), message.end());
    const Reading got(dissect_dns_over_tcp, payload);
    EXPECT_LT(got.out.fields().size(), 100U);
    EXPECT_TRUE(got.out.incomplete);
}

TEST(DnsByShape, IsAWholeMessage) {
    const Bytes answer = hex(kAnswer + kAsksA + kRecordA);
    EXPECT_EQ(Reading(dissect_dns_by_shape, answer).line(), "DNS example.com A NOERROR 93.184.216.34");
    EXPECT_EQ(Reading(dissect_dns_by_shape, cut(answer, 40), true).line(), "DNS example.com A NOERROR");
    struct Case {
        std::string what;
        Bytes payload;
    };
    const Case cases[] = {
        {"a part of one", cut(answer, 40)},
        {"one with something behind it", join({answer, hex("00")})},
        {"no question", hex("1234 8180 0000 0001 0000 0000" + kExample + "0001 0001 0000003C 0004 5DB8D822")},
        {"another class", hex(kQuery + kExample + "0001 0005")},
        {"a reserved bit", hex("1234 0140 0001 0000 0000 0000" + kAsksA)},
        {"an operation that nobody knows", hex("1234 3900 0001 0000 0000 0000" + kAsksA)},
        {"more records than there is room for", hex("1234 8180 0001 FFFF FFFF FFFF" + kAsksA)},
        {"zeros", Bytes(64)},
    };
    for (const Case& c : cases) EXPECT_EQ(Reading(dissect_dns_by_shape, c.payload).line(), "-") << c.what;
}

TEST(DnsOverTcp, LeavesTheRestOfAMessageAlone) {
    struct Case {
        std::string what;
        Bytes payload;
    };
    const Case cases[] = {
        {"one byte", hex("00")},
        {"the length alone", hex("0020")},
        {"a length below a header", hex("0005 1234 0100 0001 0000 0000 0000 00 0001 0001")},
        {"text", text("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")},
        {"nothing asked or told", hex("0020 1234 0100 0000 0000 0000 0000 00 0001 0001")},
        {"more than the length can hold", hex("0020 1234 8180 0001 0005 0000 0000 00 0001 0001")},
        {"a name that cannot be", hex("0020 1234 0100 0001 0000 0000 0000 7F 0001 0001")},
        {"zeros", Bytes(64)},
    };
    for (const Case& c : cases) EXPECT_EQ(Reading(dissect_dns_over_tcp, c.payload).line(), "-") << c.what;
}

}  // namespace
}  // namespace packetsentry::dissect
