#include "daemon/dissect/application/http_headers.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace packetsentry::dissect {
namespace {

// A field may be null: what the header says in that kind of head has none.
struct HeaderField {
    std::string_view name;  // without capitals
    const FieldInfo* in_request;
    const FieldInfo* in_response;
};

constexpr const FieldInfo& kLocation = field("packetsentry.http.location");
constexpr const FieldInfo& kServer = field("packetsentry.http.server");

// SSDP has Location and Server in requests too, which is why these two are of no kind.
constexpr HeaderField kHeaderFields[] = {
    {"content-length", &field("packetsentry.http.request.content_length"),
     &field("packetsentry.http.response.content_length")},
    {"content-type", &field("packetsentry.http.request.content_type"),
     &field("packetsentry.http.response.content_type")},
    {"location", &kLocation, &kLocation},
    {"referer", &field("http.request.referrer"), nullptr},
    {"server", &kServer, &kServer},
    {"user-agent", &field("user_agent.original"), nullptr},
};
constexpr std::string_view kHost = "host";

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c;
}

struct HeaderLine {
    std::string_view name;
    std::string_view value;
};

// The headers of a head whose lines are whole. A line without a colon is a header without a value.
class Headers {
  public:
    explicit Headers(std::string_view head) : rest_(head) {}

    std::optional<HeaderLine> next() {
        const HttpLine line = next_http_line(rest_);
        if (!line.whole || line.text.empty()) return std::nullopt;
        const std::size_t colon = std::min(line.text.find(':'), line.text.size());
        const std::string_view value = line.text.substr(colon).substr(colon == line.text.size() ? 0 : 1);
        return HeaderLine{line.text.substr(0, colon), http_trimmed(value)};
    }

  private:
    std::string_view rest_;
};

// The row of kHeaderFields that has this name; null where none has.
const HeaderField* find_row(std::string_view name) {
    for (const HeaderField& row : kHeaderFields)
        if (same_http_word(name, row.name)) return &row;
    return nullptr;
}

void add_value(const FieldInfo& info, std::string_view value, Dissection& out) {
    if (info.kind != FieldKind::number) return out.add(info, value);
    std::uint64_t number = 0;
    const char* const end = value.data() + value.size();
    const auto [stopped, error] = std::from_chars(value.data(), end, number);
    if (error == std::errc() && stopped == end) out.add(info, number);
}

}  // namespace

HttpLine next_http_line(std::string_view& head) {
    const std::size_t end = head.find('\n');
    std::string_view text = head.substr(0, end);
    head.remove_prefix(end == head.npos ? head.size() : end + 1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return {text, end != head.npos};
}

std::string_view http_trimmed(std::string_view text) {
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

bool same_http_word(std::string_view text, std::string_view lower_text) {
    return text.size() == lower_text.size() && std::ranges::equal(text, lower_text, {}, lower);
}

std::string_view read_http_headers(std::string_view head, HttpHead kind, Dissection& out) {
    std::string_view host;
    unsigned told = 0;  // a bit for each row
    Headers headers(head);
    while (const auto header = headers.next()) {
        if (header->value.empty()) continue;
        if (host.empty() && same_http_word(header->name, kHost)) host = header->value;
        const HeaderField* const row = find_row(header->name);
        if (row == nullptr) continue;
        const unsigned bit = 1U << (row - kHeaderFields);
        const FieldInfo* const info = kind == HttpHead::request ? row->in_request : row->in_response;
        if (info != nullptr && (told & bit) == 0) add_value(*info, header->value, out);
        told |= bit;
    }
    return host;
}

std::string_view find_http_header(std::string_view head, std::span<const std::string_view> names) {
    Headers headers(head);
    while (const auto header = headers.next())
        for (const std::string_view name : names)
            if (!header->value.empty() && same_http_word(header->name, name)) return header->value;
    return {};
}

}  // namespace packetsentry::dissect
