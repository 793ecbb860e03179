// The rows file of a segment as it grows: its header, and then a frame for each block (FORMAT.md, "Rows").
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "daemon/base/result.h"
#include "daemon/spool/format/file_header.h"
#include "daemon/spool/format/rows_frame.h"
#include "daemon/spool/format/segment_progress.h"
#include "daemon/spool/write/segment_output.h"

namespace packetsentry::spool {

// Appends the frame of a block to file, and begins the next batch of the builder, which is one of record/.
// block, run, packets_at: as in BlockFacts. stored: as in append_frame(). The builder must have rows. Error
// (internal): no reader would take this block. Nothing was appended then, and its rows are lost.
template <typename Builder>
[[nodiscard]] base::Result<BlockFacts> append_block(std::string& file, Builder& builder, std::uint32_t block,
                                                    std::uint32_t run, std::uint64_t seed,
                                                    std::uint64_t packets_at = 0,
                                                    std::span<const std::uint32_t> stored = {}) {
    const auto view = proto::BatchView::check(builder.draft());
    if (!view) {
        builder.discard();
        return std::unexpected(view.error());
    }
    const BlockFacts facts = facts_of(*view, block, run, packets_at);
    if (auto appended = append_frame(file, facts, stored, builder.seal(), seed); !appended)
        return std::unexpected(appended.error());
    return facts;
}

class GrowingRows {
  public:
    // output must outlive this object.
    explicit GrowingRows(SegmentOutput& output) : output_(output) {}

    // Begins the file of another segment. packets_bytes: the length of its pcapng, here and below.
    void begin(const FileHeader& header, std::uint64_t packets_bytes);

    // seal(std::string& file, std::uint32_t block, std::uint64_t seed) appends the frame of a block to file,
    // as append_block() does, and returns what that returns. Returns whether it has.
    template <typename Seal>
    bool append(Seal seal, std::uint64_t packets_bytes) {
        bytes_.clear();
        const base::Result<BlockFacts> facts = seal(bytes_, progress_.blocks, seed_);
        if (!facts) return false;
        count(*facts);
        give(packets_bytes);
        return true;
    }

    // What the output was given of this segment, in whole blocks.
    [[nodiscard]] const SegmentProgress& progress() const { return progress_; }

  private:
    void count(const BlockFacts& facts);
    void give(std::uint64_t packets_bytes);  // bytes_

    SegmentOutput& output_;
    capture::OutputChunk chunk_;
    std::string bytes_;  // of the next chunk
    std::uint64_t seed_ = 0;
    SegmentProgress progress_;
};

}  // namespace packetsentry::spool
