#include "daemon/worker/derived_rows.h"

#include "proto/link/ledger.h"

namespace packetsentry::worker {

using base::Result;

void DerivedRows::count(wire::Ledger& ledger) const {
    wire::DerivedCounts& counts = proto::mutable_counts_of(ledger, table_);
    counts.set_rows(sent_);
    counts.set_shed(shed_);
    counts.set_evicted(evicted());
}

std::optional<DerivedRows::Clock::time_point> DerivedRows::cut_due() const {
    if (builder_.rows() == 0 || mode_ == CaptureMode::file) return std::nullopt;
    return opened_ + kBatchAge;
}

Result<bool> DerivedRows::close() {
    const std::uint32_t rows = builder_.rows();
    if (!link_.has_room()) {
        if (mode_ == CaptureMode::live) {
            builder_.discard();
            shed_ += rows;
            return false;
        }
        if (auto drained = link_.drain(); !drained) return std::unexpected(drained.error());
    }
    sent_ += rows;
    return true;
}

Result<void> DerivedRows::send(const wire::Ledger& ledger) {
    return link_.send_rows(ledger, builder_.seal());
}

DerivedRows::Place DerivedRows::place_of(std::uint32_t interface, std::uint32_t interface_index) {
    const auto interfaces = source_.interfaces();
    const bool known = interface < interfaces.size();
    Place place{.name = names_.name(interface_index), .link_type = 0};
    if (place.name.empty() && known) place.name = interfaces[interface].name;
    if (known) place.link_type = interfaces[interface].link_type;
    return place;
}

void DerivedRows::open_batch() {
    if (builder_.rows() == 0 && live()) opened_ = Clock::now();
}

}  // namespace packetsentry::worker
