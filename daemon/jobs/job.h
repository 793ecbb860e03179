// One capture as its owner sees it, over all the workers that served it: state, rows, notices. What it has
// counted and lost is in counts.h.
#pragma once

#include <sys/types.h>

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

// What was ordered, checked (jobs/start_order.h).
struct Order {
    wire::CaptureSpec capture;
    std::string name;  // empty: the id serves
    std::string output_name;
    bool foreground = false;
    uid_t owner = 0;
    std::optional<uid_t> payer = {};  // whose limits it counts against; none: the owner's
    // The groups that the owner presented, the primary one first; empty: an older version stored the job.
    std::vector<gid_t> owner_groups = {};
    bool database_member = false;  // the user database called the owner a member when the job was started
    policy::Verdict verdict = {};  // the policy's on it, with the terms to capture under
    bool wait = false;             // for an interface that goes away
    bool begin_waiting = false;    // with wait: for one that does not exist yet, or is down
};

// Who or what makes a job end. Nothing is said of one that ends by its own limits, or fails.
struct Ending {
    std::optional<uid_t> by = {};  // the user who stopped it
    std::string because = {};      // for people; empty: a user stopped it
    bool with_daemon = false;      // the daemon is being stopped, and ends what it runs
};

// Shared by the registry, its supervision and its followers. One thread. No I/O.
class Job {
  public:
    static constexpr std::size_t kNoticesKept = 8;

    Job(std::uint64_t id, Order order, std::uint64_t window_bytes, Moment now);
    // Makes a job that ran before the daemon was restarted. Its counts go on from where they were.
    Job(Order order, std::uint64_t window_bytes, Moment started, const wire::StoredJob& before);

    // A job that had to wait for its interface: its time counts from the moment when it captures.
    void begin_at(Moment now) { started_ = now; }

    [[nodiscard]] std::uint64_t id() const { return id_; }
    [[nodiscard]] const Order& order() const { return order_; }
    [[nodiscard]] uid_t payer() const { return order_.payer.value_or(order_.owner); }
    [[nodiscard]] bool resumed() const { return resumed_; }
    [[nodiscard]] std::string label() const;  // its name, else its id
    [[nodiscard]] wire::JobState state() const { return state_; }
    [[nodiscard]] const wire::CaptureSpec& capture() const { return order_.capture; }
    // Returns the terms in force: the policy's, with the redaction that was asked for.
    [[nodiscard]] const wire::Terms& terms() const { return terms_; }
    [[nodiscard]] std::int64_t ended_ns() const { return ended_.wall_ns; }
    [[nodiscard]] std::chrono::steady_clock::time_point ended_at() const { return ended_.steady; }
    [[nodiscard]] wire::EndReason end_reason() const { return end_reason_; }
    [[nodiscard]] const base::Error& error() const { return error_; }

    // Changes the job's state. Returns false, and changes nothing, where its present state does not allow
    // that.
    bool enter(wire::JobState state);
    // Enters the state that a job has while no change is under way: running, or degraded while an interface
    // is down or gone.
    bool enter_running();
    // Forgets which interfaces were down or gone, because the present worker has opened them anew.
    void forget_interfaces();
    // Returns the interfaces that are gone, by their numbers in the capture's list of interfaces.
    [[nodiscard]] const std::set<int>& interfaces_gone() const { return interfaces_gone_; }
    // Looks at the interfaces that exist now, and gives those of the job their present names. Returns true
    // where a name changed.
    bool look_at_interfaces(const InterfaceTable& table);
    // Has the index of each interface in the capture's list; 0: whichever interface has the name is meant.
    [[nodiscard]] const std::vector<std::uint32_t>& interface_indices() const { return bound_.indices(); }
    [[nodiscard]] std::vector<std::string> interfaces_missing() const {
        return bound_.missing(order_.capture.interface());
    }

    // A worker that takes its turn begins the job's next run.
    void begin_run() { ++run_; }
    // Takes rows of the present worker, whose batch is given as it came, and the counts that they lead to.
    void append(const proto::NewRows& rows, std::string batch, const wire::Ledger& ledger, Moment now);
    // The present worker's counts; they are added to those of its predecessors.
    void report(const wire::Ledger& ledger, Moment now);
    // The present worker is done: its counts stay.
    void fold_ledger(Moment now);
    // Sets how the packets of a resumed job are saved from now on.
    void save_as(const wire::Save& save) { *order_.capture.mutable_save() = save; }
    // Sets the name that its output has now.
    void rename_output(std::string name) { order_.output_name = std::move(name); }
    // Its output takes no more, for good: what is recorded from now on counts as not saved. at_ns: by then
    // the packets that count as saved had been saved.
    void end_saving(std::string reason, std::int64_t at_ns);
    [[nodiscard]] bool saving_ended() const { return saving_end_.has_value(); }
    [[nodiscard]] const std::optional<wire::SavingEnd>& saving_end() const { return saving_end_; }
    // Where its next worker is to cut the output off, if anywhere (output.h).
    void cut_output_at(std::optional<off_t> bytes) { output_cut_ = bytes; }
    [[nodiscard]] std::optional<off_t> output_cut() const { return output_cut_; }
    // Keeps a notice for the user. A notice about an interface has the name from the capture's list.
    void note(const wire::Notice& notice, Moment now);
    void note(std::string text, Moment now);

    // These are those of Counts.
    void begin_loss(wire::Loss::Cause cause, Moment now, bool since_report = false) {
        counts_.begin_loss(cause, now, since_report);
    }
    void end_loss(wire::Loss::Cause cause, Moment now);
    void count_interfaces(const InterfaceTable& table);
    void count_restart() { counts_.count_restart(); }
    // What the policy says of it now, in place of what it said before: for the next worker, and for how
    // long it may live, which this shortens at most.
    void take(const policy::Verdict& verdict, Moment now);
    [[nodiscard]] std::uint64_t verdicts_taken() const { return verdicts_taken_; }
    // Rows before this one may show more than its present terms allow.
    [[nodiscard]] std::uint64_t first_under_terms() const { return first_under_terms_; }
    // Its lifetime begins anew; 0: it has no end.
    void renew(std::chrono::nanoseconds lifetime, Moment now);
    // Sets when a resumed job is to end; 0 changes nothing.
    void expire_at(std::int64_t wall_ns, Moment now);
    [[nodiscard]] std::int64_t expires_ns() const { return expires_ ? expires_->wall_ns : 0; }  // 0: never
    [[nodiscard]] bool has_expired(Moment now) const { return expires_ && now.steady >= expires_->steady; }
    void change_filter(const wire::Filter& filter);
    void set_filter_text(std::string text);

    // What is about to end it; where that has been said already, that stands.
    void ends_by(Ending ending);
    [[nodiscard]] bool ends_with_daemon() const { return ending_ && ending_->with_daemon; }
    void finish(wire::EndReason reason, Moment now);
    void fail(base::Error error, Moment now);

    [[nodiscard]] wire::Ledger ledger() const { return counts_.ledger(); }
    // The order's limits, and the policy's.
    [[nodiscard]] wire::Until until() const;
    // Returns what is left of these limits for a further worker.
    [[nodiscard]] wire::Until remaining(Moment now) const;
    [[nodiscard]] wire::Job describe(Moment now) const;

    [[nodiscard]] stream::Windows& windows() { return windows_; }
    [[nodiscard]] const stream::Windows& windows() const { return windows_; }
    [[nodiscard]] const stream::Window& window(wire::Table table = wire::TABLE_PACKETS) const {
        return windows_.of(table);
    }
    // Notice n, counted from 0 over the job's life; older than kNoticesKept are gone.
    [[nodiscard]] std::uint64_t first_notice() const { return notice_count_ - notices_.size(); }
    [[nodiscard]] std::uint64_t notice_count() const { return notice_count_; }
    [[nodiscard]] const wire::Notice& notice(std::uint64_t n) const {
        return notices_[n - first_notice()].notice;
    }

    void count_follower(int change) { followers_ += static_cast<std::uint32_t>(change); }
    // Rows, state or notices are new.
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
    std::string filter_text_;
    wire::JobState state_ = wire::JOB_STARTING;
    Moment started_;
    Moment ended_;
    std::optional<Moment> expires_;
    stream::Windows windows_;
    std::uint32_t run_ = 0;  // of the present worker, or the last
    std::uint64_t verdicts_taken_ = 0;
    std::uint64_t first_under_terms_ = 0;
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
    base::Error error_;  // failed only
    loop::ChangeEvent changed_;
};

}  // namespace packetsentry::jobs
