// Puts the requests of HTTP that a capture sees together with their responses (daemon/transactions), and
// makes rows of them.
#pragma once

#include "daemon/transactions/http_exchanges.h"
#include "daemon/worker/transaction_rows.h"

namespace packetsentry::worker {

class HttpRows final : public TransactionRows {
  public:
    // What the context refers to must outlive this object.
    explicit HttpRows(const Context& context);

    [[nodiscard]] base::Result<void> give_away(Clock::time_point until) override;
    void adopt(const wire::PassedState& passed) override;

  private:
    static_assert(transactions::HttpExchanges::kEndedByPacket <= kMostByPacket);

    [[nodiscard]] bool may_be(const dissect::Dissection& dissection) const override {
        return transactions::HttpExchanges::may_be(dissection) ||
               exchanges_.needs(dissection.headers.tcp_flags);
    }
    void take_packet(const capture::Packet& packet, const dissect::Dissection& dissection,
                     std::uint64_t number) override;
    void advance(std::size_t most) override { exchanges_.advance(now_ns(), most); }
    [[nodiscard]] bool finish_some(std::size_t most) override { return exchanges_.finish(now_ns(), most); }
    [[nodiscard]] std::uint64_t evicted() const override { return exchanges_.evicted(); }

    transactions::HttpExchanges exchanges_;
};

}  // namespace packetsentry::worker
