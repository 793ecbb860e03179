#include "ctl/render/row_text.h"

#include <algorithm>
#include <iterator>

#include "ctl/render/amount.h"
#include "ctl/render/escape.h"
#include "proto/rows/tcp_flags.h"
#include "proto/rows/transport.h"

namespace packetsentry::ctl::render {
namespace {

// Text a dissector put together for people; in a tunnel it begins with the inner conversation.
constexpr const rows::FieldInfo& kComposedDetail = rows::field("packetsentry.detail");

// What a line says of what became of a question, a request or a hello.
struct Outcome {
    std::string_view word;  // of packetsentry.transaction.outcome
    std::string_view text;
    bool has_latency = false;
    bool has_none = false;  // nothing has asked
};
constexpr Outcome kOutcomes[] = {{"answered", ", after ", true},
                                 {"unanswered", ", no answer"},
                                 {"unasked", ", the answer to no ", false, true},
                                 {"stopped", ", no answer before the end"},
                                 {"evicted", ", no answer while there was room to wait for it"}};

// What asks in a table of transactions.
struct Asking {
    wire::Table table;
    std::string_view what;
    std::string_view again;  // before how often it was sent
};
constexpr Asking kAsking[] = {{wire::TABLE_DNS, "question", ", asked "},
                              {wire::TABLE_HTTP, "request", ", sent "},
                              {wire::TABLE_TLS, "hello", ", sent "}};

const Asking& asking_in(wire::Table table) {
    const auto* const found = std::ranges::find(kAsking, table, &Asking::table);
    return found == std::ranges::end(kAsking) ? kAsking[0] : *found;
}

}  // namespace

void RowTexts::begin(const proto::BatchView& view, std::span<const std::uint32_t> rows) {
    view_ = &view;
    addresses_.begin(view);
    if (ends_.with_names()) ends_.begin(view);
    cursors_.clear();
    plain_.clear();
    for (const proto::ColumnView& column : view.columns()) {
        cursors_.emplace_back(column);
        plain_.push_back(is_plain(column.all_text()));
    }
    shapes_.clear();
    for (std::size_t i = 0; i < view.fields().protocol.size(); ++i)
        shapes_.push_back(shape_of(view.fields().protocol[i]));
    tunnel_ = {column(rows::field("packetsentry.tunnel.type")),
               column(rows::field("packetsentry.inner.source.ip")),
               column(rows::field("packetsentry.inner.destination.ip"))};
    interfaces_.begin(view);
    const bool flows = view.table() == wire::TABLE_FLOWS;
    if (flows) flow_summary_.begin(view);
    outcome_ = column(rows::field("packetsentry.transaction.outcome"));
    repeats_ = column(rows::field("packetsentry.transaction.repeats"));
    established_ = column(rows::field("tls.established"));
    ingress_id_ = column(rows::field("observer.ingress.interface.id"));
    egress_id_ = column(rows::field("observer.egress.interface.id"));
    summaries_.clear();
    summary_parts_.assign(view.rows(), {});
    for (const std::uint32_t row : rows) {
        summary_parts_[row].begin = summaries_.size();
        if (flows)
            flow_summary_.append(summaries_, row);
        else
            append_summary(row);
        summary_parts_[row].end = summaries_.size();
        // To make an address may move those made before, so all are made before any is asked for.
        (void)endpoint(view.source(row), view.source_mac(row));
        (void)endpoint(view.destination(row), view.destination_mac(row));
    }
}

std::optional<std::size_t> RowTexts::column(const rows::FieldInfo& field) const {
    for (std::size_t i = 0; i < cursors_.size(); ++i)
        if (cursors_[i].column().name() == field.path) return i;
    return std::nullopt;
}

// Nothing where no row has a value, and for a field that only a newer program knows.
std::optional<RowTexts::Detail> RowTexts::detail(std::uint32_t field) const {
    const rows::FieldInfo* const info = rows::find_field(field);
    if (info == nullptr) return std::nullopt;
    if (info == &rows::field("packetsentry.tcp.flags")) return HeaderDetail::tcp_flags;
    if (info == &rows::field("packetsentry.tcp.payload_bytes")) return HeaderDetail::tcp_payload;
    return column(*info);
}

RowTexts::Shape RowTexts::shape_of(const wire::Protocol& protocol) const {
    Shape shape{escaped(protocol.word()), protocol.shows_ports(), {}, {}};
    for (const std::uint32_t field : protocol.detail()) {
        if (const auto found = detail(field)) shape.detail.push_back(*found);
        if (field == kComposedDetail.number) shape.told = column(kComposedDetail);
    }
    return shape;
}

void RowTexts::append_summary(std::uint32_t row) {
    const Shape& shape = shapes_[view_->protocol_index(row)];
    append_head(row, shape);
    for (const Detail& detail : shape.detail) {
        if (const auto* const cursor = std::get_if<std::size_t>(&detail))
            append_values(row, *cursor);
        else
            append_detail(row, std::get<HeaderDetail>(detail));
    }
    append_tunnel(row, shape);
    append_outcome(row);
    append_interface(row);
    if (view_->flag(row, wire::FLAG_MALFORMED)) summaries_.append(" [malformed]");
    if (view_->flag(row, wire::FLAG_INCOMPLETE)) summaries_.append(" [incomplete]");
    if (view_->flag(row, wire::FLAG_TIME_BACK)) summaries_.append(" [clock set back]");
}

void RowTexts::append_head(std::uint32_t row, const Shape& shape) {
    if (!shape.shows_ports || !view_->flag(row, wire::FLAG_PORTS)) return summaries_.append(shape.word);
    const rows::Transport* carrier = rows::transport(view_->ip_protocol(row));
    summaries_.append(carrier != nullptr ? carrier->word : std::string_view(shape.word));
    summaries_.append(' ');
    summaries_.append_number(view_->source_port(row));
    summaries_.append(" -> ");
    summaries_.append_number(view_->destination_port(row));
}

void RowTexts::append_detail(std::uint32_t row, HeaderDetail detail) {
    if (!view_->has_tcp(row)) return;
    if (detail == HeaderDetail::tcp_flags) {
        summaries_.append(' ');
        return summaries_.append(rows::bracketed_tcp_flags(static_cast<std::uint8_t>(view_->tcp_flags(row))));
    }
    if (view_->tcp_payload_bytes(row) == 0) return;
    summaries_.append(' ');
    summaries_.append_number(view_->tcp_payload_bytes(row));
    summaries_.append(" bytes");
}

void RowTexts::append_values(std::uint32_t row, std::size_t cursor) {
    const proto::ValueRange range = cursors_[cursor].at(row);
    for (std::size_t value = range.first; value < range.last; ++value) {
        summaries_.append(value == range.first ? ' ' : ',');
        append_value(cursor, value);
    }
}

void RowTexts::append_value(std::size_t cursor, std::size_t value) {
    const proto::ColumnView& column = cursors_[cursor].column();
    switch (column.kind()) {
        case wire::Column::TEXT:
            if (plain_[cursor]) return summaries_.append(column.text(value));
            return append_escaped(summaries_, column.text(value));
        case wire::Column::ADDRESS:
            return summaries_.append(addresses_.text(static_cast<std::uint32_t>(column.number(value))));
        default:
            return summaries_.append_number(column.number(value));
    }
}

// " (VXLAN 10.0.0.1 -> 10.0.0.2)": the innermost one where tunnels are nested.
void RowTexts::append_tunnel(std::uint32_t row, const Shape& shape) {
    if (!has(row, tunnel_.type) || has(row, shape.told)) return;
    summaries_.append(" (");
    append_last(row, tunnel_.type);
    summaries_.append(' ');
    append_inner_end(row, tunnel_.source);
    summaries_.append(" -> ");
    append_inner_end(row, tunnel_.destination);
    summaries_.append(')');
}

void RowTexts::append_inner_end(std::uint32_t row, std::optional<std::size_t> cursor) {
    if (!has(row, cursor) || cursors_[*cursor].column().kind() != wire::Column::ADDRESS)
        return append_last(row, cursor);
    const std::size_t last = cursors_[*cursor].at(row).last - 1;
    summaries_.append(ends().text(static_cast<std::uint32_t>(cursors_[*cursor].column().number(last))));
}

// What became of a question, a request or a hello: ", after 0.227 ms".
void RowTexts::append_outcome(std::uint32_t row) {
    const Asking& asking = asking_in(view_->table());
    if (!has(row, outcome_) || cursors_[*outcome_].column().kind() != wire::Column::TEXT) return;
    const std::string_view outcome = cursors_[*outcome_].column().text(cursors_[*outcome_].at(row).first);
    const auto* const words = std::ranges::find(kOutcomes, outcome, &Outcome::word);
    if (words != std::ranges::end(kOutcomes)) {
        summaries_.append(words->text);
        if (words->has_latency) summaries_.append(short_duration_text(view_->duration_ns(row)));
        if (words->has_none) summaries_.append(asking.what, " that waits");
    } else {
        summaries_.append(", ");
        append_escaped(summaries_, outcome);
    }
    if (outcome == "answered" && number(row, established_) == 0) summaries_.append(", not established");
    const auto repeats = number(row, repeats_);
    if (!repeats) return;
    summaries_.append(asking.again);
    summaries_.append_number(*repeats + 1);
    summaries_.append(" times");
}

// Nothing: it has none, or another kind of value, as only a forged batch has it.
std::optional<std::uint64_t> RowTexts::number(std::uint32_t row, std::optional<std::size_t> cursor) {
    if (!has(row, cursor) || cursors_[*cursor].column().kind() != wire::Column::NUMBER) return std::nullopt;
    return cursors_[*cursor].column().number(cursors_[*cursor].at(row).first);
}

// " [eth0 in]", for captures on all interfaces; " [interface 3 in]" where only the number is known, as in a
// file that another machine has written.
void RowTexts::append_interface(std::uint32_t row) {
    const Direction direction = interfaces_.direction(row);
    if (direction == Direction::unknown) return;
    const bool sent = direction == Direction::egress;
    const std::string& name = view_->interface(row).name();
    const auto id = sent ? egress_id_ : ingress_id_;
    summaries_.append(" [");
    if (!name.empty() && name != kAnyInterface) {
        append_escaped(summaries_, name);
        summaries_.append(' ');
    } else if (has(row, id)) {
        summaries_.append("interface ");
        append_last(row, id);
        summaries_.append(' ');
    }
    summaries_.append(sent ? "out]" : "in]");
}

bool RowTexts::has(std::uint32_t row, std::optional<std::size_t> cursor) {
    return cursor && !cursors_[*cursor].at(row).empty();
}

void RowTexts::append_last(std::uint32_t row, std::optional<std::size_t> cursor) {
    if (!has(row, cursor)) return summaries_.append('?');
    append_value(*cursor, cursors_[*cursor].at(row).last - 1);
}

}  // namespace packetsentry::ctl::render
