// Fills segments of the table of packets, one after the other (FORMAT.md). Its bytes leave through a
// SegmentOutput, so nothing here waits for a disk.
//
//   begin() ─ append() … append() ─ full() ─ end() ─ begin() with the header of the next segment …
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/spool/format/file_header.h"
#include "daemon/spool/format/segment_room.h"
#include "daemon/spool/write/row_block.h"
#include "daemon/spool/write/segment_output.h"
#include "daemon/spool/write/segment_packets.h"

namespace packetsentry::spool {

// These are no part of the format, which allows more.
struct SegmentLimits {
    // A block of rows ends when it has reached one of these, or when record/ has no room for another row.
    std::uint32_t block_rows = 4096;
    std::uint64_t block_packet_bytes = 8U << 20;  // in the pcapng
    std::chrono::nanoseconds block_age = std::chrono::seconds(10);
    // A segment is full when it has reached one of these. Its last packet and its last frame may go
    // beyond the bytes.
    std::uint64_t rows = 262'144;
    std::uint64_t bytes = kFullSegmentBytes;  // of both files
    std::chrono::nanoseconds age = std::chrono::hours(1);
};

// One thread. now: what the steady clock says. It may be a moment old, so a caller who reads many packets
// at once asks the clock once.
class SegmentWriter {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // run: of the job, from 1. output must outlive this object.
    SegmentWriter(SegmentOutput& output, std::uint32_t run, const SegmentLimits& limits = {});

    // Begins a segment. header: of the rows file. The segment before must have been ended.
    void begin(const FileHeader& header, Time now);
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

    // When the open block of rows must be ended because of its age; nothing if it is empty. append() ends
    // a block that is too old, but while no packets come the caller calls end_block() then.
    [[nodiscard]] std::optional<Time> block_due() const;
    // Gives the open block of rows to the output, if there is one.
    void end_block();

    // Tells whether the segment has reached a limit. The next row should then begin another segment.
    [[nodiscard]] bool full(Time now) const;
    // Returns the bytes of both files of the segment, without the rows of the open block.
    [[nodiscard]] std::uint64_t bytes() const { return progress_.rows_bytes + packets_.bytes(); }

    // What the output was given of this segment in whole blocks. The output knows what has been written.
    [[nodiscard]] const SegmentProgress& progress() const { return progress_; }
    // Rows since the first segment that are in no block, because their number did not ascend, because readers
    // would not take them, or because their batch has gone.
    [[nodiscard]] std::uint64_t rows_refused() const { return rows_refused_; }

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
    void give_rows();  // rows_bytes_
    void count(const BlockFacts& facts);

    SegmentOutput& output_;
    std::uint32_t run_;
    SegmentLimits limits_;
    SegmentPackets packets_;
    RowBlock block_;
    const record::BatchBuilder* batch_ = nullptr;
    std::vector<WrittenPacket> waiting_;  // packets of the rows that were not taken over yet
    std::uint64_t first_waiting_ = 0;     // the number of the first of these rows
    Time waits_since_;
    capture::OutputChunk rows_chunk_;
    std::string rows_bytes_;  // of the next chunk
    Time segment_begun_;
    Time block_begun_;
    std::uint64_t block_at_ = 0;     // the length of the pcapng when the block was begun
    std::uint64_t seed_ = 0;         // of the rows file
    std::uint64_t next_number_ = 1;  // the lowest that a row can have
    SegmentProgress progress_;
    std::uint64_t rows_refused_ = 0;
};

}  // namespace packetsentry::spool
