#include "daemon/record/transaction_batch_builder.h"

#include <algorithm>

namespace packetsentry::record {
namespace {

using dissect::Field;
using dissect::field;
using transactions::Outcome;
using transactions::Transaction;

}  // namespace

// The ends are in a column before it is known whether there is room for all fields.
void TransactionBatchBuilder::append(const Transaction& transaction, std::string_view interface_name,
                                     std::uint32_t link_type) {
    append_times(transaction.begin_ns, transaction.end_ns);
    const bool all = append_fields(transaction);
    append_ends(transaction.tuple,
                (transaction.has_time ? wire::FLAG_NONE : wire::FLAG_NO_TIME) |
                    (transaction.malformed ? wire::FLAG_MALFORMED : wire::FLAG_NONE) |
                    (transaction.incomplete || !all ? wire::FLAG_INCOMPLETE : wire::FLAG_NONE));
    append_protocol(*transaction.protocol);
    append_interface(interface_name, link_type);
    if (const auto word = outcome_word(transaction.outcome); !word.empty())
        put(field("packetsentry.transaction.outcome"), word);
    put_if_any(field("packetsentry.transaction.repeats"), transaction.repeats);
    put_if_any(field("packetsentry.transaction.request_packet"), transaction.request_packet);
    put_if_any(field("packetsentry.transaction.response_packet"), transaction.response_packet);
    end_row();
}

// An answer repeats what the question says, and has the last word on it. What it leaves out is as the
// question has it.
bool TransactionBatchBuilder::append_fields(const Transaction& transaction) {
    bool all = true;
    for (const Field& one : transaction.response)
        if (one.info->is_of(table_)) all &= put(one);
    for (const Field& one : transaction.request) {
        const bool answered =
            std::ranges::find(transaction.response, one.info, &Field::info) != transaction.response.end();
        if (!answered && one.info->is_of(table_)) all &= put(one);
    }
    return all;
}

}  // namespace packetsentry::record
