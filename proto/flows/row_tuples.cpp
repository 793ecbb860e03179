#include "proto/flows/row_tuples.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "proto/flows/icmp_counterpart.h"

namespace packetsentry::flows {
namespace {

constexpr std::size_t kIpv4Bytes = 4, kIpv6Bytes = 16;

struct Transport {
    std::string_view layer;  // as frame.protocols has it
    std::uint8_t ip_protocol;
};

constexpr std::array kTransports = {
    Transport{"tcp", IPPROTO_TCP},   Transport{"udp", IPPROTO_UDP},       Transport{"sctp", IPPROTO_SCTP},
    Transport{"icmp", IPPROTO_ICMP}, Transport{"icmpv6", IPPROTO_ICMPV6},
};

// The last header of IP counts, and what comes first behind it. layers: "eth:ethertype:ip:udp:vxlan:eth:…".
std::uint8_t innermost_transport(std::string_view layers) {
    std::uint8_t found = 0;
    while (!layers.empty()) {
        const std::string_view layer = layers.substr(0, layers.find(':'));
        layers.remove_prefix(std::min(layers.size(), layer.size() + 1));
        const auto* const transport = std::ranges::find(kTransports, layer, &Transport::layer);
        if (layer == "ip" || layer == "ipv6")
            found = 0;
        else if (found == 0 && transport != kTransports.end())
            found = transport->ip_protocol;
    }
    return found;
}

// A forged row may have addresses of two kinds, and would have the key of another conversation.
bool are_ends(const FlowTuple& tuple) {
    const std::size_t size = tuple.source.address.size;
    return (size == kIpv4Bytes || size == kIpv6Bytes) && size == tuple.destination.address.size;
}

}  // namespace

void RowTuples::bind(const proto::BatchView& view) {
    view_ = &view;
    icmp_type_ = column(rows::field("packetsentry.icmp.type"), wire::Column::NUMBER);
    icmp_code_ = column(rows::field("packetsentry.icmp.code"), wire::Column::NUMBER);
    inner_source_ = column(rows::field("packetsentry.inner.source.ip"), wire::Column::ADDRESS);
    inner_destination_ = column(rows::field("packetsentry.inner.destination.ip"), wire::Column::ADDRESS);
    inner_source_port_ = column(rows::field("packetsentry.inner.source.port"), wire::Column::NUMBER);
    inner_destination_port_ =
        column(rows::field("packetsentry.inner.destination.port"), wire::Column::NUMBER);
    inner_protocols_.clear();
    for (std::uint32_t chain = 0; has_inner() && chain < view.layers_count(); ++chain)
        inner_protocols_.push_back(innermost_transport(view.layers(chain)));
}

RowTuples::Cursor RowTuples::column(const rows::FieldInfo& info, wire::Column::Kind kind) const {
    for (const proto::ColumnView& column : view_->columns())
        if (column.field() == &info && column.kind() == kind) return proto::ColumnCursor(column);
    return std::nullopt;
}

std::optional<std::uint16_t> RowTuples::number_at(Cursor& cursor, std::uint32_t row) {
    if (!cursor) return std::nullopt;
    const proto::ValueRange range = cursor->at(row);
    if (range.empty()) return std::nullopt;
    return static_cast<std::uint16_t>(cursor->column().number(range.first));
}

base::Address RowTuples::address_at(Cursor& cursor, std::uint32_t row) {
    const proto::ValueRange range = cursor->at(row);
    return range.empty() ? base::Address{} : cursor->column().address(range.first);
}

std::optional<FlowTuple> RowTuples::at(std::uint32_t row) {
    if (!view_->has_ip(row)) return std::nullopt;
    FlowTuple tuple{.source = {.address = view_->address(view_->source(row))},
                    .destination = {.address = view_->address(view_->destination(row))},
                    .ip_protocol = view_->ip_protocol(row)};
    if (!are_ends(tuple)) return std::nullopt;
    if (!has_ports(tuple.ip_protocol)) return tuple;
    const bool is_message = tuple.ip_protocol == IPPROTO_ICMP || tuple.ip_protocol == IPPROTO_ICMPV6;
    const bool known = is_message ? read_message(row, tuple) : read_ports(row, tuple);
    return known ? std::optional(tuple) : std::nullopt;
}

std::optional<FlowTuple> RowTuples::inner_at(std::uint32_t row) {
    if (!has_inner()) return std::nullopt;
    FlowTuple tuple{.source = {.address = address_at(inner_source_, row)},
                    .destination = {.address = address_at(inner_destination_, row)},
                    .ip_protocol = inner_protocols_[view_->layers_index(row)]};
    if (!are_ends(tuple) || tuple.ip_protocol == 0) return std::nullopt;
    if (tuple.ip_protocol == IPPROTO_ICMP || tuple.ip_protocol == IPPROTO_ICMPV6)
        return read_message(row, tuple) ? std::optional(tuple) : std::nullopt;
    const auto source = number_at(inner_source_port_, row);
    const auto destination = number_at(inner_destination_port_, row);
    if (!source || !destination) return std::nullopt;
    tuple.source.port = *source;
    tuple.destination.port = *destination;
    return tuple;
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
    enter_message(tuple, static_cast<std::uint8_t>(*type),
                  static_cast<std::uint8_t>(number_at(icmp_code_, row).value_or(0)));
    return true;
}

}  // namespace packetsentry::flows
