// Walks through frames of a rows file as RowsReader does (format/rows_reader.h), with a descriptor
// instead of the whole file: it holds one frame and what was read ahead.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/spool/format/rows_frame.h"
#include "daemon/spool/format/rows_reader.h"
#include "daemon/spool/search/spool_file.h"
#include "daemon/spool/search/time_set.h"

namespace packetsentry::spool {

// Bytes of a rows file from begin to end - 1, where frames begin and end.
struct Stretch {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint32_t first_block = 0;  // the lowest number that its first block can have

    bool operator==(const Stretch&) const = default;
};

// Its work is bounded as that of RowsReader is, and its memory is that of the longest frame, of 4.6 MiB.
class FrameWalk {
  public:
    // file: the rows file, which must outlive the walk. seed: that of its header. buffer: room that an
    // earlier walk had, whatever is in it.
    FrameWalk(const SpoolFile& file, std::uint64_t seed, std::vector<std::byte> buffer = {})
        : file_(file), seed_(seed), buffer_(std::move(buffer)) {}

    // Gives the room away, so that the next walk need not allocate and clear as much. No frame is valid
    // afterwards.
    [[nodiscard]] std::vector<std::byte> take_buffer() {
        buffered_ = 0;
        return std::exchange(buffer_, {});
    }

    // Continues with this stretch.
    void begin(const Stretch& stretch);

    // Returns the next frame that may have rows of these times, or the next bytes that cannot be read;
    // nothing at the end of the stretch. The frame is valid until the next call. The body of a frame of
    // other times is not read, and counted in passed_over(). Error (file): the kernel could not read.
    using Piece = std::variant<Frame, Unreadable>;
    [[nodiscard]] base::Result<std::optional<Piece>> next(const SoughtTimes& times);
    [[nodiscard]] std::uint32_t passed_over() const { return passed_over_; }

    // Returns a stretch for each frame that may have rows of these times, and for all other bytes between
    // frames, by the headers of the frames alone.
    [[nodiscard]] base::Result<std::vector<Stretch>> outline(const Stretch& stretch,
                                                             const SoughtTimes& times);

  private:
    // Returns what is there from this place on: at least so many bytes, unless the stretch or the file
    // ends. ahead: how many are read where not enough are there.
    [[nodiscard]] base::Result<Bytes> window(std::uint64_t at, std::size_t wanted, std::size_t ahead);
    // What the header of a frame tells.
    struct Head {
        BlockFacts facts = {};
        std::uint64_t size = 0;  // of the whole frame
    };
    [[nodiscard]] base::Result<std::variant<Head, FrameProblem>> read_head(std::size_t ahead);
    [[nodiscard]] base::Result<Piece> read_whole(const Head& head);
    [[nodiscard]] base::Result<Piece> skip_header(FrameProblem problem);
    // Continues behind the frame.
    void skip(const Head& head);

    const SpoolFile& file_;
    std::uint64_t seed_;
    Stretch stretch_;
    std::uint64_t at_ = 0;
    std::uint32_t next_block_ = 0;
    std::uint32_t passed_over_ = 0;
    std::vector<std::byte> buffer_;  // grows to what a frame needs
    std::uint64_t buffer_at_ = 0;    // where its first byte stands in the file
    std::size_t buffered_ = 0;       // bytes of it that are the file's
};

}  // namespace packetsentry::spool
