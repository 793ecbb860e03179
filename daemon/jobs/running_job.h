// What keeps a live job alive: its present worker, and another one when that ends before its time.
//
// What can happen to the worker of a job, and how it is called:
//  - It is *started*: the first one by start(), or by resume() after a restart of the daemon. Where that is
//    not possible yet, because an interface is missing or its user's limits are reached, the job *waits*,
//    and tries again.
//  - It is *restarted*: it died, or its interface is gone, and the job gets another one as soon as that is
//    possible. After a death this takes a while, which doubles each time. The packets in between are a loss.
//  - It is *replaced*, by one that captures something else; no packet is lost (handover.h).
//  - It is *stopped*, after the packets before that moment.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "daemon/base/closing.h"
#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/jobs/handover.h"
#include "daemon/jobs/job.h"
#include "daemon/jobs/launcher.h"
#include "daemon/jobs/output_watch.h"
#include "daemon/jobs/stored_mask_key.h"
#include "daemon/quota/capture_resources.h"
#include "daemon/workers/backoff.h"
#include "daemon/workers/output.h"

namespace packetsentry::jobs {

// Always held by a shared_ptr; holds itself until the job is over.
class RunningJob : public std::enable_shared_from_this<RunningJob> {
  public:
    using TurnPtr = quota::CaptureResources::TurnPtr;
    struct Hooks {
        // Asks what the policy says of the job now. It is asked before a worker begins that nobody ordered.
        std::function<boost::asio::awaitable<base::Result<policy::Verdict>>()> permit;
        // Waits for the user's turn to have a filter compiled (compile_turn.h).
        std::function<boost::asio::awaitable<TurnPtr>()> turn;
        std::function<void()> after_rows;      // the job's window has grown
        std::function<void()> saving_ended;    // before the job is over
        std::function<void()> renamed;         // an interface of the job, or its output, has another name
        std::function<void()> worker_failed;   // one died, or said that something in it went wrong
        std::function<void()> output_changed;  // where it is to be cut off: to be stored before anything else
    };

    // mask_key and resources outlive it.
    RunningJob(const boost::asio::any_io_executor& executor, std::shared_ptr<Job> job,
               std::string worker_path, MaskKey& mask_key, quota::CaptureResources& resources,
               base::UniqueFd output, Hooks hooks);

    // Starts the job's first worker, and returns when it captures. Errors: the worker's (interface, filter,
    // not_permitted, internal); usage when stop() came first. turn: given back as soon as the filter is
    // compiled.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> start(TurnPtr turn);
    // To be called after start() has failed because an interface was missing: the job waits for the
    // interface, and starts then.
    void wait_to_start(const base::Error& why);
    // Starts a job that ran before the daemon was restarted, and returns when it captures, for which it waits
    // as long as that takes. Error: the job was stopped, or can never begin; it is over.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> resume();

    // Replaces the worker by one with this filter, under the verdict's terms, and returns when that has taken
    // over. Errors: filter, and whatever else the new worker says, the job being as it was; usage where the
    // job is changing, waiting, stopping or over, or comes to that before the new worker is ready;
    // unreachable where the user's limits let only one change at a time happen, and another is under way.
    // turn: as for start().
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> change_filter(wire::Filter filter,
                                                                           policy::Verdict verdict,
                                                                           TurnPtr turn);

    // To be called about once a second with the interfaces that exist: one that has come back is captured
    // again.
    void look_at_interfaces(const InterfaceTable& table);
    // To be called as often: ends saving into a file that somebody has removed or truncated, and tells where
    // somebody has moved it.
    void look_at_output();

    // Ends the job after the packets before now. Where its output is a pipe, its reader is waited for as long
    // as it takes something, or for a moment; a further call ends that.
    enum class Reader : bool { is_left, is_waited_for };
    void stop(Reader reader);

    // Returns once the job is over, or at the deadline.
    [[nodiscard]] boost::asio::awaitable<void> over(
        std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max());
    // Returns once its last worker's process has ended too, which then holds nothing of the user's limits any
    // more, or at the deadline.
    [[nodiscard]] boost::asio::awaitable<void> gone(std::chrono::steady_clock::time_point deadline);

    [[nodiscard]] const std::shared_ptr<Job>& job() const { return job_; }
    [[nodiscard]] int output() const { return output_.fd(); }  // -1: packets are not saved
    [[nodiscard]] const std::optional<workers::FileId>& output_id() const { return output_.id(); }

  private:
    // Starts a worker and makes it the present one.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> start_worker(TurnPtr turn);
    // Waits, and starts a worker as soon as that is possible. Where that can never be, or where the job is
    // stopped, the job is over, which is the error. why: it is not possible now.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> wait_for_worker(base::Error why);
    [[nodiscard]] boost::asio::awaitable<void> start_once_possible(base::Error why);
    [[nodiscard]] std::chrono::milliseconds pause_after(const base::Error& error);
    [[nodiscard]] wire::CaptureSpec spec_of_next() const;
    [[nodiscard]] bool saves() const { return output_.open(); }

    void spawn(boost::asio::awaitable<void> task);
    // The job is running: begins to read what its worker says.
    void look_after_workers();
    [[nodiscard]] boost::asio::awaitable<void> read_workers();
    [[nodiscard]] bool is_to_restart(const base::Result<wire::Ended>& ended) const;
    // false: the job is over.
    [[nodiscard]] boost::asio::awaitable<bool> restart(const base::Result<wire::Ended>& ended);
    // Replaces the worker by another, with the job's filter and under the present policy, because something
    // around the job has changed. false: it was not replaced.
    [[nodiscard]] boost::asio::awaitable<bool> replace_worker();
    [[nodiscard]] boost::asio::awaitable<void> take_interfaces_up();
    // Tells what has happened to the output, if anything. Returns true where saving has ended for that.
    [[nodiscard]] bool check_output();
    void look_at_output_once_more();
    [[nodiscard]] boost::asio::awaitable<void> leave_output();
    [[nodiscard]] boost::asio::awaitable<base::Result<wire::Ended>> read_worker();
    void handle(proto::WorkerEvent& event);
    void tell(wire::Notice notice);
    [[nodiscard]] std::string present_name(const std::string& workers_name) const;
    [[nodiscard]] std::string names_waited_for() const;
    void note_death();
    // Tells the present worker to capture.
    void send_go(std::int64_t from_ns, wire::Until until);
    [[nodiscard]] std::optional<off_t> begin_output();
    // Makes the successor the present worker. Returns false where there is no successor, or where the present
    // worker ended by itself, and the job with it.
    [[nodiscard]] bool continue_with_successor(const base::Result<wire::Ended>& ended);
    void conclude(const base::Result<wire::Ended>& ended);
    void finish_present(std::int64_t until_ns, Reader reader);
    void tell_malformed(bool at_once);
    void tell_waiting(const base::Error& why, std::chrono::milliseconds pause);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<Job> job_;
    Hooks hooks_;
    workers::Output output_;  // kept for further workers
    Launcher launcher_;
    Handover handover_;
    OutputWatch output_watch_;

    WorkerPtr present_;   // its rows are the job's
    WorkerPtr starting_;  // is not ready yet, and will be the present one; else null
    workers::Backoff backoff_;
    std::chrono::steady_clock::time_point looked_;  // at the interfaces
    bool begun_ = false;                            // a worker has captured since this object was made
    std::uint64_t malformed_told_ = 0;
    std::chrono::steady_clock::time_point malformed_due_;
    std::int64_t stop_ns_ = 0;  // 0: not asked to stop
    Reader stop_reader_ = Reader::is_left;
};

}  // namespace packetsentry::jobs
