// SSDP, the discovery of UPnP (UPnP Device Architecture 2.0 section 1): HTTP heads in datagrams.
#include "daemon/dissect/application_protocols.h"

namespace packetsentry::dissect {
namespace {

constexpr FieldName kMessage{"packetsentry.ssdp.message"};  // "M-SEARCH", "NOTIFY" or "response"

constexpr const FieldName* kDetail[] = {&kMessage};
constexpr Protocol kSsdp{"SSDP", "ssdp", false, kDetail};

}  // namespace

bool dissect_ssdp(Cursor payload, Dissection& out) {
    const std::string_view text = payload.left_text();
    if (!dissect_http(payload, out)) return false;
    out.protocol = &kSsdp;
    out.add(kMessage, text.starts_with("HTTP/") ? "response" : text.substr(0, text.find(' ')));
    return true;
}

}  // namespace packetsentry::dissect
