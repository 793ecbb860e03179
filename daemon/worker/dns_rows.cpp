#include "daemon/worker/dns_rows.h"

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

DnsRows::DnsRows(const Context& context)
    : TransactionRows(context, wire::TABLE_DNS), questions_(secret_number(), *this) {}

// All messages of a segment together may not say more than one packet, because a batch has room for no more
// in one go.
void DnsRows::take_packet(const capture::Packet& packet, const dissect::Dissection& dissection,
                          std::uint64_t number) {
    const flows::FlowPacket* const innermost = read_innermost(packet, dissection, number);
    if (innermost == nullptr) return;
    const auto message = message_of<transactions::DnsPacket>(packet, *innermost);
    questions_.take(dissection, message, now_ns());
    std::size_t text = text_in(dissection), fields = dissection.fields_of_first_message().size();
    for (const dissect::Cursor& further : dissection.further_messages()) {
        if (!further_) further_ = std::make_unique<dissect::Dissection>();
        further_->reset();
        dissect::DnsReader(dissect::DnsProtocol::dns, *further_).read(further);
        text += text_in(*further_);
        fields += further_->fields().size();
        if (text > dissect::Dissection::kTextLimit || fields > dissect::Dissection::kFieldLimit) return;
        questions_.take(*further_, message, now_ns());
    }
}

base::Result<void> DnsRows::give_away(Clock::time_point until) {
    static_assert(kPieceBytes + transactions::DnsQuestions::kMostPassed < proto::WorkerReader::kPassedLimit);
    return send_pieces(until, [this](wire::PassedState& passed) {
        return !questions_.give_away(*passed.mutable_questions(), kPieceBytes);
    });
}

void DnsRows::adopt(const wire::PassedState& passed) {
    set_now(Clock::now());
    if (!questions_.adopt(passed.questions(), interfaces_of(passed), now_ns())) note_damage();
}

}  // namespace packetsentry::worker
