#include "daemon/jobs/stored_v1.h"

#include <string>

#include "proto/messages/state_v1.pb.h"

namespace packetsentry::jobs {
namespace {

namespace v1 = wire::v1;

// These messages have the same fields with the same numbers in both versions.
template <typename Now, typename Before>
void copy_same(const Before& before, Now& now) {
    now.ParseFromString(before.SerializeAsString());
}

wire::Filter filter_of(const v1::Filter& before) {
    wire::Filter filter;
    if (!before.protocol().empty()) filter.add_protocol(before.protocol());
    filter.mutable_protocol()->MergeFrom(before.protocols());
    filter.set_address(before.address());
    filter.set_port(before.port());
    filter.set_bpf(before.bpf());
    return filter;
}

wire::CaptureSpec capture_of(const v1::CaptureSpec& before) {
    wire::CaptureSpec capture;
    *capture.mutable_interface() = before.interface();
    *capture.mutable_filter() = filter_of(before.filter());
    capture.set_snapshot_length(before.snapshot_length());
    capture.set_not_promiscuous(before.not_promiscuous());
    if (before.has_until()) copy_same(before.until(), *capture.mutable_until());
    if (before.has_save()) copy_same(before.save(), *capture.mutable_save());
    capture.set_ring_bytes(before.ring_bytes());
    return capture;
}

// Version 1 kept the redaction that a client asked for together with the policy's, and both stay in force.
wire::Terms terms_of(const v1::CaptureSpec& before) {
    wire::Terms terms;
    terms.set_required_filter(before.required_filter());
    terms.set_snapshot_length(before.snapshot_limit());
    terms.set_packets_per_second(before.packets_per_second());
    terms.set_file_bytes(before.file_bytes_limit());
    if (before.has_redaction()) copy_same(before.redaction(), *terms.mutable_redaction());
    return terms;
}

// Version 1 had packets alone, and each that was recorded was a row.
void add_rows(const v1::Ledger& before, wire::StoredJob& job) {
    if (before.recorded() == 0) return;
    wire::StoredRows& rows = *job.add_rows();
    rows.set_table(wire::TABLE_PACKETS);
    rows.set_rows(before.recorded());
}

// The first programs that wrote version 1 did not store when and why saving ended: there, only the missing
// format of the output tells that it has.
void add_saving_end(const v1::StoredJob& before, wire::StoredJob& job) {
    if (before.has_saving_end()) return copy_same(before.saving_end(), *job.mutable_saving_end());
    if (before.output_name().empty() || before.capture().save().format() != v1::SAVE_NONE) return;
    job.mutable_saving_end()->set_at_ns(before.alive_ns());
    job.mutable_saving_end()->set_reason("the output accepted no more data");
}

wire::StoredJob converted(const v1::StoredJob& before) {
    wire::StoredJob job;
    job.set_version(2);
    job.set_id(before.id());
    job.set_name(before.name());
    job.set_owner_uid(before.owner_uid());
    *job.mutable_owner_group() = before.owner_group();
    *job.mutable_capture() = capture_of(before.capture());
    *job.mutable_terms() = terms_of(before.capture());
    job.set_output_name(before.output_name());
    job.set_wait(before.wait());
    job.set_started_ns(before.started_ns());
    job.set_alive_ns(before.alive_ns());
    job.set_expires_ns(before.expires_ns());
    job.set_run(1);
    add_rows(before.ledger(), job);
    copy_same(before.ledger(), *job.mutable_ledger());
    job.set_counted_ns(before.counted_ns() != 0 ? before.counted_ns() : before.alive_ns());
    for (const v1::Loss& loss : before.loss()) copy_same(loss, *job.add_loss());
    job.set_losses(before.losses());
    job.set_interface_dropped(before.interface_dropped());
    add_saving_end(before, job);
    if (before.has_output_bytes()) job.set_output_bytes(before.output_bytes());
    *job.mutable_interface_index() = before.interface_index();
    if (before.has_index_scope()) copy_same(before.index_scope(), *job.mutable_index_scope());
    return job;
}

}  // namespace

std::optional<wire::StoredJob> stored_job_of_version_1(std::string_view bytes) {
    v1::StoredJob before;
    if (!before.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || before.version() != 1)
        return std::nullopt;
    before.DiscardUnknownFields();
    return converted(before);
}

}  // namespace packetsentry::jobs
