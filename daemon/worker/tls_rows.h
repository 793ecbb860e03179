// Puts the hellos of TLS clients together with what comes of them (daemon/transactions), and makes rows of
// the handshakes.
#pragma once

#include "daemon/transactions/tls_handshakes.h"
#include "daemon/worker/transaction_rows.h"

namespace packetsentry::worker {

class TlsRows final : public TransactionRows {
  public:
    // What the context refers to must outlive this object.
    explicit TlsRows(const Context& context);

  private:
    static_assert(transactions::TlsHandshakes::kEndedByPacket <= kMostByPacket);

    [[nodiscard]] bool may_be(const dissect::Dissection& dissection) const override {
        return handshakes_.may_be(dissection);
    }
    void take_packet(const capture::Packet& packet, const dissect::Dissection& dissection,
                     std::uint64_t number) override;
    void advance(std::size_t most) override { handshakes_.advance(now_ns(), most); }
    [[nodiscard]] bool finish_some(std::size_t most) override { return handshakes_.finish(now_ns(), most); }
    [[nodiscard]] std::uint64_t evicted() const override { return handshakes_.evicted(); }

    transactions::TlsHandshakes handshakes_;
};

}  // namespace packetsentry::worker
