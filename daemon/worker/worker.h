// One capture from Begin to Ended: opens the source, drops every right, reads until told or done.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/capture_filter.h"
#include "daemon/capture/packet_source.h"
#include "daemon/worker/link.h"
#include "daemon/worker/recorder.h"
#include "daemon/worker/sandbox.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

class Worker {
  public:
    // unlisted: of the sandbox it enters.
    Worker(Link& link, Unlisted unlisted) : link_(link), sandbox_{.unlisted = unlisted} {}

    // Until Ended is sent (0) or the link has broken (1): the process's exit code.
    // Sockets stay open: the sandbox forbids what libpcap does to close them. End by _exit().
    [[nodiscard]] int run();

  private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] base::Result<wire::EndReason> capture_with_what_there_is();
    [[nodiscard]] base::Result<wire::EndReason> capture();
    [[nodiscard]] base::Result<void> begin();
    [[nodiscard]] base::Result<void> open_live(const capture::CaptureFilter& filter);
    [[nodiscard]] base::Result<void> open_file(base::UniqueFd input, const capture::CaptureFilter& filter);
    [[nodiscard]] base::Result<void> check_filter();
    [[nodiscard]] base::Result<void> drop_and_enter(int first_forbidden);
    [[nodiscard]] base::Result<void> enter(int first_forbidden);
    void take_output(base::UniqueFd output);
    [[nodiscard]] base::Result<void> make_recorder(const base::PacketFilter& options);
    [[nodiscard]] base::Result<void> send_ready(const std::string& filter);
    [[nodiscard]] base::Result<bool> wait_for_go();
    void cut_output(off_t bytes);

    [[nodiscard]] base::Result<wire::EndReason> read_until_done();
    [[nodiscard]] base::Result<void> take_messages();
    void finish(const wire::Finish& finish);
    [[nodiscard]] base::Result<void> tell_news();
    // idle: nothing more is there to be read just now.
    [[nodiscard]] base::Result<void> cut_and_report(bool done, bool idle);
    [[nodiscard]] base::Result<void> send_report();
    [[nodiscard]] base::Result<void> wait_for_packets();
    [[nodiscard]] std::chrono::milliseconds wait_time() const;
    [[nodiscard]] bool finished(capture::SourceState state) const;
    [[nodiscard]] base::Result<wire::EndReason> end_reason(capture::SourceState state) const;
    [[nodiscard]] base::Result<void> save_the_rest();
    [[nodiscard]] base::Result<void> wait_for_reader();
    [[nodiscard]] std::string slow_reader_text() const;

    [[nodiscard]] base::Result<void> send_notice(wire::Notice::Kind kind, const std::string& text,
                                                 const std::string& interface);
    [[nodiscard]] base::Result<void> send_ended(const base::Result<wire::EndReason>& outcome);

    Link& link_;
    Sandbox sandbox_;
    wire::Begin begin_;
    int output_ = -1;                                 // the writer's
    std::unique_ptr<capture::CaptureWriter> writer_;  // until the recorder has it
    std::unique_ptr<capture::PacketSource> source_;
    std::uint64_t file_bytes_ = 0;
    std::vector<std::uint32_t> filter_lengths_;  // an interface each, in instructions
    std::unique_ptr<Recorder> recorder_;
    std::optional<Clock::time_point> deadline_;  // Until's duration; none: never
    std::optional<std::int64_t> finish_ns_;      // wall clock: packets before it are still ours
    Clock::time_point finish_limit_;             // ends the wait for them
    bool waits_for_reader_ = true;               // of the output, when the capture has ended
    bool hurried_ = false;                       // whoever waited for the end does so no longer
    Clock::time_point drained_at_;               // an empty ring has no more of before the handover
    Clock::time_point report_due_;
    Clock::time_point sync_due_;
    bool link_broken_ = false;
};

}  // namespace packetsentry::worker
