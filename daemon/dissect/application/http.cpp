// HTTP/1 heads (RFC 9112), on any port by their shape: the first line, and the headers that have a field
// (http_headers.h). HTTP/0.9, which has no version in its line, is read on the ports of HTTP alone. Of HTTP/2
// the preface that a client begins with (RFC 9113 section 3.4) is read.
#include <algorithm>
#include <charconv>
#include <optional>

#include "daemon/dissect/application/application_protocols.h"
#include "daemon/dissect/application/http_headers.h"
#include "daemon/dissect/application/http_methods.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kMethod = field("http.request.method");
constexpr const FieldInfo& kStatus = field("http.response.status_code");
constexpr const FieldInfo& kHttpVersion = field("http.version");
constexpr const FieldInfo& kReason = field("packetsentry.http.reason");
constexpr const FieldInfo& kDomain = field("url.domain");
constexpr const FieldInfo& kOriginal = field("url.original");
constexpr const FieldInfo& kPath = field("url.path");
constexpr const FieldInfo& kQuery = field("url.query");
constexpr const FieldInfo& kMessage = field("packetsentry.http.message");

constexpr const FieldInfo* kHttpDetail[] = {&kMethod, &kPath, &kStatus};
constexpr Protocol kHttp{"HTTP", "http", true, kHttpDetail};
// CONNECT asks for a host, not for a path (RFC 9110 section 9.3.6).
constexpr const FieldInfo* kConnectDetail[] = {&kMethod, &kDomain};
constexpr Protocol kHttpConnect{"HTTP", "http", true, kConnectDetail};
constexpr const FieldInfo* kPrefaceDetail[] = {&kMethod, &kPath, &kMessage};
constexpr Protocol kHttp2{"HTTP", "http", true, kPrefaceDetail};

constexpr std::size_t kHeadLimit = 8192;  // bytes looked at

constexpr std::string_view kConnect = "CONNECT", kGet = "GET";
constexpr std::string_view kBlanks = " \t";

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::size_t kPrefaceFirstLine = 16;  // with its end

// Tells whether a request line must end in a version.
enum class Version : std::uint8_t { required, optional };

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// "HTTP/1.1" gives "1.1"; empty for anything else.
std::string_view version_in(std::string_view text) {
    constexpr std::string_view kBefore = "HTTP/";
    if (text.size() != 8 || !text.starts_with("HTTP/1.") || !is_digit(text[7])) return {};
    return text.substr(kBefore.size());
}

bool begins_blank(std::string_view text) {
    return text.starts_with(' ') || text.starts_with('\t');
}

// "user@[::1]:80" gives "[::1]".
std::string_view without_port(std::string_view authority) {
    if (const auto user = authority.rfind('@'); user != authority.npos) authority.remove_prefix(user + 1);
    const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : authority.npos;
    return authority.substr(0, bracket == authority.npos ? authority.find(':') : bracket + 1);
}

// What a header calls a host is told as it is, whatever is in it.
void add_domain(std::string_view authority, Dissection& out) {
    if (const auto domain = without_port(authority); !domain.empty()) out.add(kDomain, domain);
}

void add_path(std::string_view path_and_query, Dissection& out) {
    const std::size_t mark = path_and_query.find('?');
    const std::string_view path = path_and_query.substr(0, mark);
    out.add(kPath, path.empty() ? "/" : path);
    if (mark != path_and_query.npos) out.add(kQuery, path_and_query.substr(mark + 1));
}

std::size_t scheme_size(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"})
        if (same_http_word(target.substr(0, scheme.size()), scheme)) return scheme.size();
    return 0;
}

// Target forms: RFC 9112 section 3.2. An absolute one overrides the host header.
void add_target(std::string_view target, std::string_view host, Dissection& out) {
    if (const std::size_t scheme = scheme_size(target); scheme != 0) {
        const std::string_view rest = target.substr(scheme);
        const std::size_t authority = std::min(rest.find_first_of("/?"), rest.size());
        add_domain(rest.substr(0, authority), out);
        add_path(rest.substr(authority), out);
        return;
    }
    add_domain(host, out);
    add_path(target, out);
}

struct RequestLine {
    std::string_view method;
    std::string_view target;
    std::string_view version;  // empty where the segment ended before it
};

bool can_begin_target(std::string_view method, std::string_view text) {
    const auto unprintable = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; };
    if (text.empty() || std::ranges::any_of(text, unprintable)) return false;
    return text.front() == '/' || text.front() == '*' || method == kConnect || scheme_size(text) != 0;
}

// Several blanks stand for one, and clients write blanks into a target (RFC 9112 sections 3 and 3.2): what is
// between the method and the version is the target. Where the version is not there, or only begins, the
// target must look like one.
std::optional<RequestLine> request_line(const HttpLine& line, Version asked) {
    const std::string_view method = http_method_in(line.text);
    if (method.empty()) return std::nullopt;
    const std::string_view rest = http_trimmed(line.text.substr(method.size()));
    const std::size_t blank = rest.find_last_of(kBlanks);
    const std::string_view target = http_trimmed(rest.substr(0, blank));
    const std::string_view end = blank == rest.npos ? std::string_view() : rest.substr(blank + 1);
    if (const auto version = version_in(end); !version.empty()) return RequestLine{method, target, version};
    if (!can_begin_target(method, target)) return std::nullopt;
    if (!line.whole && std::string_view("HTTP/1.").starts_with(end)) return RequestLine{method, target, {}};
    if (asked == Version::required || !end.empty()) return std::nullopt;
    return RequestLine{method, target, method == kGet ? "0.9" : ""};
}

// An authority ends where a path, a query or a fragment begins: RFC 3986 section 3.2.
bool is_authority(std::string_view text) {
    return !text.empty() && text.find_first_of("/?# \t") == text.npos;
}

// What CONNECT asks for is no path (RFC 9110 section 9.3.6). Where it is one all the same, it is told as one,
// and no host is: neither the target nor the header names what is to be connected to.
void add_connect(std::string_view target, Dissection& out) {
    if (is_authority(target)) {
        out.protocol = &kHttpConnect;
        return add_domain(target, out);
    }
    out.protocol = &kHttp;
    add_path(target, out);
}

bool dissect_request(const HttpLine& line, std::string_view head, Version asked, Dissection& out) {
    const auto request = request_line(line, asked);
    if (!request) return false;
    out.add(kMethod, request->method);
    if (!request->target.empty()) out.add(kOriginal, request->target);
    const std::string_view host = read_http_headers(head, HttpHead::request, out);
    if (request->method == kConnect) {
        add_connect(request->target, out);
    } else {
        out.protocol = &kHttp;
        add_target(request->target, host, out);
    }
    if (!request->version.empty()) out.add(kHttpVersion, request->version);
    return true;
}

// "HTTP/1.1 200", with any number of blanks between, then a blank and a reason, or nothing. A line without
// its end has only the beginning of a reason, which is left out.
bool dissect_status(const HttpLine& whole_line, Dissection& out) {
    const std::string_view line = whole_line.text;
    constexpr std::size_t kVersionBytes = 8, kStatusBytes = 3;
    const std::string_view version = version_in(line.substr(0, kVersionBytes));
    if (version.empty() || !begins_blank(line.substr(kVersionBytes))) return false;
    const std::string_view rest = http_trimmed(line.substr(kVersionBytes));
    const std::string_view digits = rest.substr(0, kStatusBytes), reason = rest.substr(digits.size());
    if (digits.size() < kStatusBytes || (!reason.empty() && !begins_blank(reason))) return false;
    if (digits.front() == '0' || !std::ranges::all_of(digits, is_digit)) return false;
    std::uint16_t status = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), status);
    out.protocol = &kHttp;
    out.add(kStatus, status);
    out.add(kHttpVersion, version);
    if (const auto told = http_trimmed(reason); whole_line.whole && !told.empty()) out.add(kReason, told);
    return true;
}

// At least the first line, and as much of the rest as the segment has.
bool dissect_preface(std::string_view head, Dissection& out) {
    const std::string_view there = head.substr(0, kPreface.size());
    if (there.size() < kPrefaceFirstLine || !kPreface.starts_with(there)) return false;
    out.protocol = &kHttp2;
    out.add(kMethod, kPreface.substr(0, 3));
    out.add(kPath, kPreface.substr(4, 1));
    out.add(kHttpVersion, "2");
    out.add(kMessage, "HTTP/2 preface");
    return true;
}

// Empty lines may go before a request (RFC 9112 section 2.2).
std::string_view without_empty_lines(std::string_view head) {
    const std::size_t first = head.find_first_not_of("\r\n");
    if (first == 0) return head;
    return first == head.npos || head[first - 1] != '\n' ? std::string_view() : head.substr(first);
}

bool dissect_head(const Cursor& payload, Version asked, Dissection& out) {
    std::string_view head = without_empty_lines(payload.left_text().substr(0, kHeadLimit));
    if (head.empty() || head.front() < 'A' || head.front() > 'Z') return false;
    if (!head.starts_with("HTTP/") && http_method_in(head).empty()) return false;
    if (dissect_preface(head, out)) return true;
    const std::string_view whole = head;
    const HttpLine line = next_http_line(head);
    if (dissect_status(line, out))
        (void)read_http_headers(head, HttpHead::response, out);
    else if (!dissect_request(line, head, asked, out))
        return false;
    // A header may stand behind what was looked at, and a path may be longer.
    if (payload.remaining() > kHeadLimit && whole.find("\n\r\n") == whole.npos) out.incomplete = true;
    return true;
}

}  // namespace

bool dissect_http(Cursor payload, Dissection& out) {
    return dissect_head(payload, Version::required, out);
}

bool dissect_http_on_its_port(Cursor payload, Dissection& out) {
    return dissect_head(payload, Version::optional, out);
}

}  // namespace packetsentry::dissect
