#include <gtest/gtest.h>

#include "daemon/dissect/application/application_protocols.h"
#include "tests/unit/daemon/dissect/application_reading.h"

namespace packetsentry::dissect {
namespace {

using test::text;

Reading read_http(const std::string& payload) {
    return {dissect_http, text(payload)};
}

TEST(Http, TellsRequestsAndResponses) {
    struct Case {
        std::string payload, line, domain, query;
    };
    const Case cases[] = {
        {"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", "HTTP GET /", "example.com", "-"},
        {"GET /a/b?c=d&e HTTP/1.0\nhost:example.com:8080\n\n", "HTTP GET /a/b", "example.com", "c=d&e"},
        {"POST /x HTTP/1.1\r\nA: b\r\nHOST: \t[2001:db8::1]:80 \r\n\r\n", "HTTP POST /x", "[2001:db8::1]",
         "-"},
        {"GET http://u:p@proxied.example:81/p?q HTTP/1.1\r\nHost: proxy\r\n\r\n", "HTTP GET /p",
         "proxied.example", "q"},
        {"GET http://proxied.example HTTP/1.1\r\n\r\n", "HTTP GET /", "proxied.example", "-"},
        {"GET http://proxied.example?q HTTP/1.1\r\n\r\n", "HTTP GET /", "proxied.example", "q"},
        {"CONNECT example.com:443 HTTP/1.1\r\nHost: other\r\n\r\n", "HTTP CONNECT example.com", "example.com",
         "-"},
        {"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP OPTIONS *", "h", "-"},
        {"GET /odd\x1b[31m HTTP/1.1\r\n\r\n", "HTTP GET /odd\x1b[31m", "-", "-"},
        {"GET / HTTP/1.1\r\nHost:\r\n\r\n", "HTTP GET /", "-", "-"},
        {"GET / HTTP/1.1\r\nHost: a b\t/c\r\n\r\n", "HTTP GET /", "a b\t/c", "-"},
        {"GET / HTTP/1.1\r\nX-Host: no\r\n\r\nHost: body\r\n", "HTTP GET /", "-", "-"},
        {"GET  /x \t HTTP/1.1 \r\nHost: h\r\n\r\n", "HTTP GET /x", "h", "-"},
        {"GET\t/x\tHTTP/1.1\r\n\r\n", "HTTP GET /x", "-", "-"},
        {"GET /a b?c d HTTP/1.1\r\n\r\n", "HTTP GET /a b", "-", "c d"},
        {"\r\nGET /x HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP GET /x", "h", "-"},
        {"\r\n\n\r\nPOST /x HTTP/1.1\r\n\r\n", "HTTP POST /x", "-", "-"},
        {"CONNECT / HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP CONNECT /", "-", "-"},
        {"CONNECT http://h/ HTTP/1.1\r\n\r\n", "HTTP CONNECT http://h/", "-", "-"},
        {"CONNECT [2001:db8::1]:443 HTTP/1.1\r\n\r\n", "HTTP CONNECT [2001:db8::1]", "[2001:db8::1]", "-"},
        {"HTTP/1.1 200 OK\r\nServer: x\r\n\r\nHost: no\r\n", "HTTP 200", "-", "-"},
        {"HTTP/1.0 404\r\n\r\n", "HTTP 404", "-", "-"},
        {"HTTP/1.1 304 ", "HTTP 304", "-", "-"},
        {"HTTP/1.1  \t304\tNot Modified\r\n", "HTTP 304", "-", "-"},
        {"HTTP/1.1 304", "HTTP 304", "-", "-"},
    };
    for (const Case& c : cases) {
        const Reading got = read_http(c.payload);
        EXPECT_EQ(got.line(), c.line) << c.payload;
        EXPECT_EQ(got.value("url.domain"), c.domain) << c.payload;
        EXPECT_EQ(got.value("url.query"), c.query) << c.payload;
    }
    EXPECT_EQ(read_http("HTTP/1.1 200 OK\r\n").value("http.version"), "1.1");
    EXPECT_EQ(read_http("GET / HTTP/1.0\r\n").value("http.version"), "1.0");
    EXPECT_TRUE(read_http("GET / HTTP/1.0\r\n").out.protocol->shows_ports);
}

TEST(Http, TakesALineThatTheSegmentCuts) {
    const std::string whole = "GET /path HTTP/1.1\r\nHost: example.com\r\n";
    for (std::size_t size = 5; size < whole.size(); ++size) {
        const Reading got = read_http(whole.substr(0, size));
        EXPECT_TRUE(got.line().starts_with("HTTP GET /")) << size;
        EXPECT_EQ(got.value("url.domain"), "-") << "half a name is another name, " << size;
    }
    EXPECT_EQ(read_http("GET /a%20long").line(), "HTTP GET /a%20long");
    EXPECT_EQ(read_http("CONNECT exam").line(), "HTTP CONNECT exam");
    EXPECT_EQ(read_http("GET http://example.com/a").line(), "HTTP GET /a");
}

TEST(Http, LeavesOtherThingsAlone) {
    for (const std::string payload : {"G",
                                      "GET",
                                      "GET ",
                                      "GET x",
                                      "GET / HTTP/2.0\r\n",
                                      "GET / HTTP/1.12\r\n",
                                      "GET /\r\n",
                                      "GET / \x01",
                                      "get / HTTP/1.1\r\n",
                                      "GETS / HTTP/1.1\r\n",
                                      "GET HTTP/1.1\r\n",
                                      "\r\n",
                                      "\r\r\r",
                                      "\nGET /\r\n",
                                      "\rGET / HTTP/1.1\r\n",
                                      "PRI * HTTP/2.0",
                                      "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
                                      "PRI * HTTP/3.0\r\n\r\nSM\r\n\r\n",
                                      "OPTIONS rtsp://camera/ RTSP/1.0\r\n",
                                      "OPTIONS rtsp://cam",
                                      "HTTP/1.1 20",
                                      "HTTP/1.1 2OO OK",
                                      "HTTP/1.1200 OK",
                                      "HTTP/1.1 200OK",
                                      "HTTP/1.1 2000\r\n",
                                      "HTTP/1.1 000 \r\n",
                                      "HTTP/2 200 \r\n",
                                      "HTTP/1.1\r\n200 ",
                                      "GET /a b",
                                      "GET /\x7f"})
        EXPECT_EQ(read_http(payload).line(), "-") << payload;
}

// A method is a word of the table, whatever it asks for.
TEST(Http, KnowsTheMethodsOfManyServers) {
    for (const std::string method : {"GET",
                                     "HEAD",
                                     "POST",
                                     "PUT",
                                     "DELETE",
                                     "OPTIONS",
                                     "TRACE",
                                     "PATCH",
                                     "QUERY",
                                     "ACL",
                                     "SEARCH",
                                     "BASELINE-CONTROL",
                                     "MKCALENDAR",
                                     "MKREDIRECTREF",
                                     "UPDATEREDIRECTREF",
                                     "VERSION-CONTROL",
                                     "PROPFIND",
                                     "BPROPPATCH",
                                     "RPC_IN_DATA",
                                     "RPC_OUT_DATA",
                                     "BITS_POST",
                                     "M-SEARCH",
                                     "PURGE",
                                     "BAN",
                                     "TRACK"})
        EXPECT_EQ(read_http(method + " /x HTTP/1.1\r\n").line(), "HTTP " + method + " /x");
    for (const std::string method : {"GETX", "Get", "RPC-IN-DATA", "UPDATEREDIRECTREFS", "A"})
        EXPECT_EQ(read_http(method + " /x HTTP/1.1\r\n").line(), "-") << method;
}

// HTTP/0.9 has no version in its line, so that only the port tells it from a line of another protocol.
TEST(Http, NeedsNoVersionOnItsPort) {
    struct Case {
        std::string payload, line, version;
    };
    const Case cases[] = {
        {"GET /x\r\n", "HTTP GET /x", "0.9"},
        {"GET /x\n", "HTTP GET /x", "0.9"},
        {"\r\nGET  /x \r\n", "HTTP GET /x", "0.9"},
        {"HEAD /x\r\n", "HTTP HEAD /x", "-"},
        {"GET /x HTTP/1.0\r\n", "HTTP GET /x", "1.0"},
        {"GET /x", "HTTP GET /x", "-"},  // the version may come in the next segment
        {"GET x\r\n", "-", "-"},
        {"GET\r\n", "-", "-"},
        {"GET /a b\r\n", "-", "-"},
        {"GET / HTTP/2.0\r\n", "-", "-"},
        {"OPTIONS * RTSP/1.0\r\n", "-", "-"},
    };
    for (const Case& c : cases) {
        const Reading got(dissect_http_on_its_port, text(c.payload));
        EXPECT_EQ(got.line(), c.line) << c.payload;
        EXPECT_EQ(got.value("http.version"), c.version) << c.payload;
    }
    EXPECT_EQ(read_http("GET /x\r\n").line(), "-");
}

TEST(Http, NamesThePrefaceOfHttp2) {
    const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    const Reading got = read_http(preface + "frames");
    EXPECT_EQ(got.line(), "HTTP PRI * HTTP/2 preface");
    EXPECT_EQ(got.value("http.version"), "2");
    EXPECT_EQ(got.value("http.request.method"), "PRI");
    EXPECT_EQ(read_http(preface.substr(0, 16)).line(), "HTTP PRI * HTTP/2 preface");
}

TEST(Http, LooksAtTheFirst8KiBOfAHead) {
    const std::string far(9000, 'a');
    EXPECT_EQ(read_http("GET / HTTP/1.1\r\nA: " + far + "\r\nHost: h\r\n").value("url.domain"), "-");
    EXPECT_EQ(read_http("GET / HTTP/1.1\r\nHost: h\r\nA: " + far + "\r\n").value("url.domain"), "h");
    EXPECT_EQ(read_http("GET /" + far + " HTTP/1.1\r\n").value("url.path").size(), 8192U - 4);
    EXPECT_EQ(read_http(std::string(9000, '\n') + "GET / HTTP/1.1\r\n").line(), "-");
}

TEST(Http, MarksAHeadThatHasMoreThanWasLookedAt) {
    const std::string far(9000, 'a');
    EXPECT_TRUE(read_http("GET / HTTP/1.1\r\nA: " + far + "\r\nHost: h\r\n\r\n").out.incomplete);
    EXPECT_TRUE(read_http("GET /" + far + " HTTP/1.1\r\n\r\n").out.incomplete);
    EXPECT_FALSE(read_http("POST / HTTP/1.1\r\n\r\n" + far).out.incomplete);
    EXPECT_FALSE(read_http("POST / HTTP/1.1\r\nHost: h\r\n\r\n" + far).out.incomplete);
    EXPECT_TRUE(read_http("HTTP/1.1 200 OK\r\nA: " + far).out.incomplete);
    EXPECT_FALSE(read_http("HTTP/1.1 200 OK\r\nA: b\r\n\r\n" + far).out.incomplete);
    EXPECT_FALSE(read_http("GET / HTTP/1.1\r\nHost: h\r\n").out.incomplete) << "the segment ends before";
}

TEST(Ssdp, IsHttpInDatagrams) {
    EXPECT_EQ(Reading(dissect_ssdp, text("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n")).line(),
              "SSDP M-SEARCH");
    EXPECT_EQ(Reading(dissect_ssdp, text("\r\nNOTIFY\t* HTTP/1.1\r\n")).line(), "SSDP NOTIFY");
    EXPECT_EQ(Reading(dissect_ssdp, text("HTTP/1.1 200 OK\r\n\r\n")).line(), "SSDP response");
    EXPECT_EQ(Reading(dissect_ssdp, text("hello")).line(), "-");
}

TEST(Ssdp, TellsTheService) {
    const Reading search(
        dissect_ssdp, text("M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\nST: upnp:rootdevice\r\n\r\n"));
    EXPECT_EQ(search.value("packetsentry.ssdp.service"), "upnp:rootdevice");
    EXPECT_EQ(search.value("packetsentry.ssdp.usn"), "-");
    const Reading notify(dissect_ssdp,
                         text("NOTIFY * HTTP/1.1\r\nLocation: http://192.0.2.1/d.xml\r\nNT: urn:x:1\r\n"
                              "Server: a UPnP/1.1 b\r\nUSN: uuid:7::urn:x:1\r\n\r\n"));
    EXPECT_EQ(notify.value("packetsentry.ssdp.service"), "urn:x:1");
    EXPECT_EQ(notify.value("packetsentry.ssdp.usn"), "uuid:7::urn:x:1");
    EXPECT_EQ(notify.value("packetsentry.http.location"), "http://192.0.2.1/d.xml");
    EXPECT_EQ(notify.value("packetsentry.http.server"), "a UPnP/1.1 b");
    const Reading half(dissect_ssdp, text("NOTIFY * HTTP/1.1\r\nNT: urn"));
    EXPECT_EQ(half.value("packetsentry.ssdp.service"), "-");
}

}  // namespace
}  // namespace packetsentry::dissect
