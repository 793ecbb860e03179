#include "ctl/render/row_text.h"

#include "ctl/render/escape.h"
#include "ctl/render/transport.h"

namespace packetsentry::ctl::render {
namespace {

// Text a dissector put together for people; in a tunnel it begins with the inner conversation.
constexpr std::string_view kComposedDetail = "packetsentry.detail";

// The name of no interface, but of all of them.
constexpr std::string_view kAny = "any";

}  // namespace

void RowTexts::begin(const proto::BatchView& view) {
    view_ = &view;
    addresses_.begin(view);
    cursors_.clear();
    plain_.clear();
    for (const proto::ColumnView& column : view.columns()) {
        cursors_.emplace_back(column);
        plain_.push_back(is_plain(column.all_text()));
    }
    shapes_.clear();
    for (const wire::Protocol& protocol : view.batch().protocol()) shapes_.push_back(shape_of(protocol));
    tunnel_ = {column("packetsentry.tunnel.type"), column("packetsentry.inner.source.ip"),
               column("packetsentry.inner.destination.ip")};
    direction_ = column("network.direction");
    ingress_id_ = column("observer.ingress.interface.id");
    egress_id_ = column("observer.egress.interface.id");
}

std::optional<std::size_t> RowTexts::column(std::string_view name) const {
    for (std::size_t i = 0; i < cursors_.size(); ++i)
        if (cursors_[i].column().name() == name) return i;
    return std::nullopt;
}

RowTexts::Shape RowTexts::shape_of(const wire::Protocol& protocol) const {
    Shape shape{escaped(protocol.word()), protocol.shows_ports(), {}, {}};
    for (const std::string& name : protocol.detail()) {
        const auto found = column(name);
        if (found) shape.detail.push_back(*found);
        if (name == kComposedDetail) shape.told = found;
    }
    return shape;
}

const RowText& RowTexts::row(std::uint32_t row) {
    const Shape& shape = shapes_[view_->protocol_index(row)];
    summary_.clear();
    append_head(row, shape);
    for (const std::size_t cursor : shape.detail) append_values(row, cursor);
    append_tunnel(row, shape);
    append_interface(row);
    if (view_->flag(row, wire::FLAG_MALFORMED)) summary_.append(" [malformed]");
    if (view_->flag(row, wire::FLAG_INCOMPLETE)) summary_.append(" [incomplete]");
    if (view_->flag(row, wire::FLAG_TIME_BACK)) summary_.append(" [clock set back]");

    // Both made before either is viewed: making one may move the other.
    (void)endpoint(view_->source(row), view_->source_mac(row));
    text_.destination = endpoint(view_->destination(row), view_->destination_mac(row));
    text_.source = endpoint(view_->source(row), view_->source_mac(row));
    text_.word = shape.word;
    text_.summary = summary_.view();
    return text_;
}

std::string_view RowTexts::endpoint(std::uint32_t address, std::uint32_t mac) {
    if (address != 0) return addresses_.text(address);
    return mac != 0 ? addresses_.text(mac) : "?";
}

void RowTexts::append_head(std::uint32_t row, const Shape& shape) {
    if (!shape.shows_ports || !view_->flag(row, wire::FLAG_PORTS)) return summary_.append(shape.word);
    const Transport* carrier = transport(view_->ip_protocol(row));
    summary_.append(carrier != nullptr ? carrier->word : std::string_view(shape.word));
    summary_.append(' ');
    summary_.append_number(view_->source_port(row));
    summary_.append(" -> ");
    summary_.append_number(view_->destination_port(row));
}

void RowTexts::append_values(std::uint32_t row, std::size_t cursor) {
    const ValueRange range = cursors_[cursor].at(row);
    for (std::size_t value = range.first; value < range.last; ++value) {
        summary_.append(value == range.first ? ' ' : ',');
        append_value(cursor, value);
    }
}

void RowTexts::append_value(std::size_t cursor, std::size_t value) {
    const proto::ColumnView& column = cursors_[cursor].column();
    switch (column.kind()) {
        case wire::Column::TEXT:
            if (plain_[cursor]) return summary_.append(column.text(value));
            return append_escaped(summary_, column.text(value));
        case wire::Column::ADDRESS:
            return summary_.append(addresses_.text(static_cast<std::uint32_t>(column.number(value))));
        default:
            return summary_.append_number(column.number(value));
    }
}

// " (VXLAN 10.0.0.1 -> 10.0.0.2)": the innermost one where tunnels are nested.
void RowTexts::append_tunnel(std::uint32_t row, const Shape& shape) {
    if (!has(row, tunnel_.type) || has(row, shape.told)) return;
    summary_.append(" (");
    append_last(row, tunnel_.type);
    summary_.append(' ');
    append_last(row, tunnel_.source);
    summary_.append(" -> ");
    append_last(row, tunnel_.destination);
    summary_.append(')');
}

RowTexts::Direction RowTexts::direction(std::uint32_t row) {
    if (!has(row, direction_)) return Direction::unknown;
    const proto::ColumnView& column = cursors_[*direction_].column();
    if (column.kind() != wire::Column::TEXT) return Direction::unknown;
    const std::string_view text = column.text(cursors_[*direction_].at(row).first);
    if (text == "egress") return Direction::egress;
    return text == "ingress" ? Direction::ingress : Direction::unknown;
}

// A capture on "any" that another machine has saved has the number of each packet's interface, but no names.
std::string_view RowTexts::interface_name(std::uint32_t row) {
    const std::string& name = view_->interface(row).name();
    const bool numbered = has(row, ingress_id_) || has(row, egress_id_);
    return name == kAny && numbered ? std::string_view() : name;
}

// " [eth0 in]", for captures on all interfaces; " [interface 3 in]" where only the number is known, as in a
// file that another machine has written.
void RowTexts::append_interface(std::uint32_t row) {
    const Direction direction = this->direction(row);
    if (direction == Direction::unknown) return;
    const bool sent = direction == Direction::egress;
    const std::string& name = view_->interface(row).name();
    const auto id = sent ? egress_id_ : ingress_id_;
    summary_.append(" [");
    if (!name.empty() && name != kAny) {
        append_escaped(summary_, name);
        summary_.append(' ');
    } else if (has(row, id)) {
        summary_.append("interface ");
        append_last(row, id);
        summary_.append(' ');
    }
    summary_.append(sent ? "out]" : "in]");
}

bool RowTexts::has(std::uint32_t row, std::optional<std::size_t> cursor) {
    return cursor && !cursors_[*cursor].at(row).empty();
}

void RowTexts::append_last(std::uint32_t row, std::optional<std::size_t> cursor) {
    if (!has(row, cursor)) return summary_.append('?');
    append_value(*cursor, cursors_[*cursor].at(row).last - 1);
}

}  // namespace packetsentry::ctl::render
