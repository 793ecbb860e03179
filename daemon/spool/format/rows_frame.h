// Frames of a rows file: a block of rows each (FORMAT.md, "Rows").
//
//   0       8       16      24      32      40      48      56      64      72      80
//   | magic,| block,| rows, |payload| first | first | last  | place | sum of| sum of| stored lengths,
//   | sizes | run   |lengths| bytes | number| time  | time  |of pack| body  | header| payload, zeros
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "daemon/base/result.h"
#include "daemon/spool/format/byte_reader.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::spool {

inline constexpr std::size_t kFrameHeaderBytes = 80;
inline constexpr std::size_t kPayloadLimit = 4 * 1024 * 1024;  // as for a frame of the link
inline constexpr std::uint32_t kBlockLimit = 262'144;          // blocks of a segment
inline constexpr std::uint64_t kFileBytesLimit = 1ULL << 48;   // of any file of a segment

// What a frame says about its block. A reader that looks for a time or a number need not read the
// payload.
struct BlockFacts {
    std::uint32_t block = 0;  // counts the blocks that were begun in this file, from 0
    std::uint32_t run = 0;    // of the job, from 1
    std::uint32_t rows = 0;
    std::uint64_t first_number = 0;
    std::int64_t first_time_ns = 0;  // the earliest and the latest time of a row, be they in order or not
    std::int64_t last_time_ns = 0;
    std::uint64_t packets_at = 0;  // the first stored packet in the pcapng; 0: none is stored

    bool operator==(const BlockFacts&) const = default;
};

[[nodiscard]] BlockFacts facts_of(const proto::BatchView& batch, std::uint32_t block, std::uint32_t run,
                                  std::uint64_t packets_at = 0);

// A whole frame. Refers to the file's bytes.
struct Frame {
    std::uint64_t offset = 0;  // in the file
    std::uint64_t size = 0;    // with its header and the zeros behind it
    BlockFacts facts = {};
    Bytes stored = {};   // the stored lengths; empty: every packet is stored whole
    Bytes payload = {};  // a serialized wire::Batch

    // row must be below facts.rows, and stored not be empty.
    [[nodiscard]] std::uint32_t stored_bytes(std::uint32_t row) const {
        return number_in<std::uint32_t>(stored, sizeof(std::uint32_t) * row);
    }
};

// Tells why there is no frame where one should begin.
enum class FrameProblem : std::uint8_t {
    partial,           // the bytes end within it
    header_damaged,    // so nobody knows how long it is
    body_damaged,      // the next frame stands behind it
    unknown_encoding,  // a newer program wrote it, and the next frame stands behind it
};

struct FrameFailure {
    FrameProblem problem = FrameProblem::header_damaged;
    BlockFacts facts = {};   // where size is not 0
    std::uint64_t size = 0;  // of the whole frame; 0: its header could not be read
};

// Appends a frame. stored: bytes of each packet in the pcapng, or none, where each is stored whole.
// payload: a serialized wire::Batch. seed: that of the file's header. Error (internal): a limit is
// exceeded, so that no reader would take the frame; nothing was appended then.
[[nodiscard]] base::Result<void> append_frame(std::string& file, const BlockFacts& facts,
                                              std::span<const std::uint32_t> stored, std::string_view payload,
                                              std::uint64_t seed);

// Reads the frame at the beginning of bytes, which may go on behind it. offset: where bytes begin in the
// file. first_block: the lowest number that the block can have. A header with a lower number, or with more
// blocks before it than have room there, counts as damaged, and its body is not looked at.
[[nodiscard]] std::expected<Frame, FrameFailure> read_frame(Bytes bytes, std::uint64_t offset,
                                                            std::uint64_t seed,
                                                            std::uint32_t first_block = 0);

// Returns the size of the frame that begins here, by its header alone. 0: no frame begins here, or its
// header is not there as a whole. So a reader with a descriptor reads kLongestHeader bytes
// (summed_header.h) first, and then the rest.
[[nodiscard]] std::uint64_t frame_size(Bytes bytes, std::uint64_t seed);

// Tells whether the batch is the one that the frame speaks of.
[[nodiscard]] bool matches(const BlockFacts& facts, std::uint32_t table, const proto::BatchView& batch);

}  // namespace packetsentry::spool
