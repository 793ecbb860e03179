// HTTP/1 heads (RFC 9112), on any port by their shape: the first line, and of the headers the host.
#include <algorithm>
#include <charconv>
#include <optional>

#include "daemon/dissect/application_protocols.h"

namespace packetsentry::dissect {
namespace {

constexpr FieldName kMethod{"http.request.method"};
constexpr FieldName kStatus{"http.response.status_code", FieldKind::number};
constexpr FieldName kVersion{"http.version"};
constexpr FieldName kDomain{"url.domain"};
constexpr FieldName kPath{"url.path"};
constexpr FieldName kQuery{"url.query"};

constexpr const FieldName* kDetail[] = {&kMethod, &kPath, &kStatus};
constexpr Protocol kHttp{"HTTP", "http", true, kDetail};
// CONNECT asks for a host, not for a path (RFC 9110 section 9.3.6).
constexpr const FieldName* kConnectDetail[] = {&kMethod, &kDomain};
constexpr Protocol kHttpConnect{"HTTP", "http", true, kConnectDetail};

constexpr std::size_t kHeadLimit = 8192;  // bytes looked at

// RFC 9110, PATCH, WebDAV, and what UPnP adds.
constexpr std::string_view kMethods[] = {
    "GET",   "POST",   "HEAD",     "PUT",       "DELETE",      "OPTIONS",  "CONNECT",
    "PATCH", "TRACE",  "PROPFIND", "PROPPATCH", "MKCOL",       "COPY",     "MOVE",
    "LOCK",  "UNLOCK", "REPORT",   "SUBSCRIBE", "UNSUBSCRIBE", "M-SEARCH", "NOTIFY"};
constexpr std::string_view kConnect = "CONNECT";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool same_ignoring_case(std::string_view a, std::string_view lower) {
    return std::ranges::equal(a, lower, {}, [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
}

// "HTTP/1.1" gives "1.1"; empty for anything else.
std::string_view version_in(std::string_view text) {
    constexpr std::string_view kBefore = "HTTP/";
    if (text.size() != 8 || !text.starts_with("HTTP/1.") || !is_digit(text[7])) return {};
    return text.substr(kBefore.size());
}

// The next line without its end, taken off the head. whole: its end was there.
struct Line {
    std::string_view text;
    bool whole = false;
};

Line next_line(std::string_view& head) {
    const std::size_t end = head.find('\n');
    std::string_view text = head.substr(0, end);
    head.remove_prefix(end == head.npos ? head.size() : end + 1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return {text, end != head.npos};
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

// Of whole lines only: half a name would be another one.
std::string_view host_header(std::string_view head) {
    constexpr std::string_view kName = "host:";
    for (Line line = next_line(head); line.whole && !line.text.empty(); line = next_line(head))
        if (line.text.size() > kName.size() && same_ignoring_case(line.text.substr(0, kName.size()), kName))
            return trimmed(line.text.substr(kName.size()));
    return {};
}

// "user@[::1]:80" gives "[::1]".
std::string_view without_port(std::string_view authority) {
    if (const auto user = authority.rfind('@'); user != authority.npos) authority.remove_prefix(user + 1);
    const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : authority.npos;
    return authority.substr(0, bracket == authority.npos ? authority.find(':') : bracket + 1);
}

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
        if (same_ignoring_case(target.substr(0, scheme.size()), scheme)) return scheme.size();
    return 0;
}

// Target forms: RFC 9112 section 3.2. An absolute one overrides the host header.
void add_target(std::string_view target, std::string_view head, Dissection& out) {
    if (const std::size_t scheme = scheme_size(target); scheme != 0) {
        const std::string_view rest = target.substr(scheme);
        const std::size_t authority = std::min(rest.find_first_of("/?"), rest.size());
        add_domain(rest.substr(0, authority), out);
        add_path(rest.substr(authority), out);
        return;
    }
    add_domain(host_header(head), out);
    add_path(target, out);
}

struct RequestLine {
    std::string_view method;
    std::string_view target;
    std::string_view version;  // empty where the segment ended before it
};

std::string_view method_in(std::string_view text) {
    for (const std::string_view method : kMethods)
        if (text.size() > method.size() && text[method.size()] == ' ' && text.starts_with(method))
            return method;
    return {};
}

bool can_begin_target(std::string_view method, std::string_view text) {
    const auto unprintable = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; };
    if (text.empty() || std::ranges::any_of(text, unprintable)) return false;
    return text.front() == '/' || text.front() == '*' || method == kConnect || scheme_size(text) != 0;
}

std::optional<RequestLine> request_line(const Line& line) {
    const std::string_view method = method_in(line.text);
    if (method.empty()) return std::nullopt;
    const std::string_view rest = line.text.substr(method.size() + 1);
    const std::size_t blank = rest.find(' ');
    const std::string_view target = rest.substr(0, blank);
    const std::string_view end = blank == rest.npos ? std::string_view() : rest.substr(blank + 1);
    const std::string_view version = version_in(end);
    if (!version.empty() && !target.empty()) return RequestLine{method, target, version};
    if (!line.whole && std::string_view("HTTP/1.").starts_with(end) && can_begin_target(method, target))
        return RequestLine{method, target, {}};
    return std::nullopt;
}

bool dissect_request(const Line& line, std::string_view head, Dissection& out) {
    const auto request = request_line(line);
    if (!request) return false;
    out.add(kMethod, request->method);
    if (request->method == kConnect) {
        out.protocol = &kHttpConnect;
        add_domain(request->target, out);
    } else {
        out.protocol = &kHttp;
        add_target(request->target, head, out);
    }
    if (!request->version.empty()) out.add(kVersion, request->version);
    return true;
}

// "HTTP/1.1 200", then a blank or nothing.
bool dissect_status(std::string_view line, Dissection& out) {
    constexpr std::size_t kVersionBytes = 8, kStatusBytes = 12;
    const std::string_view version = version_in(line.substr(0, kVersionBytes));
    if (version.empty() || line.size() < kStatusBytes || line[kVersionBytes] != ' ') return false;
    if (line.size() > kStatusBytes && line[kStatusBytes] != ' ') return false;
    const std::string_view digits = line.substr(kVersionBytes + 1, 3);
    if (digits.front() == '0' || !std::ranges::all_of(digits, is_digit)) return false;
    std::uint16_t status = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), status);
    out.protocol = &kHttp;
    out.add(kStatus, status);
    out.add(kVersion, version);
    return true;
}

}  // namespace

bool dissect_http(Cursor payload, Dissection& out) {
    std::string_view head = payload.left_text().substr(0, kHeadLimit);
    if (head.front() < 'A' || head.front() > 'Z') return false;
    if (!head.starts_with("HTTP/") && method_in(head).empty()) return false;
    const Line line = next_line(head);
    return dissect_status(line.text, out) || dissect_request(line, head, out);
}

}  // namespace packetsentry::dissect
