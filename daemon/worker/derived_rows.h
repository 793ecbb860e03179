// Rows that are each made of several packets, of one table: conversations (flow_rows.h), questions with their
// answers (dns_rows.h). They are collected in batches, which are sent over the link or, if it is full, shed.
// The rows are kept (keeping.h) in either case.
//
// They are made of each packet that the capture's filter has passed, whatever a display filter then does with
// its row, because half of a conversation would be a wrong one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/base/result.h"
#include "daemon/capture/packet_source.h"
#include "daemon/record/derived_batch_builder.h"
#include "daemon/worker/capture_mode.h"
#include "daemon/worker/interface_names.h"
#include "daemon/worker/keeping.h"
#include "daemon/worker/link.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::worker {

class DerivedRows {
  public:
    using Clock = std::chrono::steady_clock;

    // A live batch is cut at this age.
    static constexpr std::chrono::milliseconds kBatchAge{200};

    virtual ~DerivedRows() = default;
    DerivedRows(const DerivedRows&) = delete;
    DerivedRows& operator=(const DerivedRows&) = delete;

    // Call it often while nothing is captured: it makes rows of what waits no longer.
    virtual void look(Clock::time_point now) = 0;
    // Makes rows of what has not ended, unless the open batch is full. Returns whether there is no more.
    [[nodiscard]] virtual bool finish() = 0;
    // Sets the counts of its rows in a ledger.
    void count(wire::Ledger& ledger) const;

    // There is no room for what another packet can end.
    [[nodiscard]] bool full() const { return builder_.rows() >= full_ || builder_.full(); }
    [[nodiscard]] std::uint32_t rows() const { return builder_.rows(); }  // in the open batch
    // When the open batch must be cut because of its age.
    [[nodiscard]] std::optional<Clock::time_point> cut_due() const;

    // Cut the open batch in two steps, because a batch is sent with a ledger that counts its rows, as
    // RowBatches has them. Call them only if there are rows.
    [[nodiscard]] base::Result<bool> close();
    [[nodiscard]] base::Result<void> send(const wire::Ledger& ledger);

  protected:
    // What the derived class has: where rows grow for the link, and for the spool.
    struct Builders {
        record::DerivedBatchBuilder& batch;
        record::DerivedBatchBuilder& kept;
    };
    // full: rows of a full batch. All references must outlive this object.
    DerivedRows(CaptureMode mode, wire::Table table, Builders builders, std::uint32_t full,
                const capture::PacketSource& source, InterfaceNames& names, Keeping& keeping, Link& link)
        : mode_(mode),
          table_(table),
          builder_(builders.batch),
          full_(full),
          source_(source),
          names_(names),
          keeping_(keeping),
          link_(link) {
        keeping_.take_rows_of(table, builders.kept);
    }

    // Where something was seen. interface: among those of the source, or beyond them. The name lives until
    // the next call.
    struct Place {
        std::string_view name;
        std::uint32_t link_type = 0;
    };
    [[nodiscard]] Place place_of(std::uint32_t interface, std::uint32_t interface_index);
    // Makes a row of the open batch, and one that is kept. append(builder) appends it to the builder of
    // either.
    template <typename Builder, typename Append>
    void add_row(Builder& batch, Builder& kept, Append append) {
        open_batch();
        keeping_.keep_row(table_, batch.next_number(), [&] { append(kept); });
        append(batch);
    }
    // What is over for lack of room.
    [[nodiscard]] virtual std::uint64_t evicted() const = 0;
    // A clock that nobody sets, for what waits in a live capture.
    [[nodiscard]] static std::int64_t nanoseconds(Clock::time_point time) {
        return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
    }
    [[nodiscard]] bool live() const { return mode_ == CaptureMode::live; }

  private:
    void open_batch();

    CaptureMode mode_;
    wire::Table table_;
    record::DerivedBatchBuilder& builder_;
    std::uint32_t full_;
    const capture::PacketSource& source_;
    InterfaceNames& names_;
    Keeping& keeping_;
    Link& link_;
    Clock::time_point opened_;  // when the open batch got its first row
    std::uint64_t sent_ = 0;    // rows
    std::uint64_t shed_ = 0;
};

}  // namespace packetsentry::worker
