#include "daemon/worker/transaction_rows.h"

#include "daemon/worker/dns_rows.h"
#include "daemon/worker/http_rows.h"
#include "daemon/worker/tls_rows.h"

namespace packetsentry::worker {

TransactionRows::TransactionRows(const Context& context, wire::Table table)
    : DerivedRows(context, table, {builder_, kept_}, kFull), builder_(table), kept_(table) {
    if (live()) set_now(Clock::now());
}

void TransactionRows::look(Clock::time_point now) {
    if (!live()) return;
    set_now(now);
    for (std::size_t round = 0; round < kRounds && !full(); ++round) advance(kTogether);
}

bool TransactionRows::finish() {
    for (std::size_t round = 0; round < kRounds && !full(); ++round)
        if (finish_some(kTogether)) return true;
    return false;
}

const flows::FlowPacket* TransactionRows::read_innermost(const capture::Packet& packet,
                                                         const dissect::Dissection& dissection,
                                                         std::uint64_t number) {
    const auto levels = reader_.read_levels(dissection, packet.time_ns, number);
    return levels.empty() ? nullptr : &levels.back();
}

void TransactionRows::transaction(const transactions::Transaction& transaction) {
    const Place place = place_of(transaction.seen_on.interface, transaction.seen_on.interface_index);
    add_row(builder_, kept_, [&](record::TransactionBatchBuilder& builder) {
        builder.append(transaction, place.name, place.link_type);
    });
}

std::unique_ptr<TransactionRows> make_transaction_rows(const DerivedRows::Context& context,
                                                       wire::Table table) {
    switch (table) {
        case wire::TABLE_DNS:
            return std::make_unique<DnsRows>(context);
        case wire::TABLE_HTTP:
            return std::make_unique<HttpRows>(context);
        case wire::TABLE_TLS:
            return std::make_unique<TlsRows>(context);
        default:
            return nullptr;
    }
}

}  // namespace packetsentry::worker
