// The rows of the packets that are recorded, in batches: one is open and grows; when it is cut it is sent
// over the link, or shed where the link is full.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

#include "daemon/base/result.h"
#include "daemon/capture/packet_source.h"
#include "daemon/dissect/dissection.h"
#include "daemon/record/batch_builder.h"
#include "daemon/worker/capture_mode.h"
#include "daemon/worker/interface_names.h"
#include "daemon/worker/link.h"
#include "daemon/worker/token_bucket.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::worker {

class RowBatches {
  public:
    using Clock = std::chrono::steady_clock;

    // What has become of the packets of the batches that were closed.
    struct Counts {
        std::uint64_t recorded = 0;
        std::uint64_t bytes = 0;      // on the wire, of the recorded
        std::uint64_t malformed = 0;  // among the recorded
        std::uint64_t shed = 0;
    };

    // socket: as InterfaceNames takes it. link outlives it.
    RowBatches(CaptureMode mode, int socket, Link& link);

    // interfaces: the source's.
    void append(const capture::Packet& packet, const dissect::Dissection& dissection,
                std::span<const capture::SourceInterface> interfaces);

    [[nodiscard]] std::uint32_t rows() const { return builder_.rows(); }  // in the open batch
    [[nodiscard]] bool full() const { return builder_.full(); }
    // When the open batch grows too old; none: it is empty, or a file's, which may grow as old as it likes.
    [[nodiscard]] std::optional<Clock::time_point> cut_due() const;
    // To be asked where nothing more is there to be read: the open batch is to be cut at once, as it holds
    // few packets. Not more often than a batch's cost allows: then the packets wait for others, until
    // cut_due().
    [[nodiscard]] bool cuts_at_once();

    // Cuts the open batch, in two steps, because a batch is sent with a ledger that counts it. close() counts
    // it as recorded, and returns true: it is to be sent. Or it counts it as shed, and returns false: there
    // is no open batch any more. To be called where there are rows. Error: the link has broken.
    [[nodiscard]] base::Result<bool> close();
    [[nodiscard]] base::Result<void> send(const wire::Ledger& ledger);

    [[nodiscard]] const Counts& counts() const { return counts_; }

  private:
    CaptureMode mode_;
    Link& link_;
    TokenBucket early_cuts_;
    record::BatchBuilder builder_;
    InterfaceNames names_;
    Clock::time_point opened_;          // when the open batch got its first row
    std::uint64_t open_bytes_ = 0;      // on the wire, of the open batch
    std::uint64_t open_malformed_ = 0;  // packets in the open batch
    Counts counts_;
};

}  // namespace packetsentry::worker
