// One packetsentry-worker: its process, its link, and a deadline for what is asked of it.
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

// The protocol is proto/messages/worker.proto. Whatever it does wrong, it is killed, and next() tells.
class WorkerHandle : public std::enable_shared_from_this<WorkerHandle> {
  public:
    // Errors: internal (no such program, no descriptors, no process).
    [[nodiscard]] static base::Result<std::shared_ptr<WorkerHandle>> start(
        const boost::asio::any_io_executor& executor, const std::string& path);
    WorkerHandle(const boost::asio::any_io_executor& executor, base::UniqueFd link, pid_t pid);

    // output: -1 where the capture saves nothing; it stays the caller's. The worker's copy of output counts
    // as one of its user's files, the worker as one of its job's, and its share of the machine is held, until
    // the process has ended: which it may not, killed or not, before a file system answers.
    void begin(const wire::Begin& begin, int output, const base::Count& of_job,
               const quota::CaptureResources::SharePtr& share);
    // Null once the process has ended.
    [[nodiscard]] quota::CaptureResources::SharePtr share() const { return share_.lock(); }
    // In its place: it compiles the filter, is ready, and ends.
    void check_filter(const std::string& filter);
    void go(const wire::Go& go);
    // How it is to end.
    struct Ending {
        std::int64_t until_ns = 0;            // after the packets before this
        std::chrono::milliseconds within{0};  // else it is killed
        // It may take longer, as long as it goes on to report: what the reader of its output takes is waited
        // for.
        bool wait_for_reader = false;
    };
    // Only the first call counts.
    void finish(const Ending& ending);
    // After finish(): nobody waits for the reader of its output any more.
    void hurry();

    // The next event. An error means there are no more: a breach of the protocol, the end of the
    // process without Ended, a deadline missed. After Ended it is not called again.
    [[nodiscard]] boost::asio::awaitable<base::Result<proto::WorkerEvent>> next();

    // Reads until Ready. Errors: the worker's own, or as next().
    [[nodiscard]] boost::asio::awaitable<base::Result<wire::Ready>> ready(std::chrono::milliseconds within);

    // failure: what to tell instead of the death's own story.
    void kill(const std::string& failure);

    // Until the process has ended, at most until then.
    [[nodiscard]] boost::asio::awaitable<void> gone(std::chrono::steady_clock::time_point deadline);

    // Returns the batch of the rows that next() has just given.
    [[nodiscard]] std::string take_batch() { return reader_.take_batch(); }
    [[nodiscard]] const wire::Ledger& ledger() const { return reader_.ledger(); }
    // As it was told to call them, which it goes on doing whatever their names become.
    [[nodiscard]] const std::vector<std::string>& interfaces() const { return interfaces_; }
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
    std::string failure_;
    bool going_ = false;
    bool finishing_ = false;
    Ending ending_;
};

}  // namespace packetsentry::workers
