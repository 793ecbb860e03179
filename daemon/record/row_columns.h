// The columns of a batch that have a number for every row, under construction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "daemon/record/header_columns.h"
#include "daemon/record/number_column.h"
#include "proto/messages/batch.pb.h"

namespace packetsentry::record {

// What the entries of one batch's dictionaries are called in another batch, by their names in the first one.
struct Renamed {
    std::span<const std::uint16_t> addresses;
    std::span<const std::uint16_t> layers;
    std::span<const std::uint8_t> protocols;
    std::span<const std::uint16_t> interfaces;
};

struct RowColumns {
    NumberColumn<std::uint64_t> time;  // since 1970, as two's complement
    NumberColumn<std::uint64_t> place;
    NumberColumn<std::uint32_t> wire_bytes, cut_bytes;
    NumberColumn<std::uint8_t> network, ip_protocol, protocol, flags;
    ShortColumn source, destination, source_mac, destination_mac;
    ShortColumn source_port, destination_port;
    ShortColumn layers, interface;
    HeaderColumns headers;

    // Adds count rows of another batch, from the row first on.
    void add(const RowColumns& from, std::size_t first, std::size_t count, const Renamed& renamed);
    void clear();  // keeps what they have grown to

    // There must be a row.
    void copy_to(wire::Batch& batch);
};

}  // namespace packetsentry::record
