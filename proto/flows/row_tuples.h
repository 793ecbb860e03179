// The conversations of a packet, as its row tells them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "proto/flows/flow_key.h"
#include "proto/rows/batch_view.h"
#include "proto/rows/column_cursor.h"

namespace packetsentry::flows {

// A packet in a tunnel belongs to several conversations. Its row tells the outermost IP header and the
// innermost one, each with the transport directly in it. So the tuples are those that the worker has found in
// the packet (daemon/flows/flow_packet.h), but for three cases. Where tunnels are in each other, the ones
// between are not told. What is inside is told of TCP, UDP, SCTP and ICMP alone, because no row has the
// number of the innermost protocol. And a later fragment has no ports: the worker knows those of the first
// fragment, which no row of another packet tells.
class RowTuples {
  public:
    // Forgets the batch before. The view must remain live while rows are read. It must have packets.
    void bind(const proto::BatchView& view);

    // Rows must be asked for in ascending order. Nothing: the row has no IP header, or its ports are not
    // known.
    [[nodiscard]] std::optional<FlowTuple> at(std::uint32_t row);
    // Likewise for the innermost header of a packet in a tunnel. Nothing too: the transport in it is none of
    // TCP, UDP, SCTP and ICMP.
    [[nodiscard]] std::optional<FlowTuple> inner_at(std::uint32_t row);
    // Tells whether inner_at() has something to read.
    [[nodiscard]] bool has_inner() const { return inner_source_ && inner_destination_; }

  private:
    using Cursor = std::optional<proto::ColumnCursor>;  // none: the batch has no such column

    [[nodiscard]] Cursor column(const rows::FieldInfo& info, wire::Column::Kind kind) const;
    [[nodiscard]] static std::optional<std::uint16_t> number_at(Cursor& cursor, std::uint32_t row);
    [[nodiscard]] static base::Address address_at(Cursor& cursor, std::uint32_t row);
    [[nodiscard]] bool read_ports(std::uint32_t row, FlowTuple& tuple) const;
    [[nodiscard]] bool read_message(std::uint32_t row, FlowTuple& tuple);

    const proto::BatchView* view_ = nullptr;
    Cursor icmp_type_, icmp_code_;
    Cursor inner_source_, inner_destination_, inner_source_port_, inner_destination_port_;
    // The transport in the innermost IP header of each chain of layers; 0: none that is known.
    std::vector<std::uint8_t> inner_protocols_;
};

}  // namespace packetsentry::flows
