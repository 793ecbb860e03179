#include "proto/flows/row_tuples.h"

#include <netinet/in.h>

#include "proto/flows/icmp_counterpart.h"

namespace packetsentry::flows {

void RowTuples::bind(const proto::BatchView& view) {
    view_ = &view;
    icmp_type_ = number_column(rows::field("packetsentry.icmp.type"));
    icmp_code_ = number_column(rows::field("packetsentry.icmp.code"));
}

RowTuples::Cursor RowTuples::number_column(const rows::FieldInfo& info) const {
    for (const proto::ColumnView& column : view_->columns())
        if (column.field() == &info && column.kind() == wire::Column::NUMBER)
            return proto::ColumnCursor(column);
    return std::nullopt;
}

std::optional<std::uint8_t> RowTuples::number_at(Cursor& cursor, std::uint32_t row) {
    if (!cursor) return std::nullopt;
    const proto::ValueRange range = cursor->at(row);
    if (range.empty()) return std::nullopt;
    return static_cast<std::uint8_t>(cursor->column().number(range.first));
}

std::optional<FlowTuple> RowTuples::at(std::uint32_t row) {
    if (!view_->has_ip(row) || view_->destination(row) == 0) return std::nullopt;
    FlowTuple tuple{.source = {.address = view_->address(view_->source(row))},
                    .destination = {.address = view_->address(view_->destination(row))},
                    .ip_protocol = view_->ip_protocol(row)};
    if (!has_ports(tuple.ip_protocol)) return tuple;
    const bool is_message = tuple.ip_protocol == IPPROTO_ICMP || tuple.ip_protocol == IPPROTO_ICMPV6;
    const bool known = is_message ? read_message(row, tuple) : read_ports(row, tuple);
    return known ? std::optional(tuple) : std::nullopt;
}

bool RowTuples::read_ports(std::uint32_t row, FlowTuple& tuple) const {
    if (!view_->flag(row, wire::FLAG_PORTS)) return false;
    tuple.source.port = view_->source_port(row);
    tuple.destination.port = view_->destination_port(row);
    return true;
}

bool RowTuples::read_message(std::uint32_t row, FlowTuple& tuple) {
    const auto type = number_at(icmp_type_, row);
    if (!type) return false;
    enter_message(tuple, *type, number_at(icmp_code_, row).value_or(0));
    return true;
}

}  // namespace packetsentry::flows
