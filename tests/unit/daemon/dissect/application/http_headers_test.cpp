#include "daemon/dissect/application/http_headers.h"

#include <gtest/gtest.h>

#include "daemon/dissect/application/application_protocols.h"
#include "tests/unit/daemon/dissect/application_reading.h"

namespace packetsentry::dissect {
namespace {

using test::text;

Reading read(const std::string& payload) {
    return {dissect_http, text(payload)};
}

TEST(HttpHeaders, OfARequest) {
    const Reading got = read(
        "POST /form?a=b HTTP/1.1\r\n"
        "User-Agent: \tcurl/8.5.0 \r\n"
        "referer: https://example.com/before\r\n"
        "CONTENT-TYPE: text/plain; charset=utf-8\r\n"
        "Content-Length: 12\r\n"
        "Host: example.com\r\n"
        "\r\n"
        "Server: body\r\n");
    EXPECT_EQ(got.value("url.original"), "/form?a=b");
    EXPECT_EQ(got.value("url.domain"), "example.com");
    EXPECT_EQ(got.value("user_agent.original"), "curl/8.5.0");
    EXPECT_EQ(got.value("http.request.referrer"), "https://example.com/before");
    EXPECT_EQ(got.value("packetsentry.http.request.content_type"), "text/plain; charset=utf-8");
    EXPECT_EQ(got.value("packetsentry.http.request.content_length"), "12");
    EXPECT_EQ(got.value("packetsentry.http.response.content_type"), "-");
    EXPECT_EQ(got.value("packetsentry.http.response.content_length"), "-");
    EXPECT_EQ(got.value("packetsentry.http.server"), "-") << "the head ends before the body";
}

TEST(HttpHeaders, OfAResponse) {
    const Reading got = read(
        "HTTP/1.1 301  Moved Permanently \r\n"
        "Server: nginx/1.24\r\n"
        "Location: https://example.com/new\r\n"
        "Content-Type: text/html\r\n"
        "Content-Length: 18446744073709551615\r\n"
        "User-Agent: a client's header\r\n"
        "\r\n");
    EXPECT_EQ(got.line(), "HTTP 301");
    EXPECT_EQ(got.value("packetsentry.http.reason"), "Moved Permanently");
    EXPECT_EQ(got.value("packetsentry.http.server"), "nginx/1.24");
    EXPECT_EQ(got.value("packetsentry.http.location"), "https://example.com/new");
    EXPECT_EQ(got.value("packetsentry.http.response.content_type"), "text/html");
    EXPECT_EQ(got.value("packetsentry.http.response.content_length"), "18446744073709551615");
    EXPECT_EQ(got.value("packetsentry.http.request.content_type"), "-");
    EXPECT_EQ(got.value("user_agent.original"), "-");
    EXPECT_EQ(got.value("url.original"), "-");
}

TEST(HttpHeaders, TheFirstOfSeveralCounts) {
    const Reading got = read(
        "GET / HTTP/1.1\r\nUser-Agent:\r\nUser-Agent: one\r\nUser-Agent: two\r\nHost: a\r\nHost: b\r\n\r\n");
    EXPECT_EQ(got.value("user_agent.original"), "one");
    EXPECT_EQ(got.value("url.domain"), "a");
}

TEST(HttpHeaders, ALengthThatIsNoNumberIsNotTold) {
    for (const std::string length : {"", "-1", "12a", "0x10", "1 2", "18446744073709551616", "12, 12"})
        EXPECT_EQ(read("POST / HTTP/1.1\r\nContent-Length: " + length + "\r\n\r\n")
                      .value("packetsentry.http.request.content_length"),
                  "-")
            << length;
}

TEST(HttpHeaders, HalfALineSaysNothing) {
    const std::string request = "GET /a HTTP/1.1\r\nUser-Agent: curl/8.5.0\r\n";
    for (std::size_t size = 16; size < request.size(); ++size)
        EXPECT_EQ(read(request.substr(0, size)).value("user_agent.original"), "-") << size;
    EXPECT_EQ(read(request).value("user_agent.original"), "curl/8.5.0");
    const std::string response = "HTTP/1.1 404 Not Found\r\n";
    for (std::size_t size = 13; size + 1 < response.size(); ++size)
        EXPECT_EQ(read(response.substr(0, size)).value("packetsentry.http.reason"), "-") << size;
    EXPECT_EQ(read(response).value("packetsentry.http.reason"), "Not Found");
}

TEST(HttpHeaders, LinesThatAreNone) {
    const Reading got = read(
        "GET / HTTP/1.1\r\n:\r\nUser-Agent\r\n User-Agent: folded\r\nUser-Agent : blank before the colon\r\n"
        "X-User-Agent: x\r\nServer:\x1b[31m\r\n\r\n");
    EXPECT_EQ(got.value("user_agent.original"), "-");
    EXPECT_EQ(got.value("packetsentry.http.server"), "\x1b[31m") << "told as it is, and printed escaped";
}

TEST(HttpHeaders, FindsOneByAnyOfItsNames) {
    constexpr std::array<std::string_view, 2> kNames{"st", "nt"};
    EXPECT_EQ(find_http_header("A: b\r\nNT: upnp:rootdevice\r\nST: x\r\n\r\n", kNames), "upnp:rootdevice");
    EXPECT_EQ(find_http_header("ST:\r\nNT: x", kNames), "");
    EXPECT_EQ(find_http_header("\r\nST: x\r\n", kNames), "") << "behind the head";
}

}  // namespace
}  // namespace packetsentry::dissect
