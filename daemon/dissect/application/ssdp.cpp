// SSDP, the discovery of UPnP (UPnP Device Architecture 2.0 section 1): HTTP heads in datagrams.
#include "daemon/dissect/application/application_protocols.h"
#include "daemon/dissect/application/http_methods.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kMessage = field("packetsentry.ssdp.message");

constexpr const FieldInfo* kDetail[] = {&kMessage};
constexpr Protocol kSsdp{"SSDP", "ssdp", false, kDetail};

}  // namespace

bool dissect_ssdp(Cursor payload, Dissection& out) {
    std::string_view text = payload.left_text();
    if (!dissect_http(payload, out)) return false;
    text.remove_prefix(text.find_first_not_of("\r\n"));  // empty lines may go before
    out.protocol = &kSsdp;
    out.add(kMessage, text.starts_with("HTTP/") ? "response" : http_method_in(text));
    return true;
}

}  // namespace packetsentry::dissect
