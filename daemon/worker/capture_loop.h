// What a worker does from Go on: it reads packets, cuts batches, reports, listens to whoever started it, and
// finds out when the capture has ended.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/capture/packet_source.h"
#include "daemon/worker/link.h"
#include "daemon/worker/recorder.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

class CaptureLoop {
  public:
    // All must outlive it. The recorder is the one that gets the source's packets.
    CaptureLoop(const wire::Begin& begin, capture::PacketSource& source, Recorder& recorder, Link& link)
        : begin_(begin), source_(source), recorder_(recorder), link_(link) {}

    // Reads until until, until it is told to finish, or until there is nothing more. Once. Error: what has
    // ended the capture before its time, or the link has broken.
    [[nodiscard]] base::Result<wire::EndReason> run(const wire::Until& until);

    // The last thing, whether or not run() was called before: writes what the output has not taken yet, and
    // waits for the reader of a pipe (reader_patience.h). Error: the link has broken.
    [[nodiscard]] base::Result<void> save_the_rest();

    // Nobody wants to hear of this capture any more.
    [[nodiscard]] bool link_broken() const { return link_broken_; }

  private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] base::Result<wire::EndReason> read_until_done();
    [[nodiscard]] bool finished(capture::SourceState state) const;
    [[nodiscard]] base::Result<wire::EndReason> end_reason(capture::SourceState state) const;

    // idle: nothing more is there to be read just now.
    [[nodiscard]] base::Result<void> cut_and_report(bool done, bool idle);
    [[nodiscard]] base::Result<void> send_report();
    [[nodiscard]] base::Result<void> tell_news();
    [[nodiscard]] base::Result<void> send_notice(wire::Notice::Kind kind, const std::string& text,
                                                 const std::string& interface);

    [[nodiscard]] base::Result<void> wait_for_packets();
    [[nodiscard]] std::chrono::milliseconds wait_time() const;
    [[nodiscard]] base::Result<void> take_messages();
    void finish(const wire::Finish& finish);

    [[nodiscard]] base::Result<void> wait_for_reader();
    [[nodiscard]] std::string slow_reader_text() const;

    const wire::Begin& begin_;
    capture::PacketSource& source_;
    Recorder& recorder_;
    Link& link_;
    std::optional<Clock::time_point> deadline_;  // Until's duration; none: never
    std::optional<std::int64_t> finish_ns_;      // wall clock: packets before it are still ours
    Clock::time_point finish_limit_;             // ends the wait for them
    bool waits_for_reader_ = true;               // of the output, when the capture has ended
    bool hurried_ = false;                       // whoever waited for the end does so no longer
    Clock::time_point drained_at_;  // a ring that is empty then has no packet from before the handover
    Clock::time_point report_due_;
    Clock::time_point sync_due_;
    bool link_broken_ = false;
};

}  // namespace packetsentry::worker
