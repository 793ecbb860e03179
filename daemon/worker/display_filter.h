// The display filter of a capture (-Y): decides which packets are recorded.
//
// An expression asks the fields of a row, so a packet must become a row before the expression can be asked,
// and whether it is saved is decided only then. Packets therefore wait in a block, with copies of their
// frames. A block is asked as a whole, because the expression is evaluated over columns, where a row costs a
// few nanoseconds. Packets that pass are then dissected a second time and recorded as if there were no
// display filter; the rows of the block itself are discarded. The second dissection costs less than it seems:
// who gives an expression mostly wants few packets, and no column needs to be copied row by row.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/capture/packet_source.h"
#include "daemon/dissect/dissection.h"
#include "daemon/record/batch_builder.h"
#include "proto/query/evaluate/filter.h"

namespace packetsentry::worker {

// How many packets wait together.
struct BlockLimits {
    std::uint32_t packets = 1024;
    std::size_t bytes = 8 * 1024 * 1024;  // of their frames; the last one may go beyond it
};

class DisplayFilter {
  public:
    using Clock = std::chrono::steady_clock;

    // A packet that waits.
    struct Waiting {
        capture::Packet packet;           // what may be recorded of it; its frame is a copy
        std::size_t dissected_bytes = 0;  // the length on the wire that the dissector was told
        bool malformed = false;           // its dissection was
        std::uint8_t tcp_notes = 0;       // of its dissection, which dissecting it again does not tell
    };

    // Null where the text is empty. Error: filter (the text is no display filter; it has its place in it).
    [[nodiscard]] static base::Result<std::unique_ptr<DisplayFilter>> compile(const std::string& text,
                                                                              BlockLimits limits = {});

    // The packet waits from now on. dissection is that of the packet; interfaces and interface_name as for
    // record::BatchBuilder. Call it only while the block is not full.
    void add(const Waiting& waiting, const dissect::Dissection& dissection,
             std::span<const capture::SourceInterface> interfaces, std::string_view interface_name);

    // Packets of which it is not decided yet whether they pass.
    [[nodiscard]] std::uint32_t waiting() const { return static_cast<std::uint32_t>(block_.size() - next_); }
    [[nodiscard]] bool full() const;
    // When the first packet of the block came.
    [[nodiscard]] Clock::time_point since() const { return since_; }

    // Asks the block. Then take next() until there is none, which empties the block; what is returned is
    // valid until the next call of any function. discard_rest() empties it before. Error: internal.
    [[nodiscard]] base::Result<void> ask();
    [[nodiscard]] const Waiting* next();
    void discard_rest();

    // Packets that did not pass, and those that were discarded.
    [[nodiscard]] std::uint64_t filtered() const { return filtered_; }

  private:
    DisplayFilter(query::Filter filter, BlockLimits limits) : filter_(std::move(filter)), limits_(limits) {}
    void clear();

    query::Filter filter_;
    BlockLimits limits_;
    record::BatchBuilder rows_;
    std::vector<Waiting> block_;
    std::vector<std::size_t> frame_begin_;  // in frames_, of each packet of the block
    std::vector<std::byte> frames_;
    std::vector<std::uint8_t> passes_;  // a byte for each packet of the block, after ask()
    std::size_t next_ = 0;              // in the block
    Clock::time_point since_;
    std::uint64_t filtered_ = 0;
};

}  // namespace packetsentry::worker
