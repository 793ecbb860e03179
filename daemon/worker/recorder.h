// Takes each packet through its steps: it is analysed (analysis.h), becomes part of a conversation, a
// question or a request (derived_rows.h), is saved (saving.h), kept (keeping.h), and gets a row
// (row_batches.h). Every packet is counted.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/capture/file/capture_writer.h"
#include "daemon/capture/packet_source.h"
#include "daemon/redact/redactor.h"
#include "daemon/worker/analysis.h"
#include "daemon/worker/capture_mode.h"
#include "daemon/worker/derived_rows.h"
#include "daemon/worker/display_filter.h"
#include "daemon/worker/flow_rows.h"
#include "daemon/worker/interface_names.h"
#include "daemon/worker/keeping.h"
#include "daemon/worker/link.h"
#include "daemon/worker/row_batches.h"
#include "daemon/worker/saving.h"
#include "daemon/worker/transaction_rows.h"
#include "proto/messages/capture.pb.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

class Recorder : public capture::PacketSink {
  public:
    using Clock = std::chrono::steady_clock;

    struct Limits {  // 0 means no limit
        std::uint64_t packets = 0;
        std::uint64_t file_bytes = 0;  // size of the output
    };

    // source and link must outlive this object. writer: null if packets are not saved. redactor: null if
    // packets are recorded whole.
    Recorder(CaptureMode mode, capture::PacketSource& source, std::unique_ptr<capture::CaptureWriter> writer,
             Link& link, std::unique_ptr<redact::Redactor> redactor = nullptr);
    Recorder(const Recorder&) = delete;  // it has what refers to its batches
    Recorder& operator=(const Recorder&) = delete;

    // Records only packets that pass this filter. Null: all.
    void take_only(std::unique_ptr<DisplayFilter> display) { display_ = std::move(display); }
    // Rows have the bytes of their packets.
    void keep_captured() { batches_.keep_captured(); }

    // Puts conversations together, so that packets have notes (wire::TcpNote) and addresses have names, and
    // makes rows of them, as far as that is wanted. masked: addresses are. bytes: how much memory they may
    // take; 0: as usual. Call it before the first packet.
    void make_flows(FlowRows::Wanted wanted, bool masked, std::uint64_t bytes = 0);
    // Makes the rows of a table, if it is one of transactions. Call it before the first packet.
    void make_transactions(wire::Table table);
    // Makes no rows of packets, and counts them all the same. Call it before the first packet.
    void leave_packets_out() { batches_.only_count(keeping_.keeps_packets()); }

    // Tell analysis() which packets to take, saving() what to write and when, and keeping() where.
    [[nodiscard]] Analysis& analysis() { return analysis_; }
    [[nodiscard]] const Analysis& analysis() const { return analysis_; }
    [[nodiscard]] Saving& saving() { return saving_; }
    [[nodiscard]] const Saving& saving() const { return saving_; }
    [[nodiscard]] Keeping& keeping() { return keeping_; }
    void stop_at(Limits limits) { limits_ = limits; }

    bool packet(const capture::Packet& packet) override;

    [[nodiscard]] bool limit_reached() const { return limit_reached_; }
    [[nodiscard]] bool batch_full() const {
        return batches_.full() || std::ranges::any_of(derived(), &DerivedRows::full);
    }
    // Call it at each turn, also when there is no packet.
    void look(Clock::time_point now) {
        for (DerivedRows* const rows : derived()) rows->look(now);
    }
    // No more packet can wait for the display filter: call ask_display_filter().
    [[nodiscard]] bool block_full() const { return display_ && display_->full(); }
    [[nodiscard]] std::optional<Clock::time_point> cut_due() const;
    [[nodiscard]] bool cuts_at_once() { return batches_.cuts_at_once(waiting()); }
    // Records those of the waiting packets that pass the display filter. No packet waits then. Error: the
    // link has broken.
    [[nodiscard]] base::Result<void> ask_display_filter();
    // Writes the saved packets to the output, then seals the open batch and sends it, with what still waited
    // for the display filter. Error: the link has broken.
    [[nodiscard]] base::Result<void> cut();
    // Makes rows of the conversations, questions and requests that have not ended, and sends them. Call it
    // after the last packet. Error: the link has broken.
    [[nodiscard]] base::Result<void> end_derived();
    // In place of end_derived(): another worker goes on with what has not ended, as far as there is time to
    // pass it on.
    [[nodiscard]] base::Result<void> give_away();
    // Before the first packet: takes what the worker before this one has passed on. Call settle() behind the
    // last of it.
    void adopt(const wire::PassedState& passed) {
        for (DerivedRows* const rows : derived()) rows->adopt(passed);
    }
    void settle() {
        for (DerivedRows* const rows : derived()) rows->settle();
    }
    // Returns, once, that some of it could not be read.
    [[nodiscard]] std::optional<std::string> take_passed_news();

    // Ends saving at this wall clock time, and keeping. Call it after the last cut(). Packets that the kernel
    // counts from now on belong to no worker.
    void end_saving(std::int64_t now_ns);

    // Returns the counts, which balance for all packets up to the last cut().
    [[nodiscard]] wire::Ledger ledger();

  private:
    // The rows of all tables have the names of addresses that the conversations know.
    void share_names();
    void take(const capture::Packet& captured);
    void record(const capture::Packet& packet, std::string_view interface_name);
    [[nodiscard]] base::Result<void> cut_batch();
    [[nodiscard]] base::Result<void> cut_derived();
    // What is made of several packets each, as far as it is wanted.
    [[nodiscard]] std::span<DerivedRows* const> derived() const { return derived_; }
    [[nodiscard]] std::uint32_t waiting() const { return display_ ? display_->waiting() : 0; }
    [[nodiscard]] bool reaches_limit() const;

    CaptureMode mode_;
    Link& link_;
    Limits limits_;
    capture::PacketSource& source_;
    Analysis analysis_;
    Saving saving_;
    Keeping keeping_;
    InterfaceNames names_;
    RowBatches batches_;
    std::unique_ptr<FlowRows> flows_;  // null: no rows are made of conversations
    std::vector<std::unique_ptr<TransactionRows>> transactions_;
    std::vector<DerivedRows*> derived_;       // flows_, and transactions_
    std::unique_ptr<DisplayFilter> display_;  // null: there is none
    std::uint64_t taken_ = 0;                 // live packets
    std::uint64_t rows_ = 0;                  // that were numbered
    bool limit_reached_ = false;
    std::optional<capture::SourceCounters> last_counters_;  // as they were when the capture ended
};

}  // namespace packetsentry::worker
