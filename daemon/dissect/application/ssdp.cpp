// SSDP, the discovery of UPnP (UPnP Device Architecture 2.0 section 1): HTTP heads in datagrams.
#include "daemon/dissect/application/application_protocols.h"
#include "daemon/dissect/application/http_headers.h"
#include "daemon/dissect/application/http_methods.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kMessage = field("packetsentry.ssdp.message");

constexpr const FieldInfo& kService = field("packetsentry.ssdp.service");
constexpr const FieldInfo& kUniqueName = field("packetsentry.ssdp.usn");

// What is searched for, and what is announced.
constexpr std::array<std::string_view, 2> kServiceHeaders{"st", "nt"};
constexpr std::array<std::string_view, 1> kUniqueNameHeaders{"usn"};

constexpr const FieldInfo* kSsdpDetail[] = {&kMessage};
constexpr Protocol kSsdp{"SSDP", "ssdp", false, kSsdpDetail};

void add_header(const FieldInfo& info, std::string_view head, std::span<const std::string_view> names,
                Dissection& out) {
    if (const auto value = find_http_header(head, names); !value.empty()) out.add(info, value);
}

}  // namespace

bool dissect_ssdp(Cursor payload, Dissection& out) {
    std::string_view text = payload.left_text();
    if (!dissect_http(payload, out)) return false;
    text.remove_prefix(text.find_first_not_of("\r\n"));  // empty lines may go before
    out.protocol = &kSsdp;
    out.add(kMessage, text.starts_with("HTTP/") ? "response" : http_method_in(text));
    (void)next_http_line(text);
    add_header(kService, text, kServiceHeaders, out);
    add_header(kUniqueName, text, kUniqueNameHeaders, out);
    return true;
}

}  // namespace packetsentry::dissect
