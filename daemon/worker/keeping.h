// Keeps the rows of a capture, and their packets, in segments of the spool (daemon/spool/FORMAT.md). A thread
// writes them, so that nothing here waits for a disk.
//
// The worker opens no file. Whoever started it sends the files of one segment after the other, each before it
// is needed. If it comes late, the present segment becomes larger than it should be, up to a limit
// (spool/format/segment_room.h). While there is none, or while the disk has been too slow for too long, rows
// are not kept; this is counted, and told when it begins and when it is over.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/packet_source.h"
#include "daemon/record/batch_builder.h"
#include "daemon/spool/format/file_header.h"
#include "daemon/spool/write/segment_thread.h"
#include "daemon/spool/write/segment_writer.h"
#include "daemon/worker/slow_output.h"
#include "proto/messages/capture.pb.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

class Keeping {
  public:
    using Clock = std::chrono::steady_clock;

    // A worker has this many segments at most: the present one, and the next one.
    static constexpr std::size_t kSegments = 2;
    static constexpr std::size_t kFilesOfSegment = 2;

    // Has rows kept. Without this call nothing is kept. thread: null does nothing.
    void start(std::unique_ptr<spool::SegmentThread> thread, const wire::Begin& begin);
    [[nodiscard]] bool active() const { return thread_ != nullptr; }

    // Takes the files of a segment, to be filled when the present one is full. Error (usage): they are not
    // those of a segment, or nobody asked for them.
    [[nodiscard]] base::Result<void> take(const wire::NextSegment& next, std::vector<base::UniqueFd> files);
    // Call this once, before the first row. run: of the job, from 1.
    void begin(std::uint32_t run, Clock::time_point now);

    // The rows of the packets are in this batch. Call this once, before begin(). It must outlive this object.
    void take_rows_of(const record::BatchBuilder& batch) { batch_ = &batch; }
    // number: of the row in this run. The row is the next one of the batch. interfaces: the source's.
    void keep(std::uint64_t number, const capture::Packet& packet,
              std::span<const capture::SourceInterface> interfaces) {
        if (thread_) append({number, packet, interfaces});
    }
    // Takes the rows over. Call it before the batch is sealed or discarded.
    void take_rows();
    // Ends blocks and segments that are old enough, has everything written to the disk when that is due, and
    // goes on behind a segment that has failed. Call this twice a second at least, and before each time that
    // many packets are read.
    void look(Clock::time_point now);

    // Gives the rows that wait in the open block to the disk, and a moment to the disk.
    void end_block();

    // Ends the present segment. Call it after the last row.
    void end();
    // After end(): tells whether everything is on the disk. Until then, the bytes that wait for it.
    [[nodiscard]] bool settled() { return !thread_ || thread_->done_within(std::chrono::milliseconds(0)); }
    [[nodiscard]] std::uint64_t bytes_waiting() const { return thread_ ? thread_->bytes_waiting() : 0; }
    // Waits for the disk for at most this time.
    void go_on(std::chrono::milliseconds time) {
        if (thread_) (void)thread_->done_within(time);
    }
    // Waits no longer: what the disk has not accepted counts as not kept.
    void give_up();

    // Tells whether the present segment may be full before the usual time of a report, while the next one has
    // not come. Then a report is due now, because whoever sends segments goes by that.
    [[nodiscard]] bool runs_short() const;
    // Adds what was written to the segments. That one has ended is told once.
    void report(google::protobuf::RepeatedPtrField<wire::SegmentReport>& reports);
    // Returns a text for the user, once: rows are not kept, and why; or this is over.
    [[nodiscard]] std::optional<std::string> take_news(Clock::time_point now);
    // Sets the count of rows that are not kept in a ledger.
    void count(wire::Ledger& ledger) const { ledger.set_not_kept(not_kept_ + refused()); }

  private:
    struct Ready {
        spool::FileHeader header;
        spool::FilesToFill files;
    };
    struct Begun {
        std::uint64_t counter = 0;
        std::uint64_t rows = 0;  // that were given to it
    };

    void append(const spool::BatchedPacket& batched);
    // Has the writer do something, and no longer counts as given to the present segment what it refuses then.
    template <typename Work>
    void with_writer(Work work);
    void begin_segment();
    void end_segment();
    void end_open_block();
    [[nodiscard]] std::uint64_t refused() const { return writer_ ? writer_->rows_refused() : 0; }
    void settle(const spool::SegmentNews& news);

    const record::BatchBuilder* batch_ = nullptr;
    std::unique_ptr<spool::SegmentThread> thread_;
    spool::SegmentLimits limits_;
    Clock::duration sync_interval_ = {};
    std::optional<spool::SegmentWriter> writer_;  // none before begin()
    std::optional<Ready> next_;
    std::deque<Begun> begun_;  // whose end was not reported
    bool open_ = false;        // the last of begun_ takes rows
    bool with_packets_ = false;
    bool given_up_ = false;
    Clock::time_point now_;
    Clock::time_point sync_due_;
    std::uint64_t told_bytes_ = 0;  // the present segment had at the last report
    std::uint64_t not_kept_ = 0;
    std::string failure_;       // why the last segment has failed
    std::uint64_t failed_ = 0;  // which this was, if look() has noticed it
    SlowOutput slow_;
};

}  // namespace packetsentry::worker
