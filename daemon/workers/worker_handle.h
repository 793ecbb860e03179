// One packetsentry-worker: its process, its link, and a deadline for each thing that it is asked to do.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/base/closing.h"
#include "daemon/base/result.h"
#include "daemon/loop/async_channel.h"
#include "daemon/loop/timer.h"
#include "daemon/quota/capture_resources.h"
#include "daemon/workers/child.h"
#include "proto/link/worker_reader.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::workers {

// proto/messages/worker.proto describes the protocol. If the worker does anything wrong, it is killed, and
// next() returns the error.
class WorkerHandle : public std::enable_shared_from_this<WorkerHandle> {
  public:
    // Error (internal): there is no such program, or no descriptor or process could be made.
    [[nodiscard]] static base::Result<std::shared_ptr<WorkerHandle>> start(
        const boost::asio::any_io_executor& executor, const std::string& path);
    WorkerHandle(const boost::asio::any_io_executor& executor, base::UniqueFd link, pid_t pid);

    // Tells the worker what to capture. output: belongs to the caller; -1 if nothing is saved. Until the
    // process has ended, the worker's copy of output counts as a file of its user, the worker counts in
    // of_job, and share is held. Even a killed process may not end before the file system of the output
    // answers.
    void begin(const wire::Begin& begin, int output, const base::Count& of_job,
               const quota::CaptureResources::SharePtr& share);
    // Returns null when the process has ended.
    [[nodiscard]] quota::CaptureResources::SharePtr share() const { return share_.lock(); }
    // Tells the worker only to compile a libpcap expression and a display filter, either of which may be
    // empty; it then says that it is ready, and ends. Call it instead of begin().
    void check_filters(const std::string& filter, const std::string& display);
    // Sends the files of a segment that the worker fills. header: of its rows file. packets: -1 if it has no
    // packets. The descriptors stay the caller's.
    void send_segment(const std::string& header, int rows, int packets);
    // Call this before Go if the worker may ask for further output files.
    void expect_want_output() { reader_.expect_want_output(); }
    // Sends an output in place of that of begin(), before Go; or the file that the worker has asked for.
    // The descriptor stays the caller's. It counts as a file of its user as in begin(). A worker has two
    // at most, because it cannot have more descriptors.
    void send_output(int output);
    // Tells the worker that there is no file, and why. "": nobody is left who could open one, so it goes
    // on in the file that it has.
    void send_no_output(const std::string& failure);
    // Has the worker write the rows that wait for the end of their block, and report them.
    void end_block();
    // Before Go: sends what the worker before this one has passed on. Returns false, and sends nothing, if
    // this one has not taken enough of those before until that time, or is dead.
    [[nodiscard]] boost::asio::awaitable<bool> send_passed(const wire::PassedState& passed,
                                                           std::chrono::steady_clock::time_point until);
    void go(const wire::Go& go);
    // How the worker must end.
    struct Ending {
        std::int64_t until_ns = 0;            // after the packets before this time
        std::chrono::milliseconds within{0};  // after this time it is killed
        // The worker may take longer, as long as it continues to report, because it waits for its output: for
        // a disk, or for the reader of a pipe.
        bool wait_for_reader = false;
        // It passes what has not ended on to another worker (proto::WorkerReader gives it).
        bool pass_on = false;
    };
    // Tells the worker to end. Only the first call has an effect.
    void finish(const Ending& ending);
    // After finish(): tells the worker not to wait for the reader of its output any longer.
    void hurry();

    // Returns the next event. After an error there are no more: the worker broke the protocol, ended without
    // Ended, or missed a deadline. Do not call it again after Ended.
    [[nodiscard]] boost::asio::awaitable<base::Result<proto::WorkerEvent>> next();

    // Reads until Ready. Errors: those that the worker sends, and those of next().
    [[nodiscard]] boost::asio::awaitable<base::Result<wire::Ready>> ready(std::chrono::milliseconds within);

    // Kills the worker. failure: the message of the error that next() returns then.
    void kill(const std::string& failure);

    // Returns when the process has ended, or at the deadline.
    [[nodiscard]] boost::asio::awaitable<void> gone(std::chrono::steady_clock::time_point deadline);

    // Returns the batch of the rows that next() returned last.
    [[nodiscard]] std::string take_batch() { return reader_.take_batch(); }
    [[nodiscard]] const wire::Ledger& ledger() const { return reader_.ledger(); }
    // Returns the interfaces under the names that the worker was given. It continues to use these names, even
    // if the interfaces are renamed.
    [[nodiscard]] const std::vector<std::string>& interfaces() const { return interfaces_; }
    // Returns the bytes with which a segment of the spool is full, as the worker was told; 0: it was not
    // told.
    [[nodiscard]] std::uint64_t segment_bytes() const { return segment_bytes_; }
    [[nodiscard]] pid_t pid() const { return child_.pid(); }

  private:
    void kill_after(std::chrono::milliseconds time, std::string failure);
    void expect_end();
    void expect_word();
    [[nodiscard]] bool has_said_something() const;
    void disarm() { deadline_.expires_at(std::chrono::steady_clock::time_point::max()); }
    void let_exit();
    [[nodiscard]] boost::asio::awaitable<base::Error> death();

    std::shared_ptr<loop::AsyncChannel> link_;
    Child child_;
    proto::WorkerReader reader_;
    loop::Timer deadline_;
    std::weak_ptr<quota::CaptureResources::Share> share_;
    std::vector<std::string> interfaces_;
    std::uint64_t segment_bytes_ = 0;
    std::string failure_;
    bool going_ = false;
    bool finishing_ = false;
    bool next_output_counted_ = false;
    Ending ending_;
};

}  // namespace packetsentry::workers
