// Does what its first message says: answers a question about the past (answering.h), makes an index
// (tidying.h), or runs one capture from Begin to Ended: opens the source and gives up every right
// (opening.h), reads packets until it is told to end or is done (capture_loop.h), and reports the result.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>

#include "daemon/base/result.h"
#include "daemon/worker/capture_loop.h"
#include "daemon/worker/link.h"
#include "daemon/worker/opening.h"
#include "daemon/worker/recorder.h"
#include "daemon/worker/sandbox.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

class Worker {
  public:
    // unlisted: what the sandbox does with system calls that are not listed. The link must outlive the
    // worker.
    Worker(Link& link, Unlisted unlisted) : link_(link), unlisted_(unlisted) {}

    // Does it, and returns the exit code of the process: 0 if Ended was sent, 1 if the link has
    // broken. Sockets stay open, because the sandbox forbids the calls with which libpcap closes them. So end
    // the process with _exit().
    [[nodiscard]] int run();

  private:
    [[nodiscard]] int run_capture();
    [[nodiscard]] base::Result<wire::EndReason> capture_with_what_there_is();
    [[nodiscard]] base::Result<wire::EndReason> capture();
    [[nodiscard]] base::Result<void> open();
    void make_recorder();
    void choose_tables();
    [[nodiscard]] base::Result<void> send_ready();
    [[nodiscard]] base::Result<std::optional<wire::Go>> wait_for_go();
    void prepare(const wire::Go& go);
    void cut_output(off_t bytes);
    [[nodiscard]] base::Result<void> take_output();
    [[nodiscard]] base::Result<void> send_ended(const base::Result<wire::EndReason>& outcome);

    Link& link_;
    Unlisted unlisted_;
    wire::Begin begin_;
    Opened opened_;
    std::unique_ptr<Recorder> recorder_;  // with the loop, once the source is open
    std::optional<CaptureLoop> loop_;
};

}  // namespace packetsentry::worker
