#include "ctl/render/flow_summary.h"

#include "ctl/render/amount.h"
#include "ctl/render/escape.h"
#include "proto/rows/transport.h"

namespace packetsentry::ctl::render {

using rows::field;

void FlowSummary::begin(const proto::BatchView& view) {
    view_ = &view;
    name_ = column(field("destination.domain"));
    state_ = column(field("packetsentry.flow.state"));
    reason_ = column(field("packetsentry.flow.reason"));
    source_packets_ = column(field("source.packets"));
    source_bytes_ = column(field("source.bytes"));
    destination_packets_ = column(field("destination.packets"));
    destination_bytes_ = column(field("destination.bytes"));
    source_repeats_ = column(field("packetsentry.flow.source.retransmissions"));
    destination_repeats_ = column(field("packetsentry.flow.destination.retransmissions"));
    source_late_ = column(field("packetsentry.flow.source.out_of_order"));
    destination_late_ = column(field("packetsentry.flow.destination.out_of_order"));
    missed_ = column(field("packetsentry.flow.missed_bytes"));
}

FlowSummary::Cursor FlowSummary::column(const rows::FieldInfo& field) const {
    for (const proto::ColumnView& column : view_->columns())
        if (column.field() == &field) return proto::ColumnCursor(column);
    return std::nullopt;
}

std::uint64_t FlowSummary::number(Cursor& cursor, std::uint32_t row) {
    if (!cursor || cursor->column().kind() != wire::Column::NUMBER) return 0;
    const proto::ValueRange range = cursor->at(row);
    return range.empty() ? 0 : cursor->column().number(range.first);
}

void FlowSummary::append_text(TextBuffer& out, Cursor& cursor, std::uint32_t row) {
    if (!cursor || cursor->column().kind() != wire::Column::TEXT) return;
    const proto::ValueRange range = cursor->at(row);
    if (!range.empty()) append_escaped(out, cursor->column().text(range.first));
}

void FlowSummary::append(TextBuffer& out, std::uint32_t row) {
    append_ends(out, row);
    append_name(out, row);
    out.append(' ');
    append_text(out, state_, row);
    out.append(' ');
    out.append(short_duration_text(view_->duration_ns(row)));
    out.append(", ");
    append_side(out, source_packets_, source_bytes_, row);
    out.append(" out, ");
    append_side(out, destination_packets_, destination_bytes_, row);
    out.append(" back");
    append_troubles(out, row);
    append_reason(out, row);
    if (view_->flag(row, wire::FLAG_INCOMPLETE)) out.append(" [incomplete]");
}

void FlowSummary::append_ends(TextBuffer& out, std::uint32_t row) const {
    const rows::Transport* const carried = rows::transport(view_->ip_protocol(row));
    out.append(carried != nullptr ? carried->word : std::string_view("IP protocol "));
    if (carried == nullptr) out.append_number(view_->ip_protocol(row));
    if (!view_->flag(row, wire::FLAG_PORTS)) return;
    out.append(' ');
    out.append_number(view_->source_port(row));
    out.append(" -> ");
    out.append_number(view_->destination_port(row));
}

// The first one, which the conversation says itself if it says any.
void FlowSummary::append_name(TextBuffer& out, std::uint32_t row) {
    if (!name_ || name_->column().kind() != wire::Column::TEXT || name_->at(row).empty()) return;
    out.append(" (");
    append_text(out, name_, row);
    out.append(')');
}

void FlowSummary::append_side(TextBuffer& out, Cursor& packets, Cursor& bytes, std::uint32_t row) {
    const std::uint64_t count = number(packets, row);
    out.append_number(count);
    out.append(count == 1 ? " packet " : " packets ");
    out.append(bytes_text(number(bytes, row)));
}

void FlowSummary::append_count(TextBuffer& out, std::uint64_t count, std::string_view what) {
    if (count == 0) return;
    out.append(", ");
    out.append_number(count);
    out.append(what);
}

void FlowSummary::append_troubles(TextBuffer& out, std::uint32_t row) {
    append_count(out, number(source_repeats_, row) + number(destination_repeats_, row), " sent again");
    append_count(out, number(source_late_, row) + number(destination_late_, row), " out of order");
    append_count(out, number(missed_, row), " bytes missed");
}

// An end as it should be needs no word.
void FlowSummary::append_reason(TextBuffer& out, std::uint32_t row) {
    if (!reason_ || reason_->column().kind() != wire::Column::TEXT) return;
    const proto::ValueRange range = reason_->at(row);
    if (range.empty()) return;
    const std::string_view reason = reason_->column().text(range.first);
    if (reason == "ended" || reason == "idle" || reason == "stopped") return;
    out.append(" [");
    append_escaped(out, reason == "lasts" ? std::string_view("goes on") : reason);
    out.append(']');
}

}  // namespace packetsentry::ctl::render
