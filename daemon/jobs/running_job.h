// What keeps a live job alive: its worker, and the handover to the next one when the filter changes.
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
#include "daemon/jobs/job.h"
#include "daemon/jobs/mask_key.h"
#include "daemon/quota/capture_resources.h"
#include "daemon/workers/backoff.h"
#include "daemon/workers/output.h"
#include "daemon/workers/worker_handle.h"

namespace packetsentry::jobs {

// The present time of both clocks.
[[nodiscard]] Moment now();

// Always held by a shared_ptr; holds itself until the job is over.
//
// A handover: the successor captures with the new filter from the moment it is ready, into its kernel
// ring only. At time T the present worker is told to end after the packets before T; once it has ended
// the successor is told to give those from T on. So every packet is one's or the other's.
//
// A worker that dies has a successor, after a while that doubles each time; so has one whose interface is
// gone, where the job waits for that. What cannot have been recorded meanwhile is told as a loss.
class RunningJob : public std::enable_shared_from_this<RunningJob> {
  public:
    using TurnPtr = quota::CaptureResources::TurnPtr;
    struct Hooks {
        // What the policy says of the job now; asked before a worker begins that nobody ordered.
        std::function<boost::asio::awaitable<base::Result<policy::Verdict>>()> permit;
        // The user's turn to compile a filter; null: the job was stopped first.
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

    // Starts a worker, and returns when it captures. Errors: the worker's (interface, filter, not_permitted,
    // internal); usage when stop() came first. turn: given back as soon as the filter is compiled.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> start(TurnPtr turn);
    // To be called after start() has failed because an interface was missing: the job waits for the
    // interface, as start_again() does.
    void start_later(const base::Error& why);
    // Starts a job that ran before the daemon was restarted, and waits until it captures, for as long as that
    // takes. Error: the job was stopped, or can never begin; it is over.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> start_again();

    // Until the new filter's worker has taken over, under the verdict's terms. Errors: filter, and whatever
    // else its worker says, the job being as it was; usage where the job is changing, waiting, stopping or
    // over, or comes to that before the new worker is ready; unreachable where the user's limits let only one
    // change at a time happen, and another is under way. turn: as for start().
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

    // Until the job is over, at most until then.
    [[nodiscard]] boost::asio::awaitable<void> over(
        std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max());
    // Until its last worker's process has ended too, which then holds nothing of the user's limits any more;
    // at most until then.
    [[nodiscard]] boost::asio::awaitable<void> gone(std::chrono::steady_clock::time_point deadline);

    [[nodiscard]] const std::shared_ptr<Job>& job() const { return job_; }
    [[nodiscard]] int output() const { return output_.fd(); }  // -1: packets are not saved
    [[nodiscard]] const std::optional<workers::FileId>& output_id() const { return output_.id(); }

  private:
    using WorkerPtr = std::shared_ptr<workers::WorkerHandle>;

    [[nodiscard]] base::Result<WorkerPtr> begin_worker(const wire::CaptureSpec& capture,
                                                       const WorkerPtr& predecessor);
    [[nodiscard]] base::Result<void> put_filters(workers::WorkerHandle& worker, const wire::Ready& ready);
    [[nodiscard]] quota::CaptureNeeds needs_of(const wire::CaptureSpec& capture) const;
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> prepare_successor(wire::Filter filter,
                                                                               TurnPtr turn);
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> hand_over(wire::Filter filter);
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> begin_present(TurnPtr turn);
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> begin_when_possible(base::Error why);
    [[nodiscard]] std::chrono::milliseconds pause_after(const base::Error& error);
    [[nodiscard]] boost::asio::awaitable<void> begin_later(base::Error why);
    [[nodiscard]] wire::CaptureSpec spec_of_successor(const policy::Terms& terms) const;
    [[nodiscard]] bool saves() const { return output_.open(); }

    void begin_running();
    void spawn(boost::asio::awaitable<void> task);
    [[nodiscard]] boost::asio::awaitable<void> run();
    [[nodiscard]] bool comes_back(const base::Result<wire::Ended>& ended) const;
    [[nodiscard]] boost::asio::awaitable<bool> come_back(const base::Result<wire::Ended>& ended);
    // Replaces the worker by another, with the job's filter and under the present policy, because something
    // around the job has changed. false: it was not replaced.
    [[nodiscard]] boost::asio::awaitable<bool> replace_worker();
    [[nodiscard]] boost::asio::awaitable<void> take_interfaces_up();
    [[nodiscard]] const char* reason_to_end_saving() const;
    [[nodiscard]] bool end_saving_if_needed();
    void look_at_output_once_more();
    void tell_move();
    [[nodiscard]] boost::asio::awaitable<void> leave_output();
    [[nodiscard]] boost::asio::awaitable<base::Result<wire::Ended>> read_worker();
    void handle(WorkerEvent& event);
    void tell(wire::Notice notice);
    [[nodiscard]] std::string present_name(const std::string& workers_name) const;
    [[nodiscard]] std::string names_waited_for() const;
    void note_death();
    void let_go(std::int64_t from_ns, wire::Until until);
    [[nodiscard]] std::optional<off_t> begin_output();
    void give_up_change(const char* why);
    [[nodiscard]] std::unexpected<base::Error> overtaken() const;
    [[nodiscard]] bool take_over(const base::Result<wire::Ended>& ended);
    void conclude(const base::Result<wire::Ended>& ended);
    void finish_present(std::int64_t until_ns, Reader reader);
    void tell_malformed(bool at_once);
    void tell_waiting(const base::Error& why, std::chrono::milliseconds pause);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<Job> job_;
    std::string worker_path_;
    MaskKey& mask_key_;
    quota::CaptureResources& resources_;
    Hooks hooks_;
    workers::Output output_;                 // kept for successors
    std::uint64_t memory_output_bytes_ = 0;  // what the output may take of memory; 0: it is not kept there

    // Whose processes have not ended, which may be more than those below.
    base::Count workers_ = std::make_shared<std::atomic<std::uint32_t>>(0);

    WorkerPtr present_;    // its rows are the job's
    WorkerPtr candidate_;  // started, not yet ready
    WorkerPtr successor_;  // ready; goes when the present one has ended
    workers::Backoff backoff_;
    std::chrono::steady_clock::time_point looked_;  // at the interfaces
    bool begun_ = false;                            // a worker has captured since this object was made
    std::uint64_t malformed_told_ = 0;
    std::chrono::steady_clock::time_point malformed_due_;
    std::int64_t handover_ns_ = 0;
    std::int64_t stop_ns_ = 0;  // 0: not asked to stop
    Reader stop_reader_ = Reader::is_left;
    std::string successor_filter_text_;
    wire::Filter successor_filter_;
    policy::Verdict successor_verdict_;
};

}  // namespace packetsentry::jobs
