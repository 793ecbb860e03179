// Small valid batches, and the message in which a worker sends one.
#pragma once

#include <cstdint>
#include <string>

#include "proto/messages/batch.pb.h"
#include "proto/messages/worker.pb.h"
#include "proto/rows/fixed_numbers.h"

namespace packetsentry::test {

inline wire::Batch test_batch(std::uint64_t first_number, std::uint32_t rows,
                              std::int64_t first_time_ns = 1000) {
    wire::Batch batch;
    batch.set_table(wire::TABLE_PACKETS);
    batch.set_first_number(first_number);
    batch.set_rows(rows);
    batch.add_interface()->set_name("lo");
    auto* protocol = batch.add_protocol();
    protocol->set_word("UDP");
    batch.set_first_time_ns(first_time_ns);
    for (std::uint32_t row = 0; row < rows; ++row) {
        batch.add_time_delta_ns(row == 0 ? 0 : 10);
        batch.add_wire_bytes(60);
        proto::append_short(*batch.mutable_source(), 0);
        proto::append_short(*batch.mutable_destination(), 0);
    }
    const std::string zeros(rows, '\0');
    batch.set_network(zeros);
    batch.set_ip_protocol(zeros);
    batch.set_protocol_index(zeros);
    batch.set_flags(zeros);
    return batch;
}

inline std::string test_batch_bytes(std::uint64_t first_number, std::uint32_t rows,
                                    std::int64_t first_time_ns = 1000) {
    return test_batch(first_number, rows, first_time_ns).SerializeAsString();
}

// Counts of a worker that has recorded all that it was given.
inline wire::Ledger test_ledger(std::uint64_t recorded) {
    wire::Ledger ledger;
    ledger.set_received(recorded);
    ledger.set_delivered(recorded);
    ledger.set_recorded(recorded);
    return ledger;
}

// As a worker sends them that has shed nothing.
inline wire::FromWorker test_rows(std::uint64_t first_number, std::uint32_t rows,
                                  std::int64_t first_time_ns = 1000) {
    wire::FromWorker message;
    message.mutable_rows()->set_batch(test_batch_bytes(first_number, rows, first_time_ns));
    *message.mutable_rows()->mutable_ledger() = test_ledger(first_number - 1 + rows);
    return message;
}

}  // namespace packetsentry::test
