#include "daemon/jobs/terms.h"

#include <algorithm>

namespace packetsentry::jobs {
namespace {

void add(const policy::Redaction& redaction, wire::Redaction& sum) {
    sum.set_headers_only(sum.headers_only() || redaction.headers_only);
    sum.set_mask_addresses(sum.mask_addresses() || redaction.mask_addresses);
    if (!redaction.payload_bytes) return;
    sum.set_payload_bytes(sum.cut_payload() ? std::min(sum.payload_bytes(), *redaction.payload_bytes)
                                            : *redaction.payload_bytes);
    sum.set_cut_payload(true);
}

policy::Redaction redaction_of(const wire::Redaction& redaction) {
    policy::Redaction read{.headers_only = redaction.headers_only(),
                           .mask_addresses = redaction.mask_addresses()};
    if (redaction.cut_payload()) read.payload_bytes = redaction.payload_bytes();
    return read;
}

}  // namespace

void apply(const policy::Terms& terms, wire::CaptureSpec& capture) {
    capture.set_required_filter(terms.filter);
    capture.set_packets_per_second(terms.packets_per_second);
    capture.set_snapshot_limit(terms.snapshot_length);
    capture.set_file_bytes_limit(terms.saved_bytes);
    if (terms.redaction != policy::Redaction{}) add(terms.redaction, *capture.mutable_redaction());
}

void clear_terms(wire::CaptureSpec& capture) {
    apply({}, capture);
}

policy::Terms terms_of(const wire::CaptureSpec& capture) {
    std::uint32_t snapshot_length = capture.snapshot_limit();
    if (capture.snapshot_length() != 0 &&
        (snapshot_length == 0 || capture.snapshot_length() < snapshot_length))
        snapshot_length = capture.snapshot_length();
    return {.filter = capture.required_filter(),
            .snapshot_length = snapshot_length,
            .packets_per_second = capture.packets_per_second(),
            .saved_bytes = capture.file_bytes_limit(),
            .redaction = redaction_of(capture.redaction())};
}

bool same_terms(const wire::CaptureSpec& one, const wire::CaptureSpec& other) {
    return terms_of(one) == terms_of(other);
}

}  // namespace packetsentry::jobs
