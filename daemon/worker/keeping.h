// Keeps the rows of a capture, and their packets, in segments of the spool (daemon/spool/FORMAT.md). Threads
// write them, so that nothing here waits for a disk.
//
// The worker opens no file. Whoever started it sends the files of one segment after the other, for each table
// that is kept, each before it is needed. If it comes late, the present segment becomes larger than it should
// be, up to a limit (spool/format/segment_room.h). While there is none, or while the disk has been too slow
// for too long, rows are not kept; this is counted, and told when it begins and when it is over.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/packet_source.h"
#include "daemon/flows/server_names.h"
#include "daemon/record/batch_builder.h"
#include "daemon/record/derived_batch_builder.h"
#include "daemon/spool/write/derived_segment_writer.h"
#include "daemon/spool/write/segment_thread.h"
#include "daemon/spool/write/segment_writer.h"
#include "daemon/worker/kept_table.h"
#include "daemon/worker/slow_output.h"
#include "proto/messages/capture.pb.h"
#include "proto/messages/worker.pb.h"
#include "proto/words/kept_tables.h"

namespace packetsentry::worker {

// The threads that write the segments. They are started before the worker gives up the right to.
struct SegmentThreads {
    // Bytes. Rows that are made of several packets each are fewer than packets.
    static constexpr std::size_t kDerivedBacklog = 16U << 20;

    std::unique_ptr<spool::SegmentThread> packets;  // null: neither packets nor their rows are kept
    std::map<wire::Table, std::unique_ptr<spool::SegmentThread>>
        derived;  // of the other tables that are kept

    // Starts those that are needed for this.
    [[nodiscard]] static SegmentThreads start(const wire::Keep& keep);
};

class Keeping {
  public:
    using Clock = std::chrono::steady_clock;

    // A worker has this many segments of a table at most: the present one, and the next one.
    static constexpr std::size_t kSegments = 2;
    static constexpr std::size_t kFilesOfSegment = 2;
    // The descriptors of all segments that it can have. Those of tables other than packets have one file
    // each.
    [[nodiscard]] static std::size_t most_files(const wire::Keep& keep) {
        return kSegments * (kFilesOfSegment + proto::derived_tables_of(keep));
    }

    // Has rows kept. Without this call nothing is kept; nor is it without threads.
    void start(SegmentThreads threads, const wire::Begin& begin);
    [[nodiscard]] bool active() const { return packets_ || !derived_.empty(); }
    [[nodiscard]] bool keeps_packets() const { return packets_.has_value(); }

    // Takes the files of a segment, to be filled when the present one of its table is full. Error (usage):
    // they are not those of a segment, or nobody asked for them.
    [[nodiscard]] base::Result<void> take(const wire::NextSegment& next, std::vector<base::UniqueFd> files);
    // Call this once, before the first row. run: of the job, from 1.
    void begin(std::uint32_t run, Clock::time_point now);

    // The rows of the packets are in this batch. Call this once, before begin(). It must outlive this object.
    void take_rows_of(const record::BatchBuilder& batch) { batch_ = &batch; }
    // Kept rows of packets have these names of addresses. Call this before begin(). names must outlive the
    // last call.
    void take_names_from(const flows::ServerNames& names) { names_ = &names; }
    // The kept rows of this table, which is not that of packets, are put into this block, which nothing else
    // uses. Call this once, before begin(). It must be there until the last call.
    void take_rows_of(wire::Table table, record::DerivedBatchBuilder& block);
    // number: of the row in this run. The row is the next one of the batch. interfaces: the source's.
    void keep(std::uint64_t number, const capture::Packet& packet,
              std::span<const capture::SourceInterface> interfaces) {
        if (packets_) append({number, packet, interfaces});
    }
    // Takes the rows over. Call it before the batch is sealed or discarded.
    void take_rows();
    // If the table is kept, has append_row() append a row to its block. number: of the row in this run.
    template <typename AppendRow>
    void keep_row(wire::Table table, std::uint64_t number, AppendRow append_row) {
        Derived* const derived = find(table);
        if (derived == nullptr || !derived->writer || !derived->kept.admits_row()) return;
        derived->kept.add_row([&] { derived->writer->append(number, derived->kept.now(), append_row); });
    }

    // Ends blocks and segments that are old enough, has everything written to the disk when that is due, and
    // goes on behind a segment that has failed. Call this twice a second at least, and before each time that
    // many packets are read.
    void look(Clock::time_point now);

    // Gives the rows that wait in the open blocks to the disk, and a moment to the disk.
    void end_block();

    // Ends the present segments. Call it after the last row.
    void end();
    // After end(): tells whether everything is on the disk. Until then, the bytes that wait for it.
    [[nodiscard]] bool settled();
    [[nodiscard]] std::uint64_t bytes_waiting() const;
    // Waits for the disk for at most this time, for each table.
    void go_on(std::chrono::milliseconds time);
    // Waits no longer: what the disk has not accepted counts as not kept.
    void give_up();

    // Tells whether a present segment may be full before the usual time of a report, while the next one has
    // not come. Then a report is due now, because whoever sends segments goes by that.
    [[nodiscard]] bool runs_short() const;
    // Adds what was written to the segments. That one has ended is told once.
    void report(google::protobuf::RepeatedPtrField<wire::SegmentReport>& reports);
    // Returns a text for the user, once: rows are not kept, and why; or this is over.
    [[nodiscard]] std::optional<std::string> take_news(Clock::time_point now);
    // Sets the counts of rows that are not kept in a ledger.
    void count(wire::Ledger& ledger) const;

  private:
    // A table other than that of packets.
    struct Derived {
        Derived(wire::Table its_table, std::unique_ptr<spool::SegmentThread> thread,
                const KeptTable::Settings& settings)
            : table(its_table), kept(std::move(thread), settings) {}

        wire::Table table;
        KeptTable kept;
        record::DerivedBatchBuilder* block = nullptr;            // null: no rows are made of it
        std::optional<spool::DerivedSegmentWriter> writer = {};  // none before begin()
        SlowOutput slow = {};
    };

    void append(const spool::BatchedPacket& batched);
    [[nodiscard]] Derived* find(wire::Table table);  // null: it is not kept
    // Calls work(table) for each table that is kept.
    template <typename Work>
    void each(Work work) {
        if (packets_) work(*packets_);
        for (Derived& derived : derived_) work(derived.kept);
    }

    const record::BatchBuilder* batch_ = nullptr;
    const flows::ServerNames* names_ = nullptr;  // null: nobody knows them
    spool::SegmentLimits limits_;
    std::optional<KeptTable> packets_;
    std::optional<spool::SegmentWriter> packet_writer_;  // none before begin()
    std::deque<Derived> derived_;                        // which stay where they are
    SlowOutput slow_;
};

}  // namespace packetsentry::worker
