// A small valid batch.
#pragma once

#include <cstdint>
#include <string>

#include "proto/messages/batch.pb.h"
#include "proto/rows/short_column.h"

namespace packetsentry::jobs {

inline wire::Batch test_batch(std::uint64_t first_row, std::uint32_t rows,
                              std::int64_t first_time_ns = 1000) {
    wire::Batch batch;
    batch.set_first_row(first_row);
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

inline std::string test_batch_bytes(std::uint64_t first_row, std::uint32_t rows,
                                    std::int64_t first_time_ns = 1000) {
    return test_batch(first_row, rows, first_time_ns).SerializeAsString();
}

}  // namespace packetsentry::jobs
