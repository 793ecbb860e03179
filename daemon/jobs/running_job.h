// Runs a live job: it has the present worker, and starts another one if that ends too early.
//
// These words say what happens to the worker of a job:
//  - *started*: the first worker is started by start(), or by resume() after a restart of the daemon. If
//    that is not possible yet, because an interface is missing or its user's limits are reached, the job
//    *waits*, and tries again.
//  - *restarted*: the worker died, or its interface is gone, and the job gets another one as soon as
//    possible. After a death there is a delay, which doubles each time. The packets in between are a
//    loss.
//  - *replaced*: another worker that captures something else takes over; no packet is lost (handover.h).
//  - *stopped*: the worker ends after the packets before that moment.
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
#include "daemon/jobs/fresh_segments.h"
#include "daemon/jobs/handover.h"
#include "daemon/jobs/job.h"
#include "daemon/jobs/launcher.h"
#include "daemon/jobs/output_change.h"
#include "daemon/jobs/output_watch.h"
#include "daemon/jobs/stored_mask_key.h"
#include "daemon/quota/capture_resources.h"
#include "daemon/workers/backoff.h"
#include "daemon/workers/output.h"

namespace packetsentry::jobs {

// Always held by a shared_ptr. It keeps itself alive until the job is over.
class RunningJob : public std::enable_shared_from_this<RunningJob> {
  public:
    using TurnPtr = quota::CaptureResources::TurnPtr;
    struct Hooks {
        // Asks the policy about the job. Called before a worker is started that no user has ordered.
        std::function<boost::asio::awaitable<base::Result<policy::Verdict>>()> permit;
        // Waits for the user's turn to have a filter compiled (compile_turn.h).
        std::function<boost::asio::awaitable<TurnPtr>()> turn;
        std::function<void()> after_rows;    // called when rows were added to the job's window
        std::function<void()> saving_ended;  // called when saving ended while the job continues
        std::function<void()> renamed;  // called when an interface of the job, or its output, was renamed
        std::function<void()> worker_failed;  // called when a worker died, or reported an internal error
        std::function<void()>
            output_changed;  // called when the size to truncate the output to must be stored
    };

    // mask_key and resources must outlive this object. segments: null if nothing is kept.
    RunningJob(const boost::asio::any_io_executor& executor, std::shared_ptr<Job> job,
               std::string worker_path, MaskKey& mask_key, quota::CaptureResources& resources,
               base::UniqueFd output, std::shared_ptr<FreshSegments> segments, Hooks hooks);

    // Starts the job's first worker, and returns when it captures. turn is given back as soon as the filter
    // is compiled. Errors: those of the worker (interface, filter, not_permitted, internal); usage if stop()
    // was called meanwhile.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> start(TurnPtr turn);
    // To be called after start() has failed because an interface was missing: the job waits for the
    // interface, and starts then.
    void wait_to_start(const base::Error& why);
    // Starts a job that ran before the daemon was restarted, and returns when it captures, however long that
    // takes. Error: the job was stopped, or can never begin; it is over.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> resume();

    // Replaces the worker by one with this filter and the terms of this verdict, and returns when that one
    // has taken over. turn: as for start(). Errors, after which the job is as it was: filter, and other
    // errors of the new worker; usage (the job is changing, waiting, stopping or over, or becomes so before
    // the new worker is ready); unreachable (the user's limits allow only one change at a time, and another
    // one is not finished).
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> change_filter(wire::Filter filter,
                                                                           policy::Verdict verdict,
                                                                           TurnPtr turn);

    // Captures again on interfaces that have come back. Call this about once a second, with the interfaces
    // that exist.
    void look_at_interfaces(const InterfaceTable& table);
    // Ends a worker that writes more into the spool than it may. Call this about once a second.
    void look_at_segments() const {
        if (segments_) segments_->look();
    }
    // Ends saving if somebody has removed or truncated the file, and notes if somebody has moved it. Call
    // this about once a second.
    void look_at_output();

    // Ends the job after the packets before now. is_waited_for waits for a slow disk, or for the reader of a
    // pipe, as long as they accept something; is_left gives them only a moment. A further call ends the wait.
    enum class Reader : bool { is_left, is_waited_for };
    void stop(Reader reader);

    // Returns when the job is over, or at the deadline.
    [[nodiscard]] boost::asio::awaitable<void> over(
        std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max());
    // Returns when the process of the job's last worker has ended too, so that it no longer counts against
    // the user's limits, or at the deadline.
    [[nodiscard]] boost::asio::awaitable<void> gone(std::chrono::steady_clock::time_point deadline);

    // Has the rows that wait for the end of their block written to the spool. Returns within a moment.
    [[nodiscard]] boost::asio::awaitable<void> write_what_waits();

    [[nodiscard]] const std::shared_ptr<Job>& job() const { return job_; }
    [[nodiscard]] int output() const { return output_.fd(); }  // -1: packets are not saved
    // Tells whether the job writes this file, or is about to.
    [[nodiscard]] bool writes(const workers::FileId& file) const {
        return output_.id() == file || output_change_.waiting_id() == file;
    }
    // Both as in output_change.h.
    [[nodiscard]] base::Result<void> give_output(std::uint64_t number, base::Result<GivenOutput> given) {
        return output_change_.give(number, std::move(given));
    }
    void end_outputs() { output_change_.end(); }

  private:
    // Starts a worker and makes it the present one.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> start_worker(TurnPtr turn);
    // Waits until a worker can be started, and starts it. why: the reason why it cannot be started now.
    // Error: a worker can never be started, or the job was stopped; the job is over.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> wait_for_worker(base::Error why);
    [[nodiscard]] boost::asio::awaitable<void> start_once_possible(base::Error why);
    [[nodiscard]] std::chrono::milliseconds pause_after(const base::Error& error);
    [[nodiscard]] wire::CaptureSpec spec_of_next() const;
    [[nodiscard]] bool saves() const { return output_.open(); }

    void spawn(boost::asio::awaitable<void> task);
    // Begins to read the messages of the worker. Call this when the job is running.
    void look_after_workers();
    [[nodiscard]] boost::asio::awaitable<void> read_workers();
    [[nodiscard]] bool is_to_restart(const base::Result<wire::Ended>& ended) const;
    // Starts another worker after one has ended. Returns false if the job is over.
    [[nodiscard]] boost::asio::awaitable<bool> restart(const base::Result<wire::Ended>& ended);
    // Replaces the worker by one with the same filter and under the present policy, because an interface or
    // the output has changed. Returns false if the worker was not replaced.
    [[nodiscard]] boost::asio::awaitable<bool> replace_worker();
    [[nodiscard]] boost::asio::awaitable<void> take_interfaces_up();
    // Notes what has happened to the output, if anything. Returns true if saving has ended because of it.
    [[nodiscard]] bool check_output();
    void look_at_output_once_more();
    [[nodiscard]] boost::asio::awaitable<void> leave_output();
    [[nodiscard]] boost::asio::awaitable<base::Result<wire::Ended>> read_worker();
    void handle(proto::WorkerEvent& event);
    void take_segments(const FreshSegments::Reports& reports);
    void tell(wire::Notice notice);
    [[nodiscard]] std::string present_name(const std::string& workers_name) const;
    [[nodiscard]] std::string names_waited_for() const;
    void note_death();
    // Makes the file that the worker has begun the job's output.
    void follow_output();
    // How much the present worker has written to the present file.
    [[nodiscard]] std::uint64_t bytes_of_file() const;
    // Tells the present worker to capture.
    void send_go(std::int64_t from_ns, wire::Until until);
    [[nodiscard]] std::optional<off_t> begin_output();
    // Makes the successor the present worker. Returns false if there is no successor, or if the present
    // worker ended by itself, which ends the job.
    [[nodiscard]] bool continue_with_successor(const base::Result<wire::Ended>& ended);
    void conclude(const base::Result<wire::Ended>& ended);
    void finish_present(std::int64_t until_ns, Reader reader);
    void tell_malformed(bool at_once);
    void tell_pause(std::uint64_t pause_ns);
    void tell_waiting(const base::Error& why, std::chrono::milliseconds pause);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<Job> job_;
    Hooks hooks_;
    workers::Output output_;  // kept for further workers
    std::shared_ptr<FreshSegments> segments_;
    Launcher launcher_;
    Handover handover_;
    OutputWatch output_watch_;
    OutputChange output_change_;

    bool output_changed_ = false;  // since the present worker has begun
    WorkerPtr present_;            // the worker whose rows the job takes
    WorkerPtr starting_;           // a worker that is not ready yet and will be the present one, or null
    workers::Backoff backoff_;
    std::chrono::steady_clock::time_point looked_;  // when the interfaces were looked at last
    bool begun_ = false;                            // a worker has captured since this object was made
    std::uint64_t longest_pause_ns_ = 0;            // of those that were told
    std::uint64_t malformed_told_ = 0;
    std::chrono::steady_clock::time_point malformed_due_;
    std::int64_t stop_ns_ = 0;  // 0: not asked to stop
    Reader stop_reader_ = Reader::is_left;
};

}  // namespace packetsentry::jobs
