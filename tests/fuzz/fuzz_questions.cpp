// Questions of DNS with their answers, out of packets. The first byte says how many questions there is room
// for. Then come packets (flow_packets.h).
#include <cstdint>
#include <memory>
#include <span>

#include "daemon/dissect/application/dns_message.h"
#include "daemon/transactions/dns_questions.h"
#include "tests/fuzz/flow_packets.h"
#include "tests/fuzz/transaction_rows.h"

using namespace packetsentry;
using fuzz::promise;
using transactions::DnsPacket;
using transactions::DnsQuestions;

namespace {

constexpr std::size_t kRoomLimit = 16;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = std::as_bytes(std::span(data, size));
    if (input.empty()) return 0;
    const std::size_t room = 1 + fuzz::byte_at(input, 0) % kRoomLimit;
    fuzz::TransactionRows rows(wire::TABLE_DNS);
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
        rows.look();
    }
    while (!questions.finish(now_ns, 1)) continue;
    promise(questions.waiting() == 0 && rows.packets <= messages && rows.evicted == questions.evicted());
    rows.seal();
    return 0;
}
