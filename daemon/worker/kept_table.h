// The segments of one table of a capture, which a thread writes one after the other (keeping.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/unique_fd.h"
#include "daemon/spool/format/file_header.h"
#include "daemon/spool/write/segment_thread.h"
#include "daemon/spool/write/table_writer.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

class KeptTable {
  public:
    using Clock = std::chrono::steady_clock;

    struct Settings {
        std::uint64_t segment_bytes = 0;  // a segment with so many is full
        Clock::duration sync_interval = {};
    };

    // The writer gives its bytes to the thread.
    KeptTable(std::unique_ptr<spool::SegmentThread> thread, const Settings& settings);

    // Tells whether there is a segment already that no row was given to.
    [[nodiscard]] bool has_next() const { return next_.has_value(); }
    // Takes the files of a segment, to be filled when the present one is full. has_next() must be false.
    void take(const spool::FileHeader& header, std::vector<base::UniqueFd> files);
    [[nodiscard]] spool::SegmentOutput& output() { return *thread_; }
    // Call this once, before the first row. The writer must outlive this object.
    void begin(spool::TableWriter& writer, Clock::time_point now);

    // Call it before each row. False: the row cannot be kept, and counts so.
    [[nodiscard]] bool admits_row();
    // Whether the present segment has a pcapng.
    [[nodiscard]] bool with_packets() const { return with_packets_; }
    // append gives the row that was admitted to the writer.
    template <typename Append>
    void add_row(Append append) {
        begun_.back().rows += 1;
        with_writer(append);
    }
    // Has the writer do something, and no longer counts as given to the present segment what it refuses then.
    template <typename Work>
    void with_writer(Work work) {
        const std::uint64_t refused_before = writer_->rows_refused();
        work();
        std::uint64_t& rows = begun_.back().rows;
        rows -= std::min(rows, writer_->rows_refused() - refused_before);
    }
    [[nodiscard]] bool open() const { return open_; }
    [[nodiscard]] Clock::time_point now() const { return now_; }  // as the last look() said

    // These are as in Keeping.
    void look(Clock::time_point now);
    void end_block(std::chrono::milliseconds moment);
    void end() { end_segment(); }
    [[nodiscard]] bool settled() { return thread_->done_within(std::chrono::milliseconds(0)); }
    [[nodiscard]] std::uint64_t bytes_waiting() const { return thread_->bytes_waiting(); }
    void go_on(std::chrono::milliseconds time) { (void)thread_->done_within(time); }
    void give_up();
    [[nodiscard]] bool runs_short() const;
    void report(google::protobuf::RepeatedPtrField<wire::SegmentReport>& reports);

    [[nodiscard]] std::uint64_t not_kept() const {
        return not_kept_ + (writer_ ? writer_->rows_refused() : 0);
    }
    // Returns why rows are not kept at present. A segment that has failed is told once.
    [[nodiscard]] std::string take_reason();

  private:
    struct Ready {
        spool::FileHeader header;
        spool::FilesToFill files;
    };
    struct Begun {
        std::uint64_t counter = 0;
        std::uint64_t rows = 0;  // that were given to it
    };

    void begin_segment();
    void end_segment();
    void end_open_block();
    void settle(const spool::SegmentNews& news);

    std::unique_ptr<spool::SegmentThread> thread_;
    Settings settings_;
    spool::TableWriter* writer_ = nullptr;  // before begin()
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
};

}  // namespace packetsentry::worker
