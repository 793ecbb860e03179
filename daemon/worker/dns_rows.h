// Puts the questions of DNS that a capture sees together with their answers (daemon/transactions), and makes
// rows of them.
#pragma once

#include <memory>

#include "daemon/transactions/dns_questions.h"
#include "daemon/worker/transaction_rows.h"

namespace packetsentry::worker {

class DnsRows final : public TransactionRows {
  public:
    // What the context refers to must outlive this object.
    explicit DnsRows(const Context& context);

    [[nodiscard]] base::Result<void> give_away(Clock::time_point until) override;
    void adopt(const wire::PassedState& passed) override;

  private:
    static_assert((dissect::Dissection::kFurtherMessages + 1) * transactions::DnsQuestions::kEndedByMessage <=
                  kMostByPacket);

    [[nodiscard]] bool may_be(const dissect::Dissection& dissection) const override {
        return transactions::DnsQuestions::may_be(dissection);
    }
    void take_packet(const capture::Packet& packet, const dissect::Dissection& dissection,
                     std::uint64_t number) override;
    void advance(std::size_t most) override { questions_.advance(now_ns(), most); }
    [[nodiscard]] bool finish_some(std::size_t most) override { return questions_.finish(now_ns(), most); }
    [[nodiscard]] std::uint64_t evicted() const override { return questions_.evicted(); }

    transactions::DnsQuestions questions_;
    std::unique_ptr<dissect::Dissection> further_;  // of one further message of a segment at a time
};

}  // namespace packetsentry::worker
