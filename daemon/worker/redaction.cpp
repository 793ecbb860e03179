#include "daemon/worker/redaction.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace packetsentry::worker {

using base::ErrorCode;
using redact::AddressMask;
using redact::Redactor;

base::Result<std::unique_ptr<Redactor>> make_redactor(const wire::Begin& begin) {
    const wire::Redaction& asked = begin.terms().redaction();
    redact::Redaction redaction{.mask_addresses = asked.mask_addresses()};
    if (asked.cut_payload()) redaction.payload_bytes = asked.payload_bytes();
    if (asked.headers_only()) redaction.payload_bytes = 0;
    if (!redaction.payload_bytes && !redaction.mask_addresses) return nullptr;

    const std::string& key = begin.mask_key();
    std::array<std::byte, AddressMask::kKeySize> bytes{};
    if (key.size() == bytes.size())
        std::ranges::copy(std::as_bytes(std::span(key)), bytes.begin());
    else if (redaction.mask_addresses)
        return base::fail(ErrorCode::internal, "the key that masks addresses is missing");
    return std::make_unique<Redactor>(redaction, bytes);
}

}  // namespace packetsentry::worker
