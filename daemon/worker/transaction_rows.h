// Rows of a table of transactions: the messages of a protocol that belong together (daemon/transactions),
// such as a question and its answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "daemon/capture/packet_source.h"
#include "daemon/dissect/dissection.h"
#include "daemon/flows/flow_packet.h"
#include "daemon/record/transaction_batch_builder.h"
#include "daemon/transactions/transaction.h"
#include "daemon/worker/derived_rows.h"
#include "proto/link/channel.h"

namespace packetsentry::worker {

class TransactionRows : public DerivedRows, protected transactions::TransactionSink {
  public:
    // number: of the packet's row; 0: it has none, or it is not known yet.
    void take(const capture::Packet& packet, const dissect::Dissection& dissection, std::uint64_t number) {
        if (!live() && packet.has_time && packet.time_ns > now_ns_) now_ns_ = packet.time_ns;
        if (may_be(dissection)) take_packet(packet, dissection, number);
    }
    void look(Clock::time_point now) override;
    [[nodiscard]] bool finish() override;

  protected:
    // Rows of a full batch, and how many are ended before somebody looks whether it is full: few, because the
    // fields of each may have so many bytes of text.
    static constexpr std::uint32_t kFull = 2048;
    static constexpr std::size_t kTogether = 32, kMostOfRow = 88 * 1024;
    static constexpr std::size_t kMostByPacket = record::TransactionBatchBuilder::kRowLimit - kFull;
    static_assert(kTogether <= kMostByPacket);
    static_assert(record::TransactionBatchBuilder::kTextLimit + kTogether * kMostOfRow <
                  proto::kBatchFrameLimit);

    TransactionRows(const Context& context, wire::Table table);

    // Tells whether take_packet() has to see the packet. It is asked of each one.
    [[nodiscard]] virtual bool may_be(const dissect::Dissection& dissection) const = 0;
    // May make kMostByPacket rows.
    virtual void take_packet(const capture::Packet& packet, const dissect::Dissection& dissection,
                             std::uint64_t number) = 0;
    // Ends what has waited for too long, but no more than this number.
    virtual void advance(std::size_t most) = 0;
    // Ends what waits, but no more than this number. Returns whether there is no more.
    [[nodiscard]] virtual bool finish_some(std::size_t most) = 0;

    // By the clock that messages wait by.
    [[nodiscard]] std::int64_t now_ns() const { return now_ns_; }
    void set_now(Clock::time_point now) { now_ns_ = nanoseconds(now); }

    // The packet between its innermost ends, because a packet in a tunnel belongs to those who use the
    // tunnel. Null: it has none. Valid until the next call.
    [[nodiscard]] const flows::FlowPacket* read_innermost(const capture::Packet& packet,
                                                          const dissect::Dissection& dissection,
                                                          std::uint64_t number);
    // What is the same in each message of any protocol. Message: as transactions::DnsPacket is.
    template <typename Message>
    [[nodiscard]] static Message message_of(const capture::Packet& packet,
                                            const flows::FlowPacket& innermost) {
        Message message;
        message.tuple = innermost.tuple;
        if (packet.has_time) message.time_ns = packet.time_ns;
        message.number = innermost.number;
        message.seen_on = {.interface = packet.interface, .interface_index = innermost.interface_index};
        return message;
    }

  private:
    static constexpr std::size_t kRounds = 8;  // in which rows are ended at a time

    void transaction(const transactions::Transaction& transaction) override;

    flows::FlowPacketReader reader_;
    record::TransactionBatchBuilder builder_, kept_;
    std::int64_t now_ns_ = INT64_MIN;
};

// Null: the table has no transactions.
[[nodiscard]] std::unique_ptr<TransactionRows> make_transaction_rows(const DerivedRows::Context& context,
                                                                     wire::Table table);

}  // namespace packetsentry::worker
