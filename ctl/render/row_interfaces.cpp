#include "ctl/render/row_interfaces.h"

namespace packetsentry::ctl::render {

void RowInterfaces::begin(const proto::BatchView& view) {
    view_ = &view;
    direction_ = column("network.direction");
    ingress_id_ = column("observer.ingress.interface.id");
    egress_id_ = column("observer.egress.interface.id");
}

RowInterfaces::Cursor RowInterfaces::column(std::string_view name) const {
    for (const proto::ColumnView& column : view_->columns())
        if (column.name() == name) return proto::ColumnCursor(column);
    return std::nullopt;
}

bool RowInterfaces::has(std::uint32_t row, Cursor& cursor) {
    return cursor && !cursor->at(row).empty();
}

Direction RowInterfaces::direction(std::uint32_t row) {
    if (!has(row, direction_)) return Direction::unknown;
    const proto::ColumnView& column = direction_->column();
    if (column.kind() != wire::Column::TEXT) return Direction::unknown;
    const std::string_view text = column.text(direction_->at(row).first);
    if (text == "egress") return Direction::egress;
    return text == "ingress" ? Direction::ingress : Direction::unknown;
}

// A capture on "any" that another machine has saved has the number of each packet's interface, but no names.
std::string_view RowInterfaces::name(std::uint32_t row) {
    const std::string& name = view_->interface(row).name();
    const bool numbered = has(row, ingress_id_) || has(row, egress_id_);
    return name == kAnyInterface && numbered ? std::string_view() : name;
}

}  // namespace packetsentry::ctl::render
