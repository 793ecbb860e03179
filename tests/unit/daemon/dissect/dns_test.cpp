#include <gtest/gtest.h>

#include "daemon/dissect/application_protocols.h"
#include "tests/unit/daemon/dissect/application_reading.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;
using test::cut;
using test::hex;
using test::join;
using test::text;

const std::string kQuery = "1234 0100 0001 0000 0000 0000";
const std::string kAnswer = "1234 8180 0001 0001 0000 0000";
const std::string kExample = "07 6578616D706C65 03 636F6D 00";  // example.com, at byte 12
const std::string kAsksA = kExample + "0001 0001";
const std::string kRecordA = "C00C 0001 0001 0000003C 0004 5DB8D822";

Bytes size_before(const Bytes& message) {
    return join(
        {Bytes{static_cast<std::byte>(message.size() >> 8), static_cast<std::byte>(message.size() & 0xFF)},
         message});
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
        {"two questions: the first", "1234 0100 0002 0000 0000 0000" + kAsksA + "C00C 001C 0001",
         "DNS example.com A"},
        {"addresses of name servers are not the name's", "1234 8180 0001 0000 0000 0001" + kAsksA + kRecordA,
         "DNS example.com A NOERROR"},
        {"no section at all", "1234 8180 0000 0000 0000 0000", "DNS NOERROR"},
        {"an option record", "1234 0100 0001 0000 0000 0001" + kAsksA + "00 0029 1000 00000000 0000",
         "DNS example.com A"},
        {"an update that deletes",
         "1234 2800 0001 0000 0001 0000" + kExample + "0006 0001" + "C00C 0001 00FF 00000000 0000",
         "DNS example.com SOA"},
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
}

TEST(Dns, KeepsWhatAnswersSay) {
    struct Case {
        std::string what, record, data;
    };
    const Case cases[] = {
        {"CNAME", "C00C 0005 0001 00000000 0006 03 777777 C00C", "www.example.com"},
        {"NS", "C00C 0002 0001 00000000 0005 026E73 C00C", "ns.example.com"},
        {"MX", "C00C 000F 0001 00000000 0007 000A 026D78 C00C", "mx.example.com"},
        {"SRV", "C00C 0021 0001 00000000 000A 0000 0000 01BB 0173 C00C", "s.example.com"},
        {"TXT", "C00C 0010 0001 00000000 0005 04 61206221", "a b!"},
        {"CAA is not read", "C00C 0101 0001 00000000 0003 000000", "-"},
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
         "DNS example.com A NOERROR 1.2.3.4"},  // not followed: nobody asked for it
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

TEST(Dns, StopsAtAHundredOrSoRecords) {
    std::string message = "1234 8180 0001 0400 0000 0000" + kAsksA;
    for (int i = 0; i < 1024; ++i) message += kRecordA;
    const Reading got(dissect_dns, hex(message));
    EXPECT_FALSE(got.out.malformed);
    EXPECT_EQ(got.out.fields().size(), Dissection::kFieldLimit);
}

TEST(Dns, TextOfManyAnswersIsWholeOrAbsent) {
    std::string name;  // 200 bytes of dots, each escaped
    for (int i = 0; i < 4; ++i) {
        name += "32";
        for (int j = 0; j < 50; ++j) name += "2E";
    }
    std::string message = "1234 8180 0001 0020 0000 0000" + name + "00 0001 0001";
    for (int i = 0; i < 32; ++i) message += "C00C 0005 0001 00000000 0004 01 61 C00C";
    const Reading got(dissect_dns, hex(message));
    EXPECT_FALSE(got.out.malformed);
    std::size_t count = 0;
    for (const Field& field : got.out.fields()) {
        if (field.name->path != "dns.answers.data") continue;
        ++count;
        EXPECT_EQ(field.text.size(), 2 + 4 * 100 + 3U);
    }
    EXPECT_GE(count, 4U);
    EXPECT_LT(count, 32U);
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

TEST(DnsOverTcp, ReadsTheFirstMessageOfASegment) {
    const Bytes message = hex(kAnswer + kAsksA + kRecordA);
    EXPECT_EQ(Reading(dissect_dns_over_tcp, size_before(message)).line(),
              "DNS example.com A NOERROR 93.184.216.34");
    EXPECT_EQ(Reading(dissect_dns_over_tcp, join({size_before(message), size_before(message)})).line(),
              "DNS example.com A NOERROR 93.184.216.34");
    EXPECT_EQ(Reading(dissect_dns_over_tcp, cut(size_before(message), 35)).line(),
              "DNS example.com A NOERROR")
        << "the rest is in the next segment";
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
