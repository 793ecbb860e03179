// Whole frames. The first byte picks the link type, the second tells how many bytes more the frame had on
// the wire; the rest is the frame.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "daemon/dissect/dissect.h"
#include "tests/fuzz/link_types.h"
#include "tests/fuzz/promises.h"

namespace {

using namespace packetsentry;

// A dissection that was used before must read as a new one does.
bool same(const dissect::Dissection& a, const dissect::Dissection& b) {
    return a.protocol == b.protocol && a.malformed == b.malformed && a.source == b.source &&
           a.destination == b.destination && a.source_mac == b.source_mac &&
           a.destination_mac == b.destination_mac && a.has_ports == b.has_ports &&
           a.ip_protocol == b.ip_protocol && a.network == b.network &&
           a.interface_index == b.interface_index && a.fields().size() == b.fields().size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static dissect::Dissection used;
    if (size < 2) return 0;
    const std::uint32_t link_type = fuzz::kLinkTypes[data[0] % fuzz::kLinkTypes.size()];
    const auto frame = std::as_bytes(std::span(data, size)).subspan(2);
    const std::size_t wire_bytes = frame.size() + data[1];
    dissect::dissect(frame, wire_bytes, link_type, used);
    if (used.protocol == nullptr || used.protocol->word.empty()) std::abort();
    fuzz::check_promises(used, frame);
    dissect::Dissection fresh;
    dissect::dissect(frame, wire_bytes, link_type, fresh);
    if (!same(used, fresh)) std::abort();
    return 0;
}
