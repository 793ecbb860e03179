// as_version_1 FILE…: rewrites stored jobs (proto/messages/state.proto) as packetsentryd wrote them before
// there was a version 2, for the test of an upgrade.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "proto/messages/state.pb.h"
#include "proto/messages/state_v1.pb.h"

namespace {

namespace wire = packetsentry::wire;
namespace v1 = packetsentry::wire::v1;

// These messages have the same fields with the same numbers in both versions.
template <typename Before, typename Now>
void copy_same(const Now& now, Before& before) {
    before.ParseFromString(now.SerializeAsString());
}

v1::CaptureSpec capture_of(const wire::StoredJob& now) {
    v1::CaptureSpec capture;
    const wire::CaptureSpec& from = now.capture();
    *capture.mutable_interface() = from.interface();
    *capture.mutable_filter()->mutable_protocols() = from.filter().protocol();
    capture.mutable_filter()->set_address(from.filter().address());
    capture.mutable_filter()->set_port(from.filter().port());
    capture.mutable_filter()->set_bpf(from.filter().bpf());
    capture.set_snapshot_length(from.snapshot_length());
    capture.set_not_promiscuous(from.not_promiscuous());
    if (from.has_until()) copy_same(from.until(), *capture.mutable_until());
    if (from.has_save()) copy_same(from.save(), *capture.mutable_save());
    capture.set_ring_bytes(from.ring_bytes());
    const wire::Terms& terms = now.terms();
    capture.set_required_filter(terms.required_filter());
    capture.set_snapshot_limit(terms.snapshot_length());
    capture.set_packets_per_second(terms.packets_per_second());
    capture.set_file_bytes_limit(terms.file_bytes());
    if (terms.has_redaction()) copy_same(terms.redaction(), *capture.mutable_redaction());
    return capture;
}

v1::StoredJob as_version_1(const wire::StoredJob& now) {
    v1::StoredJob before;
    before.set_version(1);
    before.set_id(now.id());
    before.set_name(now.name());
    before.set_owner_uid(now.owner_uid());
    *before.mutable_owner_group() = now.owner_group();
    *before.mutable_capture() = capture_of(now);
    before.set_output_name(now.output_name());
    before.set_started_ns(now.started_ns());
    before.set_alive_ns(now.alive_ns());
    copy_same(now.ledger(), *before.mutable_ledger());
    before.set_wait(now.wait());
    for (const wire::Loss& loss : now.loss()) copy_same(loss, *before.add_loss());
    before.set_losses(now.losses());
    before.set_interface_dropped(now.interface_dropped());
    before.set_counted_ns(now.counted_ns());
    if (now.has_saving_end()) copy_same(now.saving_end(), *before.mutable_saving_end());
    if (now.has_output_bytes()) before.set_output_bytes(now.output_bytes());
    before.set_expires_ns(now.expires_ns());
    *before.mutable_interface_index() = now.interface_index();
    if (now.has_index_scope()) copy_same(now.index_scope(), *before.mutable_index_scope());
    return before;
}

bool rewrite(const char* path) {
    std::ifstream in(path, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    wire::StoredJob now;
    if (!in || !now.ParseFromString(bytes) || now.version() != 2) return false;
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    return as_version_1(now).SerializeToOstream(&out) && out.flush();
}

}  // namespace

int main(int argc, char** argv) {
    int status = 0;
    for (int i = 1; i < argc; ++i) {
        if (rewrite(argv[i])) continue;
        std::cerr << "as_version_1: '" << argv[i] << "' does not hold a job of version 2\n";
        status = 1;
    }
    return status;
}
