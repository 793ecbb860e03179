// The conversation of a packet, as its row tells it.
#pragma once

#include <cstdint>
#include <optional>

#include "proto/flows/flow_key.h"
#include "proto/rows/batch_view.h"
#include "proto/rows/column_cursor.h"

namespace packetsentry::flows {

// Reads the outermost IP header and the transport directly in it. So the tuple is the one that the worker has
// found in the packet (daemon/flows/flow_packet.h), but for two cases. A packet in a tunnel also belongs to a
// conversation inside, of which its row does not tell all. And a later fragment has no ports: the worker
// knows those of the first fragment, which no row of another packet tells.
class RowTuples {
  public:
    // Forgets the batch before. The view must remain live while rows are read. It must have packets.
    void bind(const proto::BatchView& view);

    // Rows must be asked for in ascending order. Nothing: the row has no IP header, or its ports are not
    // known.
    [[nodiscard]] std::optional<FlowTuple> at(std::uint32_t row);

  private:
    using Cursor = std::optional<proto::ColumnCursor>;  // none: the batch has no such column

    [[nodiscard]] Cursor number_column(const rows::FieldInfo& info) const;
    [[nodiscard]] static std::optional<std::uint8_t> number_at(Cursor& cursor, std::uint32_t row);
    [[nodiscard]] bool read_ports(std::uint32_t row, FlowTuple& tuple) const;
    [[nodiscard]] bool read_message(std::uint32_t row, FlowTuple& tuple);

    const proto::BatchView* view_ = nullptr;
    Cursor icmp_type_, icmp_code_;
};

}  // namespace packetsentry::flows
