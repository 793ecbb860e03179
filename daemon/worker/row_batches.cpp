#include "daemon/worker/row_batches.h"

#include <utility>

namespace packetsentry::worker {
namespace {

using base::Result;

// A batch of fewer packets is cut before its age, but only so often in a second: names and columns cost each
// batch as much as ten packets.
constexpr std::uint32_t kFewPackets = 64;
constexpr std::uint64_t kEarlyCuts = 100;

}  // namespace

RowBatches::RowBatches(CaptureMode mode, Link& link)
    : mode_(mode), link_(link), early_cuts_(kEarlyCuts, Clock::now()) {}

void RowBatches::append(const capture::Packet& packet, const dissect::Dissection& dissection,
                        std::span<const capture::SourceInterface> interfaces,
                        std::string_view interface_name) {
    if (rows() == 0 && mode_ == CaptureMode::live) opened_ = Clock::now();
    if (only_counts_)
        ++counted_;
    else
        builder_.append(packet, dissection, interfaces, interface_name);
    open_bytes_ += packet.wire_bytes;
    open_malformed_ += dissection.malformed ? 1 : 0;
}

std::optional<RowBatches::Clock::time_point> RowBatches::cut_due() const {
    if (rows() == 0 || mode_ == CaptureMode::file) return std::nullopt;
    return opened_ + kBatchAge;
}

bool RowBatches::cuts_at_once(std::uint32_t waiting) {
    const std::uint32_t packets = rows() + waiting;
    const bool few = packets != 0 && packets <= kFewPackets;
    return mode_ == CaptureMode::live && few && early_cuts_.take(Clock::now());
}

Result<bool> RowBatches::close() {
    const std::uint32_t rows = this->rows();
    const std::uint64_t bytes = std::exchange(open_bytes_, 0);
    const std::uint64_t malformed = std::exchange(open_malformed_, 0);
    counted_ = 0;
    if (!only_counts_ && !link_.has_room()) {
        if (mode_ == CaptureMode::live) {
            builder_.discard();
            counts_.shed += rows;
            return false;
        }
        if (auto drained = link_.drain(); !drained) return std::unexpected(drained.error());
    }
    counts_.recorded += rows;
    counts_.bytes += bytes;
    counts_.malformed += malformed;
    return true;
}

Result<void> RowBatches::send(const wire::Ledger& ledger) {
    if (only_counts_) return {};
    return link_.send_rows(ledger, builder_.seal());
}

}  // namespace packetsentry::worker
