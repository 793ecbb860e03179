// Rows that are each made of several packets, of one table: conversations (flow_rows.h), questions with their
// answers and their like (transaction_rows.h). They are collected in batches, which are sent over the link
// or, if it is full, shed. The rows are kept (keeping.h) in either case.
//
// They are made of each packet that the capture's filter has passed, whatever a display filter then does with
// its row, because half of a conversation would be a wrong one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/capture/packet_source.h"
#include "daemon/flows/server_names.h"
#include "daemon/record/derived_batch_builder.h"
#include "daemon/worker/capture_mode.h"
#include "daemon/worker/interface_names.h"
#include "daemon/worker/keeping.h"
#include "daemon/worker/link.h"
#include "proto/messages/capture.pb.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

class DerivedRows {
  public:
    using Clock = std::chrono::steady_clock;

    // A live batch is cut at this age.
    static constexpr std::chrono::milliseconds kBatchAge{200};

    // Where packets come from, and where rows go.
    struct Context {
        CaptureMode mode;
        const capture::PacketSource& source;
        InterfaceNames& names;
        Keeping& keeping;
        Link& link;
    };

    virtual ~DerivedRows() = default;
    DerivedRows(const DerivedRows&) = delete;
    DerivedRows& operator=(const DerivedRows&) = delete;

    // Batches have these names of addresses. names must outlive the last batch, also of those that are kept.
    void take_names_from(const flows::ServerNames& names) {
        builder_.take_names_from(names);
        kept_.take_names_from(names);
    }
    // Call it often while nothing is captured: it makes rows of what waits no longer.
    virtual void look(Clock::time_point now) = 0;
    // Makes rows of what has not ended, unless the open batch is full. Returns whether there is no more.
    [[nodiscard]] virtual bool finish() = 0;
    // In place of finish(): sends what has not ended to the program that started this worker, which passes it
    // on to the next worker, for as long as this time has not come. What is left is still here, as is all of
    // a table that passes nothing on.
    [[nodiscard]] virtual base::Result<void> give_away(Clock::time_point /*until*/) { return {}; }
    // Takes what the worker before this one has given away. Call it before the first packet, and settle()
    // behind all of it.
    virtual void adopt(const wire::PassedState& /*passed*/) {}
    virtual void settle() {}
    // Returns, once, that something that was passed on could not be read.
    [[nodiscard]] std::optional<std::string> take_news();
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
    // full: rows of a full batch. What the context and the builders refer to must outlive this object.
    DerivedRows(const Context& context, wire::Table table, Builders builders, std::uint32_t full)
        : context_(context), table_(table), builder_(builders.batch), kept_(builders.kept), full_(full) {
        context_.keeping.take_rows_of(table, builders.kept);
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
        context_.keeping.keep_row(table_, batch.next_number(), [&] { append(kept); });
        append(batch);
    }
    // Sends what fill(passed) appends, until this time, or until it returns that there is no more. It appends
    // about kPieceBytes to each.
    static constexpr std::size_t kPieceBytes = 48 * 1024;  // far below what a worker receives at a time
    [[nodiscard]] base::Result<void> send_pieces(Clock::time_point until,
                                                 const std::function<bool(wire::PassedState&)>& fill);
    // The number here of each interface that what was passed refers to; kNoInterface: this worker does not
    // capture it, so what was seen on it shows no name.
    [[nodiscard]] std::vector<std::uint32_t> interfaces_of(const wire::PassedState& passed) const;
    void note_damage() { damaged_ = true; }

    // What is over for lack of room.
    [[nodiscard]] virtual std::uint64_t evicted() const = 0;
    // A clock that nobody sets, for what waits in a live capture.
    [[nodiscard]] static std::int64_t nanoseconds(Clock::time_point time) {
        return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
    }
    [[nodiscard]] bool live() const { return context_.mode == CaptureMode::live; }

  private:
    void open_batch();

    Context context_;
    wire::Table table_;
    record::DerivedBatchBuilder& builder_;
    record::DerivedBatchBuilder& kept_;
    std::uint32_t full_;
    Clock::time_point opened_;  // when the open batch got its first row
    std::uint64_t sent_ = 0;    // rows
    std::uint64_t shed_ = 0;
    bool damaged_ = false;  // something that was passed on could not be read
};

}  // namespace packetsentry::worker
