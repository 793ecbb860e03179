// Walks through a rows file, and around what is damaged in it.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>

#include "daemon/base/result.h"
#include "daemon/spool/format/file_header.h"
#include "daemon/spool/format/rows_frame.h"

namespace packetsentry::spool {

// Bytes of a rows file that give no rows.
struct Unreadable {
    FrameProblem problem = FrameProblem::header_damaged;
    std::uint64_t offset = 0;  // in the file
    std::uint64_t bytes = 0;
    std::optional<BlockFacts> facts = {};  // which rows these are, where the header of the frame is whole
};

// Its work is bounded, whatever the bytes are: it looks at each byte once as a part of a frame, and at
// each multiple of 8 twice as the place where a header may stand.
class RowsReader {
  public:
    // file: the rows file from its beginning up to its closed length. It must outlive the reader and the
    // frames. Error: as read_file_header().
    [[nodiscard]] static base::Result<RowsReader> open(Bytes file);

    [[nodiscard]] const FileHeader& header() const { return header_; }

    // Returns the next frame, or the next bytes that cannot be read; nothing at the end. The numbers of
    // blocks ascend from frame to frame: a number that is left out is that of a block whose header is
    // damaged.
    [[nodiscard]] std::optional<std::expected<Frame, Unreadable>> next();

  private:
    RowsReader(Bytes file, const FileHeader& header)
        : file_(file), header_(header), seed_(header.seed()), at_(kFileHeaderBytes) {}

    // Continues where the next header of a frame stands.
    [[nodiscard]] Unreadable skip_header(FrameProblem problem);
    // Continues behind the frame.
    [[nodiscard]] Unreadable skip_frame(const FrameFailure& failure);

    Bytes file_;
    FileHeader header_;
    std::uint64_t seed_;
    std::uint64_t at_;
    std::uint32_t next_block_ = 0;
};

}  // namespace packetsentry::spool
