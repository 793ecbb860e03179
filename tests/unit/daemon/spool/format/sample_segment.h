// A tiny segment: two packets in one block. daemon/spool/FORMAT.md shows all of its bytes.
#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "daemon/spool/format/catalogue_record.h"
#include "daemon/spool/format/file_header.h"
#include "daemon/spool/format/rows_frame.h"
#include "daemon/spool/format/segment_index.h"
#include "proto/messages/batch.pb.h"
#include "proto/messages/capture.pb.h"
#include "proto/rows/fixed_numbers.h"

namespace packetsentry::test {

// 2026-11-30T22:23:28Z
inline constexpr std::int64_t kSegmentTime = 1'796'077'408'000'000'000;

// job 12, segment 41.
inline spool::FileHeader sample_header(spool::FileKind kind) {
    spool::FileHeader header{.kind = kind, .created_ns = kSegmentTime};
    for (std::size_t i = 0; i < header.spool.size(); ++i) header.spool.at(i) = std::byte(0xa0 + i);
    header.spool[6] = std::byte{0x46};  // as a UUID of version 4
    header.spool[8] = std::byte{0x98};
    if (kind == spool::FileKind::identity) return header;
    header.job = 12;
    if (kind == spool::FileKind::catalogue) return header;
    header.counter = 41;
    header.table = wire::TABLE_PACKETS;
    return header;
}

inline void append_shorts(std::string& column, std::uint16_t first, std::uint16_t second) {
    proto::append_short(column, first);
    proto::append_short(column, second);
}

// A question of 192.168.1.40 about www.Example.org, and a second later another packet of this flow.
inline wire::Batch sample_batch() {
    wire::Batch batch;
    batch.set_table(wire::TABLE_PACKETS);
    batch.set_first_number(101);
    batch.set_rows(2);
    batch.add_interface()->set_name("eth0");
    batch.mutable_interface(0)->set_link_type(1);
    wire::Protocol& protocol = *batch.add_protocol();
    protocol.set_word("DNS");
    protocol.set_name("dns");
    batch.set_address("\xc0\xa8\x01\x28\xc0\xa8\x01\x01");
    batch.set_address_size("\x04\x04");
    batch.set_first_time_ns(kSegmentTime + 1'000'000'000);
    batch.add_time_delta_ns(0);
    batch.add_time_delta_ns(1'000'000'000);
    batch.add_wire_bytes(75);
    batch.add_wire_bytes(90);
    batch.set_network(std::string(2, wire::NETWORK_IPV4));
    batch.set_ip_protocol(std::string(2, 17));
    batch.set_protocol_index(std::string(2, '\0'));
    batch.set_flags(std::string(2, wire::FLAG_PORTS));
    append_shorts(*batch.mutable_source(), 1, 1);
    append_shorts(*batch.mutable_destination(), 2, 2);
    append_shorts(*batch.mutable_source_port(), 40000, 40000);
    append_shorts(*batch.mutable_destination_port(), 53, 53);
    wire::Column& column = *batch.add_column();
    column.set_field(rows::field("dns.question.name").number);
    column.set_kind(wire::Column::TEXT);
    column.add_row(0);
    column.set_text("www.Example.org");
    column.add_text_size(15);
    batch.add_layers()->set_names("eth:ip:udp:dns");
    append_shorts(*batch.mutable_layers_index(), 1, 1);
    return batch;
}

// The pcapng begins with a section of 56 bytes and an interface of 40. The second packet is not stored.
inline constexpr std::uint64_t kPacketsAt = 96;
inline constexpr std::array<std::uint32_t, 2> kStoredLengths = {75, 0};

inline std::string sample_rows() {
    const spool::FileHeader header = sample_header(spool::FileKind::rows);
    std::string file = spool::encode(header);
    const spool::BlockFacts facts{.block = 0,
                                  .run = 1,
                                  .rows = 2,
                                  .first_number = 101,
                                  .first_time_ns = kSegmentTime + 1'000'000'000,
                                  .last_time_ns = kSegmentTime + 2'000'000'000,
                                  .packets_at = kPacketsAt};
    if (!spool::append_frame(file, facts, kStoredLengths, sample_batch().SerializeAsString(), header.seed()))
        throw std::logic_error("the sample exceeds a limit");
    return file;
}

inline spool::CatalogueRecord sample_record() {
    wire::Terms terms;
    terms.set_snapshot_length(128);
    return {.state = spool::SegmentState::closed,
            .packets = spool::PacketsState::kept,
            .table = wire::TABLE_PACKETS,
            .run = 1,
            .owner_uid = 1000,
            .counter = 41,
            .created_ns = kSegmentTime,
            .closed_ns = kSegmentTime + 3600'000'000'000,
            .first_time_ns = kSegmentTime + 1'000'000'000,
            .last_time_ns = kSegmentTime + 2'000'000'000,
            .first_number = 101,
            .last_number = 102,
            .rows = 2,
            .blocks = 1,
            .rows_bytes = sample_rows().size(),
            .packets_bytes = 204,
            .index_bytes = spool::index_rows_file(spool::as_bytes(sample_rows())).value().size(),
            .terms = terms.SerializeAsString()};
}

inline std::string sample_catalogue() {
    const spool::FileHeader header = sample_header(spool::FileKind::catalogue);
    std::string file = spool::encode(header);
    if (!spool::append_record(file, sample_record(), header.seed()))
        throw std::logic_error("the sample exceeds a limit");
    return file;
}

}  // namespace packetsentry::test
