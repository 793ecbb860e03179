#include "proto/query/read/restricted_rows.h"

#include "proto/query/layer_chains.h"

namespace packetsentry::query {
namespace {

using Kind = Restriction::Kind;

// A name that stands for all interfaces rather than for one.
constexpr std::string_view kAllInterfaces = "any";

bool is_of_chains(Kind kind) {
    return kind == Kind::layer || kind == Kind::without_layer || kind == Kind::inner_transport;
}

std::optional<proto::ColumnCursor> text_cursor(const proto::BatchView& view, std::string_view path) {
    const proto::ColumnView* const column = find_column(view, path, wire::Column::TEXT);
    return column == nullptr ? std::nullopt : std::optional(proto::ColumnCursor(*column));
}

bool has_value(std::optional<proto::ColumnCursor>& cursor, std::uint32_t row) {
    return cursor && !cursor->at(row).empty();
}

}  // namespace

const proto::ColumnView* find_column(const proto::BatchView& view, std::string_view path,
                                     wire::Column::Kind kind) {
    for (const proto::ColumnView& column : view.columns())
        if (column.name() == path) return column.kind() == kind ? &column : nullptr;
    return nullptr;
}

void RestrictedRows::bind(const proto::BatchView& view) {
    view_ = &view;
    if (is_of_chains(restriction_.kind)) {
        chains_.clear();
        for (std::uint32_t i = 0; i < view.layers_count(); ++i)
            chains_.push_back(chain_fits(view.layers(i)) ? 1 : 0);
    }
    if (restriction_.kind == Kind::with_field) {
        const auto kind = rows::column_kind(rows::find_field(restriction_.name)->kind);
        const proto::ColumnView* const column = find_column(view, restriction_.name, kind);
        field_ = column == nullptr ? std::nullopt : std::optional(proto::ColumnCursor(*column));
    }
    if (restriction_.kind == Kind::egress || restriction_.kind == Kind::not_egress) {
        direction_ = text_cursor(view, "network.direction");
        ingress_id_ = text_cursor(view, "observer.ingress.interface.id");
        egress_id_ = text_cursor(view, "observer.egress.interface.id");
    }
}

bool RestrictedRows::chain_fits(std::string_view chain) const {
    if (restriction_.kind == Kind::inner_transport) return innermost_transport(chain) == restriction_.name;
    return has_layer(chain, restriction_.name) == (restriction_.kind == Kind::layer);
}

bool RestrictedRows::is_egress(std::uint32_t row) {
    return has_value(direction_, row) && direction_->column().text(direction_->at(row).first) == "egress";
}

// A capture on "any" that another machine has saved has the number of each packet's interface, but no names.
bool RestrictedRows::names_one_interface(std::uint32_t row) {
    return view_->interface(row).name() != kAllInterfaces ||
           !(has_value(ingress_id_, row) || has_value(egress_id_, row));
}

bool RestrictedRows::has(std::uint32_t row) {
    switch (restriction_.kind) {
        case Kind::network:
            return view_->network(row) == static_cast<wire::Network>(restriction_.number);
        case Kind::transport:
            return view_->ip_protocol(row) == restriction_.number;
        case Kind::with_field:
            return has_value(field_, row);
        case Kind::layer:
        case Kind::without_layer:
        case Kind::inner_transport:
            return chains_[view_->layers_index(row)] != 0;
        case Kind::egress:
            return is_egress(row) && names_one_interface(row);
        case Kind::not_egress:
            return !is_egress(row) && names_one_interface(row);
        case Kind::none:
        case Kind::record_type:
            return true;
    }
    return true;
}

}  // namespace packetsentry::query
