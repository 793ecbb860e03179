// What a job has counted, over all its workers, and what it has lost.
//
// The ledger. Each worker counts what becomes of every packet: it was received, dropped by the kernel,
// filtered out, shed, recorded, saved, and so on (wire::Ledger in proto/messages/capture.proto). It sends
// these counts with each batch of rows, and reports them about twice a second, each time as sums since the
// worker began. So the ledger counts packets by itself, is never deduced from rows, and agrees with the rows
// that have arrived, also where a worker dies right after it sent some. A job has one worker after the
// other, so the job's ledger is the sum of two parts: the last counts of the workers that are done, which
// are folded into one, and the latest ones of the present worker. Packets that were in the ring of a worker
// that is done, and that nobody has read, are taken out of the ledger again: either the next worker counts
// them, or they are part of a loss.
//
// Losses. The ledger says how many packets are missing; a loss says from when to when, and why. What can be
// known of its size depends on the cause:
//  - Losses that a worker counts itself: its ring was full, its reader was behind, its output took no more.
//    How many packets each cost is the difference between two reports, and the loss is dated by these
//    reports.
//  - Losses while nobody captured: a worker died, or an interface was gone. Nobody counted the packets, but
//    the kernel counts what passes each interface, whoever captures. The growth of that count, less what the
//    job recorded in that time, is the most that such a loss can have cost. Where a worker died, the loss
//    begins with its last report, and not with its death, because what it did in between is not known.
//  - Losses while this process did not run. Nothing is known of their size, and they are marked so. While an
//    interface was down, on the other hand, it had no packets, so that this is dated and costs none.
// A loss whose end is not known yet is open, and has one entry for its cause, however often that is told.
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
    // Goes on from where a job was when it was stored. The losses that were open then end with that time, as
    // what followed is a loss of its own. saves: the next worker is given an output.
    Counts(Moment now, const wire::StoredJob& before, bool saves);

    // Takes the counts that the present worker sent with rows. They replace its previous ones.
    void count(const wire::Ledger& ledger, Moment now);
    // Takes the present worker's report, in the same way. What was lost since the previous report is dated.
    void report(const wire::Ledger& ledger, Moment now);
    // Keeps the counts of the present worker, which is done. saves: its successor is given an output.
    void fold(bool saves, Moment now);
    // Sets whether the present worker was given an output. Where saving has ended it was not, and whatever it
    // records counts as not saved.
    void set_saves(bool saves) { saves_ = saves; }
    void count_restart() { ++worker_restarts_; }
    // To be called about once a second, and around a loss, so that what it can have cost is known. names: the
    // job's interfaces, as they are called now.
    void count_interfaces(const InterfaceTable& table, std::span<const std::string> names);

    // Begins a loss that goes on. since_report: it began with the present worker's last report already.
    void begin_loss(wire::Loss::Cause cause, Moment now, bool since_report);
    void end_loss(wire::Loss::Cause cause, Moment now);
    // Ends all losses that are open, because the job is over.
    void end_losses(Moment now) { losses_.close_all(now.wall_ns); }

    [[nodiscard]] wire::Ledger ledger() const;
    // Puts all of this into what clients are told. live: the job is not over, and so it has a rate.
    void describe(wire::Job& job, bool live, Moment now) const;

  private:
    // The counts by which the size of a loss is bounded, as they stood at one time.
    struct Mark {
        std::uint64_t growth = 0;  // of the interfaces' own counts
        std::uint64_t recorded = 0;
    };
    [[nodiscard]] Mark mark() const { return {growth_.packets(), ledger().recorded()}; }
    void find_losses(Moment now);

    wire::Ledger folded_;   // of the workers that are done
    wire::Ledger present_;  // of the present one
    wire::Ledger dated_;    // the part of it whose losses are dated
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
