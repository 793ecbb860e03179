#include "daemon/worker/dns_rows.h"

#include <optional>

#include "daemon/dissect/application/dns_message.h"
#include "daemon/worker/secret_number.h"
#include "proto/link/worker_reader.h"

namespace packetsentry::worker {
namespace {

// That the row of its first message may have.
std::size_t text_in(const dissect::Dissection& dissection) {
    std::size_t bytes = 0;
    for (const dissect::Field& field : dissection.fields_of_first_message()) bytes += field.text.size();
    return bytes;
}

}  // namespace

DnsRows::DnsRows(CaptureMode mode, const capture::PacketSource& source, InterfaceNames& names,
                 Keeping& keeping, Link& link)
    : DerivedRows(mode, wire::TABLE_DNS, {builder_, kept_}, kFull, source, names, keeping, link),
      questions_(secret_number(), *this),
      builder_(wire::TABLE_DNS),
      kept_(wire::TABLE_DNS) {
    if (live()) now_ns_ = nanoseconds(Clock::now());
}

// A message in a tunnel is between the ends inside of it, which are the last ones. All messages of a segment
// together may not say more than one packet, because a batch has room for no more in one go.
void DnsRows::take_messages(const capture::Packet& packet, const dissect::Dissection& dissection,
                            std::uint64_t number) {
    const auto levels = reader_.read_levels(dissection, packet.time_ns, number);
    if (levels.empty()) return;
    const flows::FlowPacket& innermost = levels.back();
    transactions::DnsPacket message{
        .tuple = innermost.tuple,
        .time_ns = {},
        .number = number,
        .seen_on = {.interface = packet.interface, .interface_index = innermost.interface_index}};
    if (packet.has_time) message.time_ns = packet.time_ns;
    questions_.take(dissection, message, now_ns_);
    std::size_t text = text_in(dissection), fields = dissection.fields_of_first_message().size();
    for (const dissect::Cursor& further : dissection.further_messages()) {
        if (!further_) further_ = std::make_unique<dissect::Dissection>();
        further_->reset();
        dissect::DnsReader(dissect::DnsProtocol::dns, *further_).read(further);
        text += text_in(*further_);
        fields += further_->fields().size();
        if (text > dissect::Dissection::kTextLimit || fields > dissect::Dissection::kFieldLimit) return;
        questions_.take(*further_, message, now_ns_);
    }
}

void DnsRows::look(Clock::time_point now) {
    if (!live() || full()) return;
    now_ns_ = nanoseconds(now);
    questions_.advance(now_ns_);
}

bool DnsRows::finish() {
    return !full() && questions_.finish(now_ns_, kFinished);
}

base::Result<void> DnsRows::give_away(Clock::time_point until) {
    static_assert(kPieceBytes + transactions::DnsQuestions::kMostPassed < proto::WorkerReader::kPassedLimit);
    return send_pieces(until, [this](wire::PassedState& passed) {
        return !questions_.give_away(*passed.mutable_questions(), kPieceBytes);
    });
}

void DnsRows::adopt(const wire::PassedState& passed) {
    now_ns_ = nanoseconds(Clock::now());
    if (!questions_.adopt(passed.questions(), interfaces_of(passed), now_ns_)) note_damage();
}

void DnsRows::transaction(const transactions::Transaction& transaction) {
    const Place place = place_of(transaction.seen_on.interface, transaction.seen_on.interface_index);
    add_row(builder_, kept_, [&](record::TransactionBatchBuilder& builder) {
        builder.append(transaction, place.name, place.link_type);
    });
}

}  // namespace packetsentry::worker
