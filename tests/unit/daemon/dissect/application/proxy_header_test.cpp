#include "daemon/dissect/application/proxy_header.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/application_reading.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;
using test::cut;
using test::hex;
using test::join;
using test::sized;
using test::text;

const Bytes kSignature = hex("0D0A0D0A000D0A515549540A");
const Bytes kIpv4Ends = hex("CB007105 C6336401 0FA0 0050");
const Bytes kRequest = text("GET /x HTTP/1.1\r\n\r\n");
const std::string kLine = "PROXY TCP4 203.0.113.5 198.51.100.1 4000 80\r\n";

// As a segment from port 4000 to a port.
template <std::uint16_t port>
bool dissect_segment(Cursor payload, Dissection& out) {
    dissect_application(Carrier::tcp, 4000, port, payload, out);
    return out.protocol != nullptr;
}

// command and family, length, then the bytes.
Bytes binary(const std::string& command_and_family, const Bytes& addresses) {
    return join({kSignature, hex(command_and_family), sized(addresses, 2)});
}

TEST(ProxyHeader, StandsBeforeWhatThePacketIsAbout) {
    struct Case {
        std::string what;
        Bytes payload;
        std::string line, source;
    };
    const Case cases[] = {
        {"a line before HTTP", join({text(kLine), kRequest}), "HTTP GET /x", "203.0.113.5"},
        {"a line before TLS", join({text(kLine), hex("15 0303 0002 0100")}), "TLS Alert", "203.0.113.5"},
        {"IPv6", join({text("PROXY TCP6 2001:db8::5 2001:db8::1 4000 80\r\n"), kRequest}), "HTTP GET /x",
         "2001:db8::5"},
        {"nobody known", join({text("PROXY UNKNOWN\r\n"), kRequest}), "HTTP GET /x", "-"},
        {"nobody known, with words", join({text("PROXY UNKNOWN a b c d\r\n"), kRequest}), "HTTP GET /x", "-"},
        {"bytes before HTTP", join({binary("2111", kIpv4Ends), kRequest}), "HTTP GET /x", "203.0.113.5"},
        {"bytes and further values", join({binary("2111", join({kIpv4Ends, hex("04 0001 00")})), kRequest}),
         "HTTP GET /x", "203.0.113.5"},
        {"bytes, IPv6",
         join({binary("2121", join({hex("20010DB8000000000000000000000005 20010DB8000000000000000000000001"),
                                    hex("0FA0 0050")})),
               kRequest}),
         "HTTP GET /x", "2001:db8::5"},
        {"bytes, a local socket", join({binary("2131", Bytes(216)), kRequest}), "HTTP GET /x", "-"},
        {"bytes of the proxy's own", join({binary("2000", {}), kRequest}), "HTTP GET /x", "-"},
        {"nothing behind", text(kLine), "PROXY 203.0.113.5 4000 198.51.100.1 80", "203.0.113.5"},
        {"something else behind", join({text(kLine), text("220 mail\r\n")}),
         "PROXY 203.0.113.5 4000 198.51.100.1 80", "203.0.113.5"},
        {"bytes that the segment ends in", cut(binary("2111", kIpv4Ends), 20), "PROXY", "-"},
        {"bytes too few for their family", binary("2111", hex("CB007105")), "!PROXY", "-"},
    };
    for (const Case& c : cases) {
        const Reading got(dissect_segment<80>, c.payload);
        EXPECT_EQ(got.line(), c.line) << c.what;
        EXPECT_EQ(got.value("packetsentry.proxy.source.ip"), c.source) << c.what;
    }
    const Reading got(dissect_segment<80>, join({binary("2111", kIpv4Ends), kRequest}));
    EXPECT_EQ(got.value("packetsentry.proxy.version"), "2");
    EXPECT_EQ(got.value("packetsentry.proxy.source.port"), "4000");
    EXPECT_EQ(got.value("packetsentry.proxy.destination.ip"), "198.51.100.1");
    EXPECT_EQ(got.value("packetsentry.proxy.destination.port"), "80");
}

TEST(ProxyHeader, WhatIsInsideIsFoundByItsPortToo) {
    const Bytes message = hex("0011 1234 0100 0001 0000 0000 0000 00 0002 0001");
    EXPECT_EQ(Reading(dissect_segment<53>, join({text(kLine), message})).line(), "DNS . NS");
}

TEST(ProxyHeader, LeavesOtherThingsAlone) {
    struct Case {
        std::string what;
        Bytes payload;
    };
    const Case cases[] = {
        {"a word alone", text("PROXY ")},
        {"a line without its end", text("PROXY TCP4 203.0.113.5 198.51.100.1 4000 80")},
        {"a line that is too long", text("PROXY UNKNOWN " + std::string(100, 'x') + "\r\n")},
        {"another family", text("PROXY TCP5 203.0.113.5 198.51.100.1 4000 80\r\n")},
        {"addresses of the other family", text("PROXY TCP6 203.0.113.5 198.51.100.1 4000 80\r\n")},
        {"no address", text("PROXY TCP4 203.0.113.555 198.51.100.1 4000 80\r\n")},
        {"no port", text("PROXY TCP4 203.0.113.5 198.51.100.1 4000 65536\r\n")},
        {"a word too few", text("PROXY TCP4 203.0.113.5 198.51.100.1 4000\r\n")},
        {"a word too many", text("PROXY TCP4 203.0.113.5 198.51.100.1 4000 80 1\r\n")},
        {"two blanks", text("PROXY  TCP4 203.0.113.5 198.51.100.1 4000 80\r\n")},
        {"the signature alone", kSignature},
        {"another version", binary("3111", kIpv4Ends)},
        {"another command", binary("2211", kIpv4Ends)},
        {"another family in bytes", binary("2141", kIpv4Ends)},
        {"another transport", binary("2113", kIpv4Ends)},
    };
    for (const Case& c : cases) {
        Dissection out;
        out.reset();
        Cursor payload(c.payload);
        EXPECT_FALSE(read_proxy_header(payload, out)) << c.what;
        EXPECT_TRUE(payload.position() == 0 && out.fields().empty() && out.protocol == nullptr) << c.what;
    }
}

}  // namespace
}  // namespace packetsentry::dissect
