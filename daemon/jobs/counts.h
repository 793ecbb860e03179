// Counts what became of a job's packets, over all its workers, and keeps its losses.
//
// The ledger. Each worker counts what becomes of every packet: it was received, dropped by the kernel,
// filtered out, shed, recorded, saved, and so on (wire::Ledger in proto/messages/capture.proto). It sends
// these counts with each batch of rows, and reports them about twice a second, each time as sums since the
// worker began. So the ledger counts the packets themselves and is never deduced from rows. It agrees with
// the rows that have arrived, even if a worker dies right after it sent some. A job has one worker after the
// other, so the job's ledger is the sum of two parts: the last counts of the workers that have ended, which
// are folded into one, and the latest counts of the present worker. Packets that were left unread in the ring
// of a worker that has ended are subtracted from the ledger again: either the next worker counts them, or
// they are part of a loss.
//
// Losses. The ledger says how many packets are missing; a loss says from when to when, and why. What can be
// known about its size depends on the cause:
//  - Losses that a worker counts itself: its ring was full, its reader was slow, or its output accepted no
//  more.
//    The number of packets is the difference between two reports, and the times of the loss are those of the
//    two reports.
//  - Losses while nobody captured: a worker died, or an interface was gone. Nobody counted the packets, but
//    the kernel counts the packets of each interface, whether or not anybody captures. The growth of that
//    count, minus what the job recorded in that time, is the upper limit of such a loss. If a worker died,
//    the loss begins with its last report, and not with its death, because what it did in between is not
//    known.
//  - Losses while this process did not run. Their size is not known, and they are marked so.
// While an interface was down it had no packets, so this is a dated loss of no packets.
//
// A loss whose end is not known yet is open. A cause has only one open loss, even if it is reported several
// times.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "daemon/jobs/interface_counts.h"
#include "daemon/jobs/losses.h"
#include "daemon/jobs/moment.h"
#include "daemon/jobs/rate.h"
#include "proto/messages/control.pb.h"
#include "proto/messages/state.pb.h"

namespace packetsentry::jobs {

// One thread. No I/O.
class Counts {
  public:
    explicit Counts(Moment now);
    // Continues with the counts that were stored. The losses that were open then end at the time of storing,
    // because the time after it is a loss of its own. saves: the next worker is given an output.
    Counts(Moment now, const wire::StoredJob& before, bool saves);

    // Takes the counts that the present worker sent with rows. They replace its previous ones.
    void count(const wire::Ledger& ledger, Moment now);
    // Takes the present worker's report in the same way, and adds the losses since the previous report.
    void report(const wire::Ledger& ledger, Moment now);
    // Counts as not saved what the present worker has recorded and not saved, because it has ended: nobody
    // else has these packets. Call it before fold() if the worker had an output.
    void give_up_unsaved();
    // Keeps the counts of the present worker, which has ended. saves: its successor is given an output.
    void fold(bool saves, Moment now);
    // Call this after fold() if the next worker begins with another output file.
    void end_file() { folded_.set_ended_bytes(folded_.saved_bytes()); }
    // Sets whether the present worker was given an output. If saving has ended it was not, and everything
    // that it records counts as not saved.
    void set_saves(bool saves) { saves_ = saves; }
    void count_restart() { ++worker_restarts_; }
    // Reads the interfaces' own counts, which are the upper limit of a loss. Call this about once a second,
    // and at the beginning and the end of a loss. names: the present names of the job's interfaces.
    void count_interfaces(const InterfaceTable& table, std::span<const std::string> names);

    // Opens a loss. since_report: the loss began with the last report of the present worker.
    void begin_loss(wire::Loss::Cause cause, Moment now, bool since_report);
    void end_loss(wire::Loss::Cause cause, Moment now);
    // Ends all losses that are open, because the job is over.
    void end_losses(Moment now) { losses_.close_all(now.wall_ns); }

    [[nodiscard]] wire::Ledger ledger() const;
    // Writes the counts, losses and rates into the message for clients. live: the job is not over, so it has
    // a rate.
    void describe(wire::Job& job, bool live, Moment now) const;

  private:
    // The counts at one time from which the upper limit of a loss is computed.
    struct Mark {
        std::uint64_t growth = 0;  // of the interfaces' own counts
        std::uint64_t recorded = 0;
    };
    [[nodiscard]] Mark mark() const { return {growth_.packets(), ledger().recorded()}; }
    void find_losses(Moment now);

    wire::Ledger folded_;   // the sum over the workers that have ended
    wire::Ledger present_;  // the counts of the present worker
    wire::Ledger dated_;    // the part of present_ whose losses are in losses_ already
    bool saves_ = true;
    Rate rate_;
    Losses losses_;
    InterfaceGrowth growth_;
    Moment reported_at_;  // when the present worker reported last
    Mark at_report_;
    std::map<wire::Loss::Cause, Mark> at_loss_;  // when the latest loss of each cause began
    std::uint64_t dropped_before_ = 0;           // by the interfaces, before the daemon was restarted
    std::uint32_t worker_restarts_ = 0;
};

}  // namespace packetsentry::jobs
