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

void apply(const policy::Terms& terms, wire::Terms& in_force) {
    in_force.set_required_filter(terms.filter);
    in_force.set_packets_per_second(terms.packets_per_second);
    in_force.set_snapshot_length(terms.snapshot_length);
    in_force.set_file_bytes(terms.saved_bytes);
    if (terms.redaction != policy::Redaction{}) add(terms.redaction, *in_force.mutable_redaction());
}

wire::Terms first_terms(const policy::Terms& terms, const wire::CaptureSpec& capture) {
    wire::Terms first;
    if (capture.has_redaction()) *first.mutable_redaction() = capture.redaction();
    apply(terms, first);
    return first;
}

policy::Terms terms_of(const wire::CaptureSpec& capture, const wire::Terms& in_force) {
    std::uint32_t snapshot_length = in_force.snapshot_length();
    if (capture.snapshot_length() != 0 &&
        (snapshot_length == 0 || capture.snapshot_length() < snapshot_length))
        snapshot_length = capture.snapshot_length();
    return {.filter = in_force.required_filter(),
            .snapshot_length = snapshot_length,
            .packets_per_second = in_force.packets_per_second(),
            .saved_bytes = in_force.file_bytes(),
            .redaction = redaction_of(in_force.redaction())};
}

bool same_terms(const wire::Terms& one, const wire::Terms& other) {
    return terms_of({}, one) == terms_of({}, other);
}

}  // namespace packetsentry::jobs
