#include "daemon/flows/dns_answers.h"

#include <gtest/gtest.h>

#include <string>

#include "daemon/dissect/dissect.h"
#include "tests/support/dns_answer.h"

namespace packetsentry::flows {
namespace {

using test::Bytes;
using test::DnsAnswer;
using test::hex;

const Bytes kFirstAddress = hex("C0000201"), kSecondAddress = hex("C0000202");
const Bytes kSixth = hex("20010DB8000000000000000000000007");

// The name that was asked for, and its addresses.
std::string answers_in(const Bytes& frame, std::size_t wire_bytes) {
    const auto dissection = std::make_unique<dissect::Dissection>();
    dissect::dissect(frame, wire_bytes, 1, *dissection);
    if (!DnsAnswers::may_be(*dissection)) return "no DNS";
    DnsAnswers answers(*dissection);
    std::string text(answers.name());
    while (const base::Address* const address = answers.next()) text += " " + base::to_string(*address);
    return text;
}

std::string answers_in(const DnsAnswer& answer) {
    const Bytes frame = answer.frame();
    return answers_in(frame, frame.size());
}

TEST(DnsAnswers, AreTheAddressesOfTheName) {
    EXPECT_EQ(answers_in(DnsAnswer("a.example")
                             .record("a.example", test::kDnsA, kFirstAddress)
                             .record("A.Example", test::kDnsA, kSecondAddress)),
              "a.example 192.0.2.1 192.0.2.2");
    EXPECT_EQ(answers_in(DnsAnswer("a.example", test::kDnsAaaa).record("a.example", test::kDnsAaaa, kSixth)),
              "a.example 2001:db8::7");
}

TEST(DnsAnswers, FollowTheNamesThatANameStandsFor) {
    EXPECT_EQ(answers_in(DnsAnswer("www.example")
                             .alias("www.example", "cdn.example")
                             .alias("cdn.example", "edge.example")
                             .record("edge.example", test::kDnsA, kFirstAddress)),
              "www.example 192.0.2.1");
}

TEST(DnsAnswers, LeaveOutTheAddressesOfOthers) {
    EXPECT_EQ(answers_in(DnsAnswer("a.example")
                             .record("other.example", test::kDnsA, kFirstAddress)
                             .alias("other.example", "a.example")
                             .record("a.example", test::kDnsA, kSecondAddress)),
              "a.example 192.0.2.2");
}

TEST(DnsAnswers, AreOfGoodAnswersAlone) {
    const auto answer = [] { return DnsAnswer("a.example").record("a.example", test::kDnsA, kFirstAddress); };
    EXPECT_EQ(answers_in(answer().code(3)), "") << "there is no such name";
    EXPECT_EQ(answers_in(answer().operation(5)), "") << "an update";
    EXPECT_EQ(answers_in(DnsAnswer("a.example").record("a.example", test::kDnsA, hex("C00002"))), "")
        << "malformed";
    Bytes query = answer().frame();
    query[42 + 2] = std::byte{0x01};  // the flags of a query, behind the headers of Ethernet, IP and UDP
    EXPECT_EQ(answers_in(query, query.size()), "");
    const Bytes whole = DnsAnswer("a.example")
                            .record("a.example", test::kDnsA, kFirstAddress)
                            .record("a.example", test::kDnsA, kSecondAddress)
                            .frame();
    EXPECT_EQ(answers_in(test::cut(whole, whole.size() - 2), whole.size()), "a.example 192.0.2.1")
        << "the rest was not captured";
}

// Two messages in one segment: the answers of the second are none to the question of the first.
TEST(DnsAnswers, DoNotMixMessages) {
    const Bytes first = DnsAnswer("a.example").record("a.example", test::kDnsA, kFirstAddress).message();
    const Bytes second = DnsAnswer("b.example").record("b.example", test::kDnsA, kSecondAddress).message();
    const Bytes frame = test::PacketBuilder()
                            .ethernet()
                            .ipv4("192.0.2.53", "192.0.2.1")
                            .tcp(53, 40000)
                            .payload(test::join({test::sized(first, 2), test::sized(second, 2)}))
                            .build();
    EXPECT_EQ(answers_in(frame, frame.size()), "a.example 192.0.2.1");
}

}  // namespace
}  // namespace packetsentry::flows
