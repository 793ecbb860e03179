// Puts the packets of a capture together to conversations (daemon/flows), and makes rows of them.
#pragma once

#include <chrono>
#include <cstdint>

#include "daemon/base/result.h"
#include "daemon/capture/packet_source.h"
#include "daemon/dissect/dissection.h"
#include "daemon/flows/flow_packet.h"
#include "daemon/flows/flow_table.h"
#include "daemon/flows/own_losses.h"
#include "daemon/flows/server_names.h"
#include "daemon/record/flow_batch_builder.h"
#include "daemon/worker/capture_mode.h"
#include "daemon/worker/derived_rows.h"
#include "daemon/worker/interface_names.h"
#include "daemon/worker/keeping.h"
#include "daemon/worker/link.h"
#include "proto/messages/capture.pb.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

class FlowRows final : public DerivedRows, private flows::FlowSink {
  public:
    // Whoever wants rows has notes and names too.
    enum class Wanted : std::uint8_t { rows, only_notes, notes_and_names };

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
    void look(Clock::time_point now) override;
    [[nodiscard]] bool finish() override;

    // What is known of the names of addresses.
    [[nodiscard]] const flows::ServerNames& names() const { return table_.names(); }

    // If there is time left, the names of addresses follow the conversations.
    [[nodiscard]] base::Result<void> give_away(Clock::time_point until) override;
    void adopt(const wire::PassedState& passed) override;
    void settle() override { table_.settle(); }

  private:
    static constexpr std::uint32_t kFull = 2048;
    // Rows that finish() makes at a time: so few that those with the longest names fit into a batch.
    static constexpr std::size_t kFinished = 1024;
    // A packet ends no more at each of its levels.
    static_assert(kFull + flows::FlowPacketReader::kLevels * (flows::FlowTable::kMostShown + 2) <=
                  record::FlowBatchBuilder::kRowLimit);

    void flow(const flows::Flow& flow, flows::FlowReason reason) override;
    void adopted(const flows::Flow& flow) override;
    [[nodiscard]] std::uint64_t evicted() const override { return table_.evicted(); }
    void count_losses(Clock::time_point now);

    Wanted wanted_;
    bool masked_;
    capture::PacketSource& source_;
    dissect::QuicConnections* quic_;
    flows::FlowPacketReader reader_;
    flows::FlowTable table_;
    flows::OwnLosses losses_;
    record::FlowBatchBuilder builder_, kept_;
    std::int64_t now_ns_ = INT64_MIN;  // by the clock of the table
};

}  // namespace packetsentry::worker
