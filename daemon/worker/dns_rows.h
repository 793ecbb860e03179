// Puts the questions of DNS that a capture sees together with their answers (daemon/transactions), and makes
// rows of them.
#pragma once

#include <cstdint>
#include <memory>

#include "daemon/capture/packet_source.h"
#include "daemon/dissect/dissection.h"
#include "daemon/flows/flow_packet.h"
#include "daemon/record/transaction_batch_builder.h"
#include "daemon/transactions/dns_questions.h"
#include "daemon/worker/capture_mode.h"
#include "daemon/worker/derived_rows.h"
#include "daemon/worker/interface_names.h"
#include "daemon/worker/keeping.h"
#include "daemon/worker/link.h"

namespace packetsentry::worker {

class DnsRows final : public DerivedRows, private transactions::TransactionSink {
  public:
    // All references must outlive this object.
    DnsRows(CaptureMode mode, const capture::PacketSource& source, InterfaceNames& names, Keeping& keeping,
            Link& link);

    // number: of the packet's row; 0: it has none, or it is not known yet.
    void take(const capture::Packet& packet, const dissect::Dissection& dissection, std::uint64_t number) {
        if (!live() && packet.has_time && packet.time_ns > now_ns_) now_ns_ = packet.time_ns;
        if (transactions::DnsQuestions::may_be(dissection)) take_messages(packet, dissection, number);
    }
    void look(Clock::time_point now) override;
    [[nodiscard]] bool finish() override;
    [[nodiscard]] base::Result<void> give_away(Clock::time_point until) override;
    void adopt(const wire::PassedState& passed) override;

  private:
    static constexpr std::uint32_t kFull = 2048;
    static constexpr std::size_t kFinished = 1024;  // rows that finish() makes at a time
    static_assert(kFull + kFinished <= record::TransactionBatchBuilder::kRowLimit);
    static_assert(kFull + transactions::DnsQuestions::kEndedTogether <=
                  record::TransactionBatchBuilder::kRowLimit);
    static_assert(kFull + (dissect::Dissection::kFurtherMessages + 1) *
                              transactions::DnsQuestions::kEndedByMessage <=
                  record::TransactionBatchBuilder::kRowLimit);

    void take_messages(const capture::Packet& packet, const dissect::Dissection& dissection,
                       std::uint64_t number);
    void transaction(const transactions::Transaction& transaction) override;
    [[nodiscard]] std::uint64_t evicted() const override { return questions_.evicted(); }

    flows::FlowPacketReader reader_;
    transactions::DnsQuestions questions_;
    std::unique_ptr<dissect::Dissection> further_;  // of one further message of a segment at a time
    record::TransactionBatchBuilder builder_, kept_;
    std::int64_t now_ns_ = INT64_MIN;  // by the clock that questions wait by
};

}  // namespace packetsentry::worker
