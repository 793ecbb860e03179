#include "ctl/render/json_rows.h"

#include <algorithm>

#include "ctl/render/transport.h"

namespace packetsentry::ctl::render {

void JsonRows::append(std::uint64_t first_sequence, const proto::BatchView& view,
                      rapidjson::StringBuffer& out) {
    begin(view);
    for (std::uint32_t row = 0; row < view.rows(); ++row) {
        json_.Reset(out);
        put_row({row, first_sequence + row});
        out.Put('\n');
    }
}

void JsonRows::begin(const proto::BatchView& view) {
    view_ = &view;
    texts_.begin(view);
    addresses_.begin(view);
    cursors_.clear();
    for (const proto::ColumnView& column : view.columns()) cursors_.emplace_back(column);
    const bool same = std::ranges::equal(planned_, cursors_, {}, {},
                                         [](const ColumnCursor& cursor) { return cursor.column().name(); });
    if (!same || fields_.empty()) plan();
}

// The fixed fields and this batch's columns by path. A name that would need to be a value and an object
// at once, or twice a value, is left out: only a forged batch has one.
void JsonRows::plan() {
    std::vector<Field> all = fixed_fields();
    planned_.clear();
    for (std::size_t i = 0; i < cursors_.size(); ++i) {
        planned_.emplace_back(cursors_[i].column().name());
        all.push_back({JsonPath::of(planned_.back()), nullptr, i});
    }
    std::ranges::stable_sort(all, {}, &Field::path);
    fields_.clear();
    for (Field& field : all)
        if (fields_.empty() || !fields_.back().path.leads_to(field.path)) fields_.push_back(std::move(field));
}

void JsonRows::put_row(const Row& row) {
    nesting_.begin();
    for (const Field& field : fields_) {
        if (field.cursor)
            put_column(row, field);
        else
            (this->*field.put)(row, field.path);
    }
    nesting_.end();
}

void JsonRows::put_column(const Row& row, const Field& field) {
    ColumnCursor& cursor = cursors_[*field.cursor];
    const ValueRange range = cursor.at(row.index);
    if (range.empty()) return;
    nesting_.value_at(field.path);
    if (!cursor.column().list()) return put_value(cursor.column(), range.first);
    json_.StartArray();
    for (std::size_t value = range.first; value < range.last; ++value) put_value(cursor.column(), value);
    json_.EndArray();
}

void JsonRows::put_value(const proto::ColumnView& column, std::size_t value) {
    switch (column.kind()) {
        case wire::Column::TEXT:
            return put_json_text(json_, column.text(value), scratch_);
        case wire::Column::ADDRESS:
            return put_json_text(json_, addresses_.text(static_cast<std::uint32_t>(column.number(value))),
                                 scratch_);
        default:
            json_.Uint64(column.number(value));
    }
}

std::vector<JsonRows::Field> JsonRows::fixed_fields() const {
    struct Fixed {
        std::string_view name;
        void (JsonRows::*put)(const Row&, const JsonPath&);
    };
    constexpr Fixed table[] = {
        {"@timestamp", &JsonRows::put_time},
        {"destination.ip", &JsonRows::put_destination_ip},
        {"destination.mac", &JsonRows::put_destination_mac},
        {"destination.port", &JsonRows::put_destination_port},
        {"event.sequence", &JsonRows::put_sequence},
        {"network.bytes", &JsonRows::put_network_bytes},
        {"network.iana_number", &JsonRows::put_iana_number},
        {"network.protocol", &JsonRows::put_network_protocol},
        {"network.transport", &JsonRows::put_transport},
        {"network.type", &JsonRows::put_network_type},
        {"observer.ingress.interface.name", &JsonRows::put_interface},
        {"packetsentry.captured_bytes", &JsonRows::put_captured},
        {"packetsentry.job", &JsonRows::put_job},
        {"packetsentry.malformed", &JsonRows::put_malformed},
        {"packetsentry.protocol", &JsonRows::put_word},
        {"packetsentry.summary", &JsonRows::put_summary},
        {"packetsentry.time_back", &JsonRows::put_time_back},
        {"source.ip", &JsonRows::put_source_ip},
        {"source.mac", &JsonRows::put_source_mac},
        {"source.port", &JsonRows::put_source_port},
    };
    std::vector<Field> fields;
    for (const Fixed& fixed : table) fields.push_back({JsonPath::of(fixed.name), fixed.put, std::nullopt});
    return fields;
}

}  // namespace packetsentry::ctl::render
