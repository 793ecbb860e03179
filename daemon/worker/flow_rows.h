// Puts the packets of a capture together to conversations (daemon/flows), and collects their rows in batches,
// which are sent over the link or, if it is full, shed. The rows are kept (keeping.h) in either case.
//
// Conversations are made of each packet that the capture's filter has passed, whatever a display filter then
// does with its row, because half a conversation would be a wrong one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/capture/packet_source.h"
#include "daemon/dissect/dissection.h"
#include "daemon/flows/flow_packet.h"
#include "daemon/flows/flow_table.h"
#include "daemon/flows/own_losses.h"
#include "daemon/record/flow_batch_builder.h"
#include "daemon/worker/capture_mode.h"
#include "daemon/worker/interface_names.h"
#include "daemon/worker/keeping.h"
#include "daemon/worker/link.h"
#include "proto/messages/capture.pb.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

class FlowRows : private flows::FlowSink {
  public:
    using Clock = std::chrono::steady_clock;

    // A live batch is cut at this age.
    static constexpr std::chrono::milliseconds kBatchAge{200};

    enum class Wanted : std::uint8_t { rows, only_notes };

    // masked: the addresses in the dissections are. bytes: of memory for conversations; 0: as usual. quic:
    // what the dissector knows of QUIC connections, or null. It and all references must outlive this object.
    FlowRows(CaptureMode mode, Wanted wanted, bool masked, std::uint64_t bytes, capture::PacketSource& source,
             InterfaceNames& names, dissect::QuicConnections* quic, Keeping& keeping, Link& link);

    // Has what the packet after this one needs fetched from memory. Call it before this one is dissected, so
    // that the memory has come when take() is called.
    void look_ahead(const capture::Packet& packet);
    // number: of the packet's row; 0: it has none, or it is not known yet. Returns what the packet is to its
    // TCP connection (flows::TcpNote).
    std::uint8_t take(const capture::Packet& packet, const dissect::Dissection& dissection,
                      std::uint64_t number);
    // Call it often while nothing is captured: it ends conversations whose time is over.
    void look(Clock::time_point now);

    // There is no room for what another packet can end.
    [[nodiscard]] bool full() const {
        return builder_.rows() >= kFull || builder_.text_bytes() >= record::FlowBatchBuilder::kTextLimit;
    }
    [[nodiscard]] std::uint32_t rows() const { return builder_.rows(); }  // in the open batch
    // When the open batch must be cut because of its age.
    [[nodiscard]] std::optional<Clock::time_point> cut_due() const;

    // Cut the open batch in two steps, because a batch is sent with a ledger that counts its rows, as
    // RowBatches has them. Call them only if there are rows.
    [[nodiscard]] base::Result<bool> close();
    [[nodiscard]] base::Result<void> send(const wire::Ledger& ledger);

    // Makes rows of conversations that have not ended, unless the open batch is full. Returns whether there
    // are no more.
    [[nodiscard]] bool finish();

    // Sends conversations to the program that started this worker, which passes them on to the next one, for
    // as long as packets of that one can wait in its ring. Those that are left are still here. If there is
    // time left, what DNS has said of names follows.
    [[nodiscard]] base::Result<void> give_away();
    // Takes conversations and names of the worker before this one. What cannot be read of them is told by
    // take_news().
    void adopt(const wire::PassedFlows& passed);
    void settle() { table_.settle(); }  // behind the last of them
    [[nodiscard]] std::optional<std::string> take_news();

    void count(wire::Ledger& ledger) const;

  private:
    static constexpr std::uint32_t kFull = 2048;
    // Rows that finish() makes at a time: so few that those with the longest names fit into a batch.
    static constexpr std::size_t kFinished = 1024;
    // A packet ends no more at each of its levels.
    static_assert(kFull + flows::FlowPacketReader::kLevels * (flows::FlowTable::kMostShown + 2) <=
                  record::FlowBatchBuilder::kRowLimit);

    void flow(const flows::Flow& flow, flows::FlowReason reason) override;
    void adopted(const flows::Flow& flow) override;
    void count_losses(Clock::time_point now);
    [[nodiscard]] std::uint32_t number_of(const wire::PassedFlows::Interface& passed) const;

    CaptureMode mode_;
    Wanted wanted_;
    bool masked_;
    capture::PacketSource& source_;
    InterfaceNames& names_;
    dissect::QuicConnections* quic_;
    Keeping& keeping_;
    Link& link_;
    flows::FlowPacketReader reader_;
    flows::FlowTable table_;
    flows::OwnLosses losses_;
    record::FlowBatchBuilder builder_;
    std::int64_t now_ns_ = INT64_MIN;  // by the clock of the table
    Clock::time_point opened_;         // when the open batch got its first row
    std::uint64_t sent_ = 0;           // rows
    std::uint64_t shed_ = 0;
    bool damaged_ = false;  // some that were passed on could not be read
};

}  // namespace packetsentry::worker
