// A thread that writes segments, so that whoever captures never waits for the disk of the spool.
//
// Chunks wait in a queue of limited size. A disk that stalls for seconds costs nothing. When the queue is
// full, the caller leaves packets out until there is room again. If a file cannot be written, its segment
// ends before what has failed, and the caller goes on with another one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/base/unique_fd.h"
#include "daemon/capture/file/output_chunk.h"
#include "daemon/spool/write/segment_output.h"

namespace packetsentry::spool {

// The files that a segment is written to, opened with O_APPEND.
struct FilesToFill {
    std::uint64_t counter = 0;  // the segment's
    base::UniqueFd rows = {};
    base::UniqueFd packets = {};  // not open: the segment has no pcapng
};

// What has become of a segment.
struct SegmentNews {
    std::uint64_t counter = 0;
    SegmentProgress written = {};
    bool ended = false;        // its files are closed, and written will not change
    std::string failure = {};  // why it has ended early; empty: it has not
};

// Its owner uses it from one thread.
class SegmentThread : public SegmentOutput {
  public:
    static constexpr std::size_t kBacklog = 64U << 20;  // bytes that may wait for the disk

    // Starts the thread, with all signals blocked. A process that filters its system calls does that before.
    explicit SegmentThread(std::size_t backlog = kBacklog);
    // Gives up what still waits. A thread that hangs in a write is left to the end of the process.
    ~SegmentThread() override;
    SegmentThread(const SegmentThread&) = delete;
    SegmentThread& operator=(const SegmentThread&) = delete;

    // What is given from now on belongs to this segment. The segment before must have been ended.
    void begin(FilesToFill files);
    // Has everything of the present segment written to the disk, and its files closed.
    void end();
    // The present segment takes nothing more, because a file could not be written. Then it has ended.
    [[nodiscard]] bool failed() const { return failure().has_value(); }
    // Why.
    [[nodiscard]] std::optional<std::string> failure() const;

    [[nodiscard]] capture::OutputChunk give_packets(capture::OutputChunk chunk) override;
    [[nodiscard]] capture::OutputChunk give_rows(capture::OutputChunk chunk,
                                                 const SegmentProgress& progress) override;

    [[nodiscard]] std::uint64_t bytes_waiting() const;
    [[nodiscard]] bool has_room() const { return bytes_waiting() < backlog_; }

    // Has what was given until now written to the disk.
    void ask_sync();
    // Waits until everything is done that was asked for, for at most this time. False: something is left.
    [[nodiscard]] bool done_within(std::chrono::milliseconds time);
    // The thread writes nothing more of what waits.
    void give_up();

    // Returns the state of each segment that has not ended, and once that of each that has, in the order in
    // which they were begun.
    [[nodiscard]] std::vector<SegmentNews> take_news();

  private:
    struct Shared;
    struct Segment;
    struct Item;
    static void work(const std::shared_ptr<Shared>& shared);
    [[nodiscard]] capture::OutputChunk give(Item item);

    std::size_t backlog_;
    std::shared_ptr<Shared> shared_;
    std::shared_ptr<Segment> present_;
    std::thread thread_;
};

}  // namespace packetsentry::spool
