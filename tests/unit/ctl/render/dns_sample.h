// Rows of questions of DNS for the tests of formats.
#pragma once

#include "tests/support/row_builder.h"

namespace packetsentry::ctl::render {

inline constexpr std::int64_t kDnsSampleNs = 1'747'297'805'500'000'000;

inline test::RowBuilder& dns_message(test::RowBuilder& rows, std::uint64_t id, std::uint64_t flags,
                                     std::string_view type, const test::RowValues& values) {
    return rows.row(values)
        .number("dns.id", id)
        .number("packetsentry.dns.flags", flags)
        .text("dns.type", type);
}

inline test::RowBuilder& dns_question(test::RowBuilder& rows, std::string_view name, std::string_view type) {
    return rows.text("dns.question.name", name)
        .text("dns.question.type", type)
        .text("dns.question.class", "IN");
}

inline test::RowBuilder& dns_answer(test::RowBuilder& rows, std::string_view owner, std::string_view type,
                                    std::uint64_t ttl, std::string_view data) {
    return rows.text("dns.answers.name", owner)
        .text("dns.answers.type", type)
        .text("dns.answers.class", "IN")
        .number("dns.answers.ttl", ttl)
        .text("dns.answers.data", data);
}

// Between a client and its server, at kDnsSampleNs.
inline test::RowValues dns_ends() {
    return {.source = "192.168.1.10",
            .destination = "192.168.1.1",
            .source_port = 43200,
            .destination_port = 53,
            .ip_protocol = 17,
            .word = "DNS",
            .name = "dns",
            .time_ns = kDnsSampleNs,
            .layers = ""};
}

// A batch of the table, whose answers came so long after their questions.
inline wire::Batch dns_batch(const test::RowBuilder& rows, std::uint64_t duration_ns) {
    wire::Batch batch = rows.batch();
    batch.set_table(wire::TABLE_DNS);
    batch.clear_wire_bytes();
    batch.clear_cut_bytes();
    batch.clear_first_place();
    for (std::uint32_t row = 0; row < batch.rows(); ++row) batch.add_duration_ns(duration_ns);
    return batch;
}

}  // namespace packetsentry::ctl::render
