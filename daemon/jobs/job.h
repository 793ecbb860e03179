// One capture as its owner sees it, over all its workers: its state, rows and notices. counts.h has its
// counts and losses.
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/jobs/bound_interfaces.h"
#include "daemon/jobs/counts.h"
#include "daemon/jobs/interface_counts.h"
#include "daemon/jobs/moment.h"
#include "daemon/loop/change_event.h"
#include "daemon/policy/decide.h"
#include "daemon/stream/window.h"
#include "proto/link/worker_reader.h"
#include "proto/messages/control.pb.h"
#include "proto/messages/state.pb.h"

namespace packetsentry::jobs {

// What a job was ordered to do, after the checks in jobs/start_order.h.
struct Order {
    wire::CaptureSpec capture;
    std::string name;  // empty: the job has only its id
    std::string output_name;
    bool foreground = false;
    uid_t owner = 0;
    std::optional<uid_t> payer = {};  // the user against whose limits the job counts; none: the owner
    // The owner's groups as the kernel reported them, the primary group first. Empty if an older version
    // stored the job.
    std::vector<gid_t> owner_groups = {};
    bool database_member = false;  // the user database called the owner a member when the job was started
    policy::Verdict verdict = {};  // the policy's verdict on the job, with the terms under which it captures
    bool wait = false;             // waits for an interface that disappears
    bool begin_waiting = false;  // with wait: also waits for an interface that does not exist yet, or is down
    std::optional<wire::Keep> keep = {};          // none: nothing is kept in the spool
    std::optional<wire::Standing> standing = {};  // none: somebody has started it
};

// Who or what makes a job end. It is not used if the job reaches its own limits, or fails.
struct Ending {
    std::optional<uid_t> by = {};  // the user who stopped it
    std::string because = {};      // the reason, for people; empty: a user stopped the job
    bool with_daemon = false;      // the daemon is being stopped, and ends its jobs
};

// Shared by the registry, by its RunningJob and by its followers. Used by one thread. Does no I/O.
class Job {
  public:
    static constexpr std::size_t kNoticesKept = 8;

    Job(std::uint64_t id, Order order, std::uint64_t window_bytes, Moment now);
    // Makes a job that ran before the daemon was restarted. Its counts continue from the stored ones.
    Job(Order order, std::uint64_t window_bytes, Moment started, const wire::StoredJob& before);

    // Lets the time of a job that had to wait for its interface count from the moment when it captures.
    void begin_at(Moment now) { started_ = now; }

    [[nodiscard]] std::uint64_t id() const { return id_; }
    [[nodiscard]] const Order& order() const { return order_; }
    [[nodiscard]] uid_t payer() const { return order_.payer.value_or(order_.owner); }
    [[nodiscard]] bool resumed() const { return resumed_; }
    [[nodiscard]] std::string label() const;  // its name, or its id if it has no name
    [[nodiscard]] wire::JobState state() const { return state_; }
    [[nodiscard]] const wire::CaptureSpec& capture() const { return order_.capture; }
    // Returns the terms in force: the policy's, with the redaction that was asked for.
    [[nodiscard]] const wire::Terms& terms() const { return terms_; }
    [[nodiscard]] std::int64_t ended_ns() const { return ended_.wall_ns; }
    [[nodiscard]] std::chrono::steady_clock::time_point ended_at() const { return ended_.steady; }
    [[nodiscard]] wire::EndReason end_reason() const { return end_reason_; }
    [[nodiscard]] const base::Error& error() const { return error_; }

    // Changes the job's state. Returns false, and changes nothing, if the new state may not follow the
    // present one.
    bool enter(wire::JobState state);
    // Enters the state that a job has while no change is under way: running, or degraded while an interface
    // is down or gone.
    bool enter_running();
    // Forgets which interfaces were down or gone, because the present worker has opened them anew.
    void forget_interfaces();
    // Returns the interfaces that are gone, by their numbers in the capture's list of interfaces.
    [[nodiscard]] const std::set<int>& interfaces_gone() const { return interfaces_gone_; }
    // Looks at the interfaces that exist now, and gives those of the job their present names. Returns true if
    // a name changed.
    bool look_at_interfaces(const InterfaceTable& table);
    // Returns the index of each interface in the capture's list. 0 means any interface that has the name.
    [[nodiscard]] const std::vector<std::uint32_t>& interface_indices() const { return bound_.indices(); }
    [[nodiscard]] std::vector<std::string> interfaces_missing() const {
        return bound_.missing(order_.capture.interface());
    }

    // Begins the job's next run. Call it when another worker becomes the present one.
    void begin_run() { ++run_; }
    [[nodiscard]] std::uint32_t run() const { return run_; }
    // Appends rows of the present worker, in their batch as it came, and takes the counts that belong to
    // them.
    void append(const proto::NewRows& rows, std::string batch, const wire::Ledger& ledger, Moment now);
    // Takes the present worker's counts. They are added to those of the workers before it.
    void report(const wire::Ledger& ledger, Moment now);
    // Keeps the counts of the present worker, which has ended.
    void fold_ledger(Moment now);
    // Returns what a segment's record in the catalogue says about the job, which must be kept.
    [[nodiscard]] wire::KeptJob kept() const;
    // Sets how long the rows are kept, and who may read them. A change of what is kept needs another job.
    // Returns false if nothing has changed.
    bool change_keeping(const wire::Keep& keep, const wire::Standing& standing);
    // Sets how the packets of a resumed job are saved from now on.
    void save_as(const wire::Save& save) { *order_.capture.mutable_save() = save; }
    // Its client opens a further file each time that one is full.
    [[nodiscard]] bool saves_to_several_files() const { return order_.capture.save().has_each_file(); }
    // Asks the client for the next file. Files are counted from 1, which is that of the start;
    // output_wanted() is the one that was asked for last.
    void want_output() {
        ++output_wanted_;
        changed_.notify();
    }
    [[nodiscard]] std::uint64_t output_wanted() const { return output_wanted_; }
    // Sets the present name of the output.
    void rename_output(std::string name) { order_.output_name = std::move(name); }
    // Ends saving for good: everything that is recorded from now on counts as not saved. at_ns: the time at
    // which all packets that count as saved had been saved.
    void end_saving(std::string reason, std::int64_t at_ns);
    [[nodiscard]] bool saving_ended() const { return saving_end_.has_value(); }
    [[nodiscard]] const std::optional<wire::SavingEnd>& saving_end() const { return saving_end_; }
    // Sets the size to which the next worker must truncate the output; none: it must not (workers/output.h).
    void cut_output_at(std::optional<off_t> bytes) { output_cut_ = bytes; }
    [[nodiscard]] std::optional<off_t> output_cut() const { return output_cut_; }
    // Keeps a notice for the user. A notice about an interface has the name from the capture's list.
    void note(const wire::Notice& notice, Moment now);
    void note(std::string text, Moment now);

    // These do the same as the functions of Counts.
    void begin_loss(wire::Loss::Cause cause, Moment now, bool since_report = false) {
        counts_.begin_loss(cause, now, since_report);
    }
    void end_loss(wire::Loss::Cause cause, Moment now);
    void count_interfaces(const InterfaceTable& table);
    void count_restart() { counts_.count_restart(); }
    // Replaces the policy's verdict. Its terms apply to the next worker. Its lifetime can make the job end
    // earlier, but not later.
    void take(const policy::Verdict& verdict, Moment now);
    [[nodiscard]] std::uint64_t verdicts_taken() const { return verdicts_taken_; }
    // Returns the first row that was recorded under the present terms. Earlier rows may show more than these
    // allow.
    [[nodiscard]] std::uint64_t first_under_terms(wire::Table table) const {
        return first_under_terms_[static_cast<std::size_t>(table)];
    }
    // Starts the job's lifetime again; 0 means that it has no end.
    void renew(std::chrono::nanoseconds lifetime, Moment now);
    // Sets when a resumed job is to end; 0 changes nothing.
    void expire_at(std::int64_t wall_ns, Moment now);
    [[nodiscard]] std::int64_t expires_ns() const { return expires_ ? expires_->wall_ns : 0; }  // 0: never
    [[nodiscard]] bool has_expired(Moment now) const { return expires_ && now.steady >= expires_->steady; }
    void change_filter(const wire::Filter& filter);
    void set_filter_text(std::string text);

    // Sets what is about to end the job, if this has not been set before.
    void ends_by(Ending ending);
    [[nodiscard]] bool ends_with_daemon() const { return ending_ && ending_->with_daemon; }
    void finish(wire::EndReason reason, Moment now);
    void fail(base::Error error, Moment now);

    [[nodiscard]] wire::Ledger ledger() const { return counts_.ledger(); }
    // Returns the limits of the order and of the policy together.
    [[nodiscard]] wire::Until until() const;
    // Returns how much of these limits is left for the next worker.
    [[nodiscard]] wire::Until remaining(Moment now) const;
    [[nodiscard]] wire::Job describe(Moment now) const;

    [[nodiscard]] stream::Windows& windows() { return windows_; }
    [[nodiscard]] const stream::Windows& windows() const { return windows_; }
    [[nodiscard]] const stream::Window& window(wire::Table table = wire::TABLE_PACKETS) const {
        return windows_.of(table);
    }
    // Notices are counted from 0 over the job's life. The latest kNoticesKept are kept; first_notice() is the
    // oldest of these, and notice(n) returns one of them.
    [[nodiscard]] std::uint64_t first_notice() const { return notice_count_ - notices_.size(); }
    [[nodiscard]] std::uint64_t notice_count() const { return notice_count_; }
    [[nodiscard]] const wire::Notice& notice(std::uint64_t n) const {
        return notices_[n - first_notice()].notice;
    }

    void count_follower(int change) { followers_ += static_cast<std::uint32_t>(change); }
    // Signals that rows, the state or notices have changed.
    [[nodiscard]] loop::ChangeEvent& changed() { return changed_; }

  private:
    void end(wire::JobState state, Moment now);
    [[nodiscard]] std::string limit_reached() const;
    void describe_end(wire::Job& job) const;
    void mark_interface(const wire::Notice& notice, Moment now);

    std::uint64_t id_;
    Order order_;
    wire::Terms terms_;
    bool resumed_ = false;
    std::optional<wire::SavingEnd> saving_end_;
    std::optional<off_t> output_cut_;
    std::uint64_t output_wanted_ = 1;
    std::string filter_text_;
    wire::JobState state_ = wire::JOB_STARTING;
    Moment started_;
    Moment ended_;
    std::optional<Moment> expires_;
    stream::Windows windows_;
    std::uint32_t run_ = 0;  // the run of the present worker, or of the last one
    std::uint64_t verdicts_taken_ = 0;
    std::array<std::uint64_t, wire::Table_ARRAYSIZE> first_under_terms_{};
    Counts counts_;
    struct Noted {
        wire::Notice notice;
        std::int64_t at_ns = 0;
    };
    std::deque<Noted> notices_;
    std::uint64_t notice_count_ = 0;
    BoundInterfaces bound_;
    std::set<int> interfaces_down_;
    std::set<int> interfaces_gone_;
    std::uint32_t followers_ = 0;
    std::optional<Ending> ending_;
    wire::EndReason end_reason_ = wire::END_UNKNOWN;
    base::Error error_;  // valid if the job failed
    loop::ChangeEvent changed_;
};

}  // namespace packetsentry::jobs
