// Rows of questions, requests and handshakes, in the targets that put these together with their answers.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/record/transaction_batch_builder.h"
#include "daemon/transactions/transaction.h"
#include "proto/link/channel.h"
#include "proto/rows/batch_view.h"
#include "tests/fuzz/flow_packets.h"

namespace packetsentry::fuzz {

// Makes rows of what is over.
class TransactionRows : public transactions::TransactionSink {
  public:
    // One table in a program.
    explicit TransactionRows(wire::Table table) : table_(table), builder_(one_for_all(table)) {}

    void transaction(const transactions::Transaction& transaction) override {
        const bool asked = transaction.request_packet != 0, answered = transaction.response_packet != 0;
        promise(asked || answered);
        if (transaction.outcome == transactions::Outcome::answered) promise(asked && answered);
        if (transaction.outcome == transactions::Outcome::unasked)
            promise(!asked && transaction.request.empty());
        if (transaction.outcome == transactions::Outcome::unanswered ||
            transaction.outcome == transactions::Outcome::stopped ||
            transaction.outcome == transactions::Outcome::evicted)
            promise(asked && !answered && (transaction.response.empty() || may_refuse()));
        evicted += transaction.outcome == transactions::Outcome::evicted;
        packets += asked + answered + transaction.repeats;
        ++transactions;
        builder_.append(transaction, "eth0", 1);
    }
    // Call it behind each packet, as a worker does: one packet may make more rows than fill the batch.
    void look() {
        if (builder_.full()) seal();
    }
    void seal() {
        if (builder_.rows() == 0) return;
        wire::Batch batch;
        const std::string& bytes = builder_.seal();
        promise(bytes.size() <= proto::kBatchFrameLimit && batch.ParseFromString(bytes));
        promise(proto::BatchView::check(batch).has_value());
    }

    std::uint64_t transactions = 0;
    std::uint64_t packets = 0;  // at least, that they are made of
    std::uint64_t evicted = 0;

  private:
    // A server of TLS may refuse a hello by an alert, which is no hello of its own.
    [[nodiscard]] bool may_refuse() const { return table_ == wire::TABLE_TLS; }
    // It is large, and empty after each batch.
    static record::TransactionBatchBuilder& one_for_all(wire::Table table) {
        static record::TransactionBatchBuilder builder(table);
        return builder;
    }

    wire::Table table_;
    record::TransactionBatchBuilder& builder_;
};

}  // namespace packetsentry::fuzz
