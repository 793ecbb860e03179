// Fills segments of the table of packets: rows, and the packets themselves.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/flows/server_names.h"
#include "daemon/spool/write/growing_rows.h"
#include "daemon/spool/write/row_block.h"
#include "daemon/spool/write/segment_output.h"
#include "daemon/spool/write/segment_packets.h"
#include "daemon/spool/write/table_writer.h"

namespace packetsentry::spool {

class SegmentWriter final : public TableWriter {
  public:
    // run: of the job, from 1. output must outlive this object.
    SegmentWriter(SegmentOutput& output, std::uint32_t run, const SegmentLimits& limits = {});

    // Blocks have the names of their addresses, as they are known when a block ends. names must outlive the
    // last block.
    void take_names_from(const flows::ServerNames& names) { block_.take_names_from(names); }

    void begin(const FileHeader& header, Time now) override;
    // Ends the segment. progress() is final then, and the output gets nothing more of it.
    void end() { end_block(); }

    // Appends a row and its packet to the segment that was begun. Numbers of rows must ascend. A number
    // may be left out, which ends the block of rows. When there is no room for a packet in the output,
    // the caller leaves out its row, or has the row without the packet (RecordedPacket::stored_limit).
    void append(const RecordedPacket& recorded, Time now);

    // Likewise for a packet whose row is the next one of a batch that grows elsewhere, or will be before any
    // other call. take_rows() takes such rows over; call it before that batch is sealed or discarded.
    void append(const BatchedPacket& row, Time now);
    // Names the batch, once. It must outlive this object.
    void take_rows_of(const record::BatchBuilder& batch) { batch_ = &batch; }
    void take_rows();

    [[nodiscard]] std::optional<Time> block_due() const override;
    void end_block() override;

    [[nodiscard]] bool full(Time now) const override;
    [[nodiscard]] std::uint64_t bytes() const override { return progress().rows_bytes + packets_.bytes(); }

    // What the output was given of this segment in whole blocks. The output knows what has been written.
    [[nodiscard]] const SegmentProgress& progress() const { return file_.progress(); }
    [[nodiscard]] std::uint64_t rows_refused() const override { return rows_refused_; }

  private:
    // The row begins a block if it must. False: it is refused.
    [[nodiscard]] bool admit(const BatchedPacket& row, Time now);
    [[nodiscard]] bool must_end_block_before(const BatchedPacket& row, Time now) const;
    [[nodiscard]] bool block_is_full() const;
    // Rows of the open block, with those that wait.
    [[nodiscard]] std::uint32_t open_rows() const {
        return block_.rows() + static_cast<std::uint32_t>(waiting_.size());
    }
    [[nodiscard]] WrittenPacket store(const BatchedPacket& row);
    [[nodiscard]] bool batch_has_waiting_rows() const;
    void split_block();
    void seal_block();
    void give_packets();

    SegmentOutput& output_;
    std::uint32_t run_;
    SegmentLimits limits_;
    SegmentPackets packets_;
    RowBlock block_;
    const record::BatchBuilder* batch_ = nullptr;
    std::vector<WrittenPacket> waiting_;  // packets of the rows that were not taken over yet
    std::uint64_t first_waiting_ = 0;     // the number of the first of these rows
    Time waits_since_;
    GrowingRows file_;
    Time segment_begun_;
    Time block_begun_;
    std::uint64_t block_at_ = 0;     // the length of the pcapng when the block was begun
    std::uint64_t next_number_ = 1;  // the lowest that a row can have
    std::uint64_t rows_refused_ = 0;
};

}  // namespace packetsentry::spool
