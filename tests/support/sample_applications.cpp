#include "tests/support/sample_applications.h"

#include <string>

#include "tests/support/quic_packets.h"

namespace packetsentry::test {
namespace {

using Samples = std::vector<SampleApplication>;

const std::string kExample = "07 6578616D706C65 03 636F6D 00";  // example.com
const std::string kAsksA = kExample + "0001 0001";
const std::string kRecordA = "C00C 0001 0001 0000003C 0004 5DB8D822";

Bytes dns_answer() {
    return hex("1234 8180 0001 0003 0001 0002" + kAsksA + "C00C 0005 0001 0000003C 0006 03 777777 C00C" +
               "C029 0001 0001 0000003C 0004 5DB8D822" + "C00C 0010 0001 0000003C 0005 04 74657874" +
               "C00C 0002 0001 0000003C 0005 02 6E73 C00C" + "C05C 001C 0001 0000003C 0010" +
               "20010DB8000000000000000000000053" + "00 0029 1000 00000000 0000");
}

void add_dns(Samples& samples) {
    const Bytes query = hex("1234 0100 0001 0000 0000 0000" + kAsksA);
    samples.push_back({"dns query", "dns", false, 53, query, "DNS example.com A"});
    samples.push_back(
        {"dns answer", "dns", false, 53, dns_answer(), "DNS example.com A NOERROR 93.184.216.34"});
    samples.push_back({"dns over tcp", "dns", true, 53, join({hex("001D"), query}), "DNS example.com A"});
    samples.push_back({"dns over tcp, three messages", "dns", true, 53,
                       join({hex("001D"), query, hex("000C 1235 8005 0000 0000 0000 0000 001D"), query}),
                       "DNS example.com A REFUSED,example.com A"});
    samples.push_back(
        {"dns update", "dns", false, 53,
         hex("1234 2800 0001 0000 0001 0000" + kExample + "0006 0001" + "C00C 0001 00FF 00000000 0000"),
         "DNS example.com SOA UPDATE"});
    samples.push_back({"dns of another class", "dns", false, 53,
                       hex("1234 8180 0001 0001 0000 0001" + kExample + "0010 0003" +
                           "C00C 0010 0003 00000000 0006 02 392E 02 3138" + "00 0029 04D0 00008000 0000"),
                       "DNS example.com TXT CH NOERROR 9.18"});
    samples.push_back(
        {"dns answer with a service", "dns", false, 53,
         hex("1234 8180 0001 0001 0001 0001" + kExample + "0041 0001" +
             "C00C 0041 0001 0000003C 0019 0001 00 0001 0006 02 6833 02 6832 0004 0008 5DB8D822" +
             "5DB8D823" + "C00C 0006 0001 0000003C 0018 C00C C00C 00000001 00000002 00000003" +
             "00000004 00000005" + "00 0029 04D0 00008000 000B 0008 0007 0001 18 00 C00002"),
         "DNS example.com HTTPS NOERROR"});
    samples.push_back({"dns beside quic", "dns", false, 443, query, "DNS example.com A"});
    samples.push_back({"mdns announcement", "dns", false, 5353,
                       hex("0000 8400 0000 0001 0000 0001" + kExample + "000C 8001 00000078 0002 C00C" +
                           "C00C 0001 8001 00000078 0004 C0A80102"),
                       "mDNS example.com 192.168.1.2"});
    samples.push_back({"llmnr", "dns", false, 5355, hex("4620 0000 0001 0000 0000 0000 02 6162 00 00FF 0001"),
                       "LLMNR ab ANY"});
}

void add_text_protocols(Samples& samples) {
    samples.push_back({"http request", "http", true, 80,
                       text("GET /a?b=c HTTP/1.1\r\nHost: example.com:80\r\nAccept: */*\r\n\r\n"),
                       "TCP 40000 -> 80 GET /a"});
    samples.push_back({"http response", "http", true, 8080,
                       text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), "TCP 40000 -> 8080 200"});
    samples.push_back({"http by a proxy", "http", true, 3128,
                       text("GET http://example.com/ HTTP/1.1\r\n\r\n"), "TCP 40000 -> 3128 GET /"});
    samples.push_back({"http with empty lines and blanks before", "http", true, 80,
                       text("\r\n\r\nPURGE  /a b  HTTP/1.1\r\n\r\n"), "TCP 40000 -> 80 PURGE /a b"});
    samples.push_back({"http/0.9", "http", true, 80, text("GET /a\r\n"), "TCP 40000 -> 80 GET /a"});
    samples.push_back({"http/2", "http", true, 80, text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                       "TCP 40000 -> 80 PRI * HTTP/2 preface"});
    samples.push_back({"http behind a proxy", "http", true, 80,
                       text("PROXY TCP4 203.0.113.5 203.0.113.6 4000 80\r\nGET /a HTTP/1.1\r\n\r\n"),
                       "TCP 40000 -> 80 GET /a"});
    samples.push_back({"http behind a proxy that writes bytes", "http", true, 80,
                       join({hex("0D0A0D0A000D0A515549540A 2111 000C CB007105 CB007106 0FA0 0050"),
                             text("GET /a HTTP/1.1\r\n\r\n")}),
                       "TCP 40000 -> 80 GET /a"});
    samples.push_back({"a proxy alone", "http", true, 25,
                       text("PROXY TCP6 2001:db8::5 2001:db8::6 4000 25\r\n"),
                       "TCP 40000 -> 25 2001:db8::5 4000 2001:db8::6 25"});
    samples.push_back({"http tunnel", "http", true, 3128, text("CONNECT example.com:443 HTTP/1.1\r\n\r\n"),
                       "TCP 40000 -> 3128 CONNECT example.com"});
    samples.push_back({"ssdp", "http", false, 1900,
                       text("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n"), "SSDP M-SEARCH"});
    samples.push_back(
        {"ssh", "http", true, 22, text("SSH-2.0-OpenSSH_9.2p1\r\n"), "TCP 40000 -> 22 OpenSSH_9.2p1"});
}

void add_tls(Samples& samples) {
    const std::string version_and_random = "0303" + std::string(64, '0');
    samples.push_back(
        {"tls client hello", "tls", true, 443,
         hex("16 0301 0050 01 00004C" + version_and_random + "00 0002 1301 01 00 0021" +
             "0000 0010 000E 00 000B 6578616D706C652E636F6D" + "002B 0005 04 0304 0303" + "0017 0000"),
         "TCP 40000 -> 443 Client Hello example.com 1.3,1.2"});
    samples.push_back({"tls server hello", "tls", true, 443,
                       hex("16 0303 0032 02 00002E" + version_and_random + "00 1301 00 0006 002B 0002 0304"),
                       "TCP 40000 -> 443 Server Hello 1.3"});
    samples.push_back(
        {"tls client hello behind a change", "tls", true, 443,
         hex("14 0303 0001 01 16 0301 002F 01 00002B" + version_and_random + "00 0002 1301 01 00 0000"),
         "TCP 40000 -> 443 Client Hello 1.2 Change Cipher Spec"});
    samples.push_back({"tls server hello of a draft", "tls", true, 443,
                       hex("16 0303 0028 02 000024 7F12" + std::string(64, '0') + "1301"),
                       "TCP 40000 -> 443 Server Hello 1.3 draft-18"});
    samples.push_back({"ssl 2 client hello", "tls", true, 443,
                       join({hex("801C 01 0002 0003 0000 0010 010080"), Bytes(16)}),
                       "TCP 40000 -> 443 Client Hello 2.0"});
    samples.push_back({"tls data", "tls", true, 443, join({hex("17 0303 0020"), Bytes(32)}),
                       "TCP 40000 -> 443 Application Data"});
    samples.push_back({"tls alert", "tls", true, 993, hex("15 0303 0002 0100"), "TCP 40000 -> 993 Alert"});
}

void add_others(Samples& samples) {
    samples.push_back({"quic initial", "quic", false, 443,
                       hex("C3 00000001 08 0102030405060708 00 00 4004 01020304"),
                       "UDP 40000 -> 443 Initial 1"});
    samples.push_back({"quic initial with a hello", "quic", false, 443, quic_initial_of_version_1(),
                       "UDP 40000 -> 443 Initial 1 example.com"});
    samples.push_back({"quic initial of version 2 with a hello", "quic", false, 443,
                       quic_initial_of_version_2(), "UDP 40000 -> 443 Initial 2 example.com"});
    samples.push_back({"quic negotiation", "quic", false, 443, hex("80 00000000 00 00 00000001"),
                       "UDP 40000 -> 443 Version Negotiation"});
    samples.push_back({"dhcp", "dhcp", false, 67,
                       join({hex("01 01 06 00 12345678 0000 0000 00000000 00000000"),
                             Bytes(4 + 4 + 16 + 64 + 128), hex("63825363 35 01 01 0C 03 6E6173 FF")}),
                       "DHCP Discover nas"});
    samples.push_back(
        {"dhcp request", "dhcp", false, 67,
         join({hex("01 01 06 00 12345678 0000 0000 00000000 00000000"), Bytes(4 + 4 + 16 + 64 + 128),
               hex("63825363 35 01 03 32 04 C0000232 33 04 00000E10 36 04 C0000201"
                   "3C 03 616263 51 09 05 00 00 03 6E6173 01 61 FF")}),
         "DHCP Request"});
    samples.push_back({"dhcpv6 request", "dhcp", false, 547,
                       hex("03 123456 0003 0028 00000001 00000000 00000000 0005 0018"
                           "20010DB8000000000000000000000032 00000E10 00001C20 0027 0006 01 03 6E6173 00"),
                       "DHCPv6 Request"});
    samples.push_back({"dhcpv6", "dhcp", false, 547, hex("01 123456 0001 0002 0000"), "DHCPv6 Solicit"});
    samples.push_back({"ntp", "dhcp", false, 123, join({hex("23 02"), Bytes(46)}), "NTP client"});
}

}  // namespace

const std::vector<SampleApplication>& sample_applications() {
    static const Samples all = [] {
        Samples samples;
        add_dns(samples);
        add_text_protocols(samples);
        add_tls(samples);
        add_others(samples);
        return samples;
    }();
    return all;
}

}  // namespace packetsentry::test
