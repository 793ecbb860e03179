// Questions of DNS with their answers, out of packets. The first byte says how many questions there is room
// for. Then come packets (flow_packets.h).
#include <cstdint>
#include <memory>
#include <span>

#include "daemon/dissect/application/dns_message.h"
#include "daemon/record/transaction_batch_builder.h"
#include "daemon/transactions/dns_questions.h"
#include "proto/link/channel.h"
#include "proto/rows/batch_view.h"
#include "tests/fuzz/flow_packets.h"

using namespace packetsentry;
using fuzz::promise;
using transactions::DnsPacket;
using transactions::DnsQuestions;
using transactions::Outcome;
using transactions::Transaction;

namespace {

constexpr std::size_t kRoomLimit = 16;

// Makes rows of what is over.
class Rows : public transactions::TransactionSink {
  public:
    void transaction(const Transaction& transaction) override {
        const bool asked = transaction.request_packet != 0, answered = transaction.response_packet != 0;
        promise(asked || answered);
        if (transaction.outcome == Outcome::answered) promise(asked && answered);
        if (transaction.outcome == Outcome::unasked) promise(!asked && transaction.request.empty());
        if (transaction.outcome == Outcome::unanswered || transaction.outcome == Outcome::stopped ||
            transaction.outcome == Outcome::evicted)
            promise(asked && !answered && transaction.response.empty());
        evicted += transaction.outcome == Outcome::evicted;
        packets += asked + answered + transaction.repeats;
        ++transactions;
        builder_.append(transaction, "eth0", 1);
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
    // It is large, and empty after each batch.
    static record::TransactionBatchBuilder& one_for_all() {
        static record::TransactionBatchBuilder builder(wire::TABLE_DNS);
        return builder;
    }

    record::TransactionBatchBuilder& builder_ = one_for_all();
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = std::as_bytes(std::span(data, size));
    if (input.empty()) return 0;
    const std::size_t room = 1 + fuzz::byte_at(input, 0) % kRoomLimit;
    Rows rows;
    DnsQuestions questions(7, rows, room);
    const auto packets = std::make_unique<fuzz::FlowPackets>(input.subspan(1));
    static dissect::Dissection one_message;  // it is large
    std::uint64_t messages = 0;
    std::int64_t now_ns = 0;
    while (packets->next()) {
        if (packets->levels().empty() || !DnsQuestions::may_be(packets->dissection())) continue;
        const flows::FlowPacket& innermost = packets->levels().back();
        now_ns = std::max(now_ns, packets->now_ns());
        DnsPacket packet{.tuple = innermost.tuple,
                         .time_ns = packets->now_ns(),
                         .seen_on = {.interface = static_cast<std::uint32_t>(packets->code() % 2)}};
        if (packets->code() % 5 == 0) packet.time_ns.reset();
        const auto take = [&](const dissect::Dissection& dissection) {
            const std::uint64_t before = rows.transactions;
            packet.number = ++messages;
            questions.take(dissection, packet, now_ns);
            promise(rows.transactions - before <= DnsQuestions::kEndedByMessage);
            promise(questions.waiting() <= room);
        };
        take(packets->dissection());
        for (const dissect::Cursor& further : packets->dissection().further_messages()) {
            one_message.reset();
            dissect::DnsReader(dissect::DnsProtocol::dns, one_message).read(further);
            take(one_message);
        }
        const std::uint64_t before = rows.transactions;
        if (packets->code() % 3 == 0) questions.advance(now_ns, 1);
        promise(rows.transactions - before <= 2);
    }
    while (!questions.finish(now_ns, 1)) continue;
    promise(questions.waiting() == 0 && rows.packets <= messages && rows.evicted == questions.evicted());
    rows.seal();
    return 0;
}
