// What a worker does after Go: it reads packets, cuts batches, sends reports, reads messages from the program
// that started it, and finds out when the capture has ended.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/packet_source.h"
#include "daemon/worker/link.h"
#include "daemon/worker/longest_pause.h"
#include "daemon/worker/recorder.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

class CaptureLoop {
  public:
    // All arguments must outlive this object. The recorder must be the one that gets the source's packets.
    CaptureLoop(const wire::Begin& begin, capture::PacketSource& source, Recorder& recorder, Link& link)
        : begin_(begin), source_(source), recorder_(recorder), link_(link) {}

    // Reads packets until a limit is reached, until it is told to finish, or until the file ends. Can be
    // called once. Error: the capture failed, or the link has broken.
    [[nodiscard]] base::Result<wire::EndReason> run(const wire::Until& until);

    // Writes what the output has not accepted yet, and waits for it (output_patience.h).
    // Call this last, whether or not run() was called. failed: what run() has returned is an error, after
    // which another worker may continue. Error: the link has broken; what could be saved was saved.
    [[nodiscard]] base::Result<void> save_the_rest(bool failed);

    // Writes what was recorded when the link has broken: the output file is still somebody's, and a later
    // worker may go on in it.
    void save_alone();

    // Opens the next output file: asks the program that started this worker for it, and waits. For
    // Saving, where a file is read. Error: as told.
    [[nodiscard]] base::Result<base::UniqueFd> next_file();

  private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] base::Result<wire::EndReason> read_until_done();
    [[nodiscard]] bool finished(capture::SourceState state) const;
    // Tells whether no ring has a packet from before this time.
    [[nodiscard]] bool rings_reached(std::int64_t time_ns) const;
    [[nodiscard]] base::Result<wire::EndReason> end_reason(capture::SourceState state) const;
    [[nodiscard]] base::Result<void> end_derived(bool failed);

    // idle: there is no packet to read at the moment.
    [[nodiscard]] base::Result<void> cut_and_report(bool done, bool idle);
    [[nodiscard]] base::Result<void> end_block();
    [[nodiscard]] base::Result<void> send_report();
    [[nodiscard]] base::Result<void> tell_news();
    [[nodiscard]] base::Result<void> send_notice(wire::Notice::Kind kind, const std::string& text,
                                                 const std::string& interface);

    [[nodiscard]] base::Result<void> wait_for_packets();
    [[nodiscard]] std::chrono::milliseconds wait_time() const;
    [[nodiscard]] base::Result<void> take_messages();
    [[nodiscard]] base::Result<void> take(const wire::ToWorker& message);
    void finish(const wire::Finish& finish);
    // Asks the program that started this worker for an output file. Call it after a cut. The counts are
    // sent first, because they tell which files are complete.
    [[nodiscard]] base::Result<void> ask_for_file();
    [[nodiscard]] base::Result<base::UniqueFd> file_of(const wire::NextOutput& next);

    [[nodiscard]] base::Result<void> wait_for_output();
    // Waits for the disks, or for the reader of the output, for at most this time.
    void go_on(std::chrono::milliseconds time);
    [[nodiscard]] std::string slow_output_text();

    const wire::Begin& begin_;
    capture::PacketSource& source_;
    Recorder& recorder_;
    Link& link_;
    std::optional<Clock::time_point> deadline_;  // the end of the capture's duration; none: no limit
    std::optional<std::int64_t> finish_ns_;      // wall clock: packets before it belong to this worker
    Clock::time_point finish_limit_;             // ends the wait for these packets
    bool passes_on_ = false;                     // another worker takes what has not ended
    bool waits_for_reader_ = true;               // waits for the output's reader when the capture has ended
    bool hurried_ = false;                       // nobody waits for the end of this capture any more
    Clock::time_point report_due_;
    Clock::time_point sync_due_;
    LongestPause pause_{Clock::now()};
};

}  // namespace packetsentry::worker
