// Puts the requests of HTTP that a capture sees together with their responses (daemon/transactions), and
// makes rows of them.
#pragma once

#include <cstdint>

#include "daemon/capture/packet_source.h"
#include "daemon/dissect/dissection.h"
#include "daemon/flows/flow_packet.h"
#include "daemon/record/transaction_batch_builder.h"
#include "daemon/transactions/http_exchanges.h"
#include "daemon/worker/capture_mode.h"
#include "daemon/worker/derived_rows.h"
#include "daemon/worker/interface_names.h"
#include "daemon/worker/keeping.h"
#include "daemon/worker/link.h"

namespace packetsentry::worker {

class HttpRows final : public DerivedRows, private transactions::TransactionSink {
  public:
    // All references must outlive this object.
    HttpRows(CaptureMode mode, const capture::PacketSource& source, InterfaceNames& names, Keeping& keeping,
             Link& link);

    // number: of the packet's row; 0: it has none, or it is not known yet.
    void take(const capture::Packet& packet, const dissect::Dissection& dissection, std::uint64_t number) {
        if (!live() && packet.has_time && packet.time_ns > now_ns_) now_ns_ = packet.time_ns;
        if (transactions::HttpExchanges::may_be(dissection) || exchanges_.needs(dissection.headers.tcp_flags))
            take_segment(packet, dissection, number);
    }
    void look(Clock::time_point now) override;
    [[nodiscard]] bool finish() override;

  private:
    static constexpr std::uint32_t kFull = 2048;
    // Rows that finish() makes at a time. They are few, because the fields of each may take 2 KiB.
    static constexpr std::size_t kFinished = 256;
    static_assert(kFull + kFinished <= record::TransactionBatchBuilder::kRowLimit);
    static_assert(kFull + transactions::HttpExchanges::kEndedTogether <=
                  record::TransactionBatchBuilder::kRowLimit);
    static_assert(kFull + transactions::HttpExchanges::kEndedByPacket <=
                  record::TransactionBatchBuilder::kRowLimit);

    void take_segment(const capture::Packet& packet, const dissect::Dissection& dissection,
                      std::uint64_t number);
    void transaction(const transactions::Transaction& transaction) override;
    [[nodiscard]] std::uint64_t evicted() const override { return exchanges_.evicted(); }

    flows::FlowPacketReader reader_;
    transactions::HttpExchanges exchanges_;
    record::TransactionBatchBuilder builder_, kept_;
    std::int64_t now_ns_ = INT64_MIN;  // by the clock that requests wait by
};

}  // namespace packetsentry::worker
