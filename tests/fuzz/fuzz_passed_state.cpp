// Flows, names, questions or requests that a worker which an attacker has taken over passes on: two bytes of
// their length and they themselves, then packets (flow_packets.h) that may belong to them. Whatever they are,
// they become rows that everybody can read.
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "daemon/flows/flow_table.h"
#include "daemon/record/flow_batch_builder.h"
#include "daemon/record/transaction_batch_builder.h"
#include "daemon/transactions/dns_questions.h"
#include "daemon/transactions/http_exchanges.h"
#include "proto/rows/batch_view.h"
#include "tests/fuzz/flow_packets.h"

using namespace packetsentry;
using fuzz::promise;
using transactions::DnsQuestions;
using transactions::HttpExchanges;

namespace {

constexpr std::size_t kRoom = 8;  // flows
constexpr std::array<std::uint32_t, 2> kInterfaces{0, UINT32_MAX};
constexpr std::uint64_t kLost = 12;

template <typename Builder>
void seal(Builder& builder) {
    if (builder.rows() == 0) return;
    wire::Batch batch;
    promise(batch.ParseFromString(builder.seal()));
    promise(proto::BatchView::check(batch).has_value());
}

template <wire::Table table>
class TransactionRows : public transactions::TransactionSink {
  public:
    void transaction(const transactions::Transaction& transaction) override {
        builder_.append(transaction, "eth0", 1);
        if (builder_.full()) seal(builder_);
    }
    void finish() { seal(builder_); }

  private:
    // It is large, and empty after each batch.
    static record::TransactionBatchBuilder& one_for_all() {
        static record::TransactionBatchBuilder builder(table);
        return builder;
    }

    record::TransactionBatchBuilder& builder_ = one_for_all();
};

class Rows : public flows::FlowSink {
  public:
    void flow(const flows::Flow& flow, flows::FlowReason reason) override {
        if (builder_.rows() >= kRowsOfBatch) finish();
        builder_.append(flow, reason, "eth0", 1, kLost);
    }
    void finish() { seal(builder_); }

  private:
    static constexpr std::uint32_t kRowsOfBatch = 64;
    // It is large, and empty after each batch.
    static record::FlowBatchBuilder& one_for_all() {
        static record::FlowBatchBuilder builder(true);
        return builder;
    }

    record::FlowBatchBuilder& builder_ = one_for_all();
};

// What was passed on takes packets, as in a worker.
template <typename Transactions, wire::Table table>
class Adopted {
  public:
    explicit Adopted(std::string_view passed) {
        (void)transactions_.adopt(passed, kInterfaces, 0);
        check_room();
    }
    [[nodiscard]] Transactions& transactions() { return transactions_; }
    void check_room() const { promise(transactions_.waiting() <= kRoom); }
    // What was taken, and can be passed on, is all taken by the next one too.
    void pass_on() {
        std::string passed;
        const std::size_t known = transactions_.waiting();
        promise(transactions_.give_away(passed, passed.max_size()) && transactions_.waiting() == 0);
        rows_.finish();
        TransactionRows<table> rows;
        Transactions next(8, rows, kRoom);
        promise(next.adopt(passed, {}, 0) && next.waiting() == known);
        while (!next.finish(0, 1)) continue;
        rows.finish();
    }

  private:
    TransactionRows<table> rows_;
    Transactions transactions_{7, rows_, kRoom};
};

void take(DnsQuestions& questions, const fuzz::FlowPackets& packets) {
    if (!DnsQuestions::may_be(packets.dissection())) return;
    questions.take(packets.dissection(),
                   {.tuple = packets.levels().back().tuple, .time_ns = packets.now_ns(), .number = 1},
                   packets.now_ns());
}

void take(HttpExchanges& exchanges, const fuzz::FlowPackets& packets, std::int64_t now_ns) {
    const flows::FlowPacket& innermost = packets.levels().back();
    if (!innermost.tcp) return;
    const transactions::HttpPacket packet{
        .tuple = innermost.tuple, .time_ns = packets.now_ns(), .number = 1, .segment = *innermost.tcp};
    if (HttpExchanges::may_be(packets.dissection())) exchanges.take(packets.dissection(), packet, now_ns);
    if (exchanges.needs(packet.segment.flags)) exchanges.take_control(packet, now_ns);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = std::as_bytes(std::span(data, size));
    if (input.size() < 2) return 0;
    const std::size_t length =
        std::min(fuzz::byte_at(input, 0) << 8 | fuzz::byte_at(input, 1), input.size() - 2);
    const std::string_view passed(reinterpret_cast<const char*>(input.data()) + 2, length);
    Rows rows;
    flows::FlowTable table({.bytes = flows::FlowTable::bytes_of(kRoom), .name_bytes = 2000}, {}, 7, rows);
    (void)table.adopt(passed, kInterfaces, kLost, 0);
    (void)table.adopt_names(passed);
    promise(table.flows() <= kRoom);
    table.settle();
    Adopted<DnsQuestions, wire::TABLE_DNS> questions(passed);
    Adopted<HttpExchanges, wire::TABLE_HTTP> exchanges(passed);
    const auto packets = std::make_unique<fuzz::FlowPackets>(input.subspan(2 + length));
    std::int64_t now_ns = 0;
    while (packets->next()) {
        for (const flows::FlowPacket& packet : packets->levels()) (void)table.take(packet, packets->now_ns());
        table.learn_names(packets->dissection());
        promise(table.flows() <= kRoom);
        if (packets->levels().empty()) continue;
        take(questions.transactions(), *packets);
        now_ns = std::max(now_ns, packets->now_ns());
        take(exchanges.transactions(), *packets, now_ns);
        exchanges.check_room();
    }
    table.finish();
    rows.finish();
    questions.pass_on();
    exchanges.pass_on();
    return 0;
}
