// Collects the rows of recorded packets in batches. One batch is open and grows. When it is cut, it is sent
// over the link, or shed if the link is full.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "daemon/base/result.h"
#include "daemon/capture/packet_source.h"
#include "daemon/dissect/dissection.h"
#include "daemon/flows/server_names.h"
#include "daemon/record/batch_builder.h"
#include "daemon/worker/capture_mode.h"
#include "daemon/worker/link.h"
#include "daemon/worker/token_bucket.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::worker {

class RowBatches {
  public:
    using Clock = std::chrono::steady_clock;

    // What became of the packets in the batches that were closed.
    struct Counts {
        std::uint64_t recorded = 0;
        std::uint64_t bytes = 0;      // length on the wire of the recorded packets
        std::uint64_t malformed = 0;  // how many of the recorded packets are malformed
        std::uint64_t shed = 0;
    };

    // A live batch is cut at this age.
    static constexpr std::chrono::milliseconds kBatchAge{20};

    // link must outlive this object.
    RowBatches(CaptureMode mode, Link& link);

    // Rows have the bytes of their packets. Call it before the first row.
    void keep_captured() { builder_.keep_captured(); }
    // As record::BatchBuilder::take_names_from().
    void take_names_from(const flows::ServerNames& names) { builder_.take_names_from(names); }
    // Packets are counted, and no rows of them are sent. makes_rows: they are made all the same, because they
    // are taken from the open batch. Call it before the first packet.
    void only_count(bool makes_rows) {
        only_counts_ = true;
        makes_rows_ = makes_rows;
    }
    // As record::BatchBuilder::prepare().
    void prepare(const dissect::Dissection& dissection) const { builder_.prepare(dissection); }
    // interfaces and interface_name: as for record::BatchBuilder.
    void append(const capture::Packet& packet, const dissect::Dissection& dissection,
                std::span<const capture::SourceInterface> interfaces, std::string_view interface_name);

    [[nodiscard]] const record::BatchBuilder& open_batch() const { return builder_; }
    // In the open batch, or packets that were counted instead.
    [[nodiscard]] std::uint32_t rows() const { return makes_rows_ ? builder_.rows() : counted_; }
    [[nodiscard]] bool full() const { return builder_.full() || counted_ >= kMostCounted; }
    // Returns when the open batch must be cut because of its age. Returns nothing if it is empty, or if it is
    // from a file, whose batches have no age limit.
    [[nodiscard]] std::optional<Clock::time_point> cut_due() const;
    // Tells whether to cut the open batch at once, so that few packets do not wait. Ask this when there is
    // nothing more to read. It returns false if batches have been cut too often for their cost; the packets
    // then wait until cut_due(). waiting: packets that may still become rows of it.
    [[nodiscard]] bool cuts_at_once(std::uint32_t waiting);

    // Cut the open batch in two steps, because a batch is sent with a ledger that counts its packets. close()
    // returns true if it has counted them as recorded; then call send(). It returns false if it has counted
    // them as shed; then there is no open batch any more. Call close() only if there are rows. Error: the
    // link has broken.
    [[nodiscard]] base::Result<bool> close();
    [[nodiscard]] base::Result<void> send(const wire::Ledger& ledger);

    [[nodiscard]] const Counts& counts() const { return counts_; }

  private:
    static constexpr std::uint32_t kMostCounted = 65536;

    CaptureMode mode_;
    Link& link_;
    TokenBucket early_cuts_;
    record::BatchBuilder builder_;
    bool only_counts_ = false;
    bool makes_rows_ = true;
    std::uint32_t counted_ = 0;         // packets since the last close(), if they are only counted
    Clock::time_point opened_;          // when the open batch got its first row
    std::uint64_t open_bytes_ = 0;      // length on the wire of the packets in the open batch
    std::uint64_t open_malformed_ = 0;  // packets in the open batch
    Counts counts_;
};

}  // namespace packetsentry::worker
