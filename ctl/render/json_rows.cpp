#include "ctl/render/json_rows.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "ctl/render/formats.h"
#include "proto/rows/fields.h"

namespace packetsentry::ctl::render {
namespace {

// What ECS has as a list of objects, and what is like it, is on the wire one column a key, in which the
// values of a row follow each other in one order.
constexpr std::string_view kObjectLists[] = {"dns.answers.", "packetsentry.dns.authorities.",
                                             "packetsentry.dns.additionals."};

constexpr const rows::FieldInfo* kInnerEnds[] = {&rows::field("packetsentry.inner.source.ip"),
                                                 &rows::field("packetsentry.inner.destination.ip")};

// "dns.answers." for "dns.answers.ttl"; empty where the column is a field of its own.
std::string_view object_list_of(std::string_view name) {
    for (const std::string_view list : kObjectLists)
        if (name.size() > list.size() && name.starts_with(list) &&
            name.find('.', list.size()) == std::string_view::npos)
            return list;
    return {};
}

}  // namespace

std::string_view JsonRows::write(RowBatch& batch) {
    begin(batch);
    lines_.Clear();
    for (const std::uint32_t row : batch.rows()) {
        json_.Reset(lines_);
        put_row({row, batch.origin().first_sequence + batch.view().number_offset(row)});
        lines_.Put('\n');
    }
    return {lines_.GetString(), lines_.GetSize()};
}

void JsonRows::begin(RowBatch& batch) {
    const proto::BatchView& view = batch.view();
    view_ = &view;
    job_ = batch.origin().job;
    context_ = batch.origin().context;
    texts_ = &batch.texts();
    interfaces_.begin(view);
    if (flows::RowCommunityIds::are_for(view)) community_ids_.bind(view);
    addresses_.begin(view);
    cursors_.clear();
    inner_ends_.clear();
    if (with_names_) looked_at_.assign(view.address_slots() + 1, 0);
    for (const proto::ColumnView& column : view.columns()) {
        const bool is_end = column.kind() == wire::Column::ADDRESS &&
                            std::ranges::find(kInnerEnds, column.field()) != std::end(kInnerEnds);
        if (with_names_ && is_end) inner_ends_.push_back(cursors_.size());
        cursors_.emplace_back(column);
    }
    const bool same = std::ranges::equal(
        planned_, cursors_, {}, {}, [](const proto::ColumnCursor& cursor) { return cursor.column().name(); });
    if (!same || planned_table_ != view.table()) plan();
}

// The fixed fields and this batch's columns by path. A name that would need to be a value and an object
// at once, or twice a value, is left out: only a forged batch has one.
void JsonRows::plan() {
    planned_table_ = view_->table();
    std::vector<Field> all = fixed_fields();
    std::ranges::move(column_fields(), std::back_inserter(all));
    std::ranges::stable_sort(all, {}, &Field::path);
    fields_.clear();
    for (Field& field : all)
        if (fields_.empty() || !fields_.back().path.leads_to(field.path)) fields_.push_back(std::move(field));
}

std::vector<JsonRows::Field> JsonRows::column_fields() {
    std::vector<Field> fields;
    std::map<std::string_view, Field> object_lists;
    planned_.clear();
    for (std::size_t i = 0; i < cursors_.size(); ++i) {
        const std::string_view name = cursors_[i].column().name();
        planned_.emplace_back(name);
        const std::string_view list = object_list_of(name);
        if (list.empty()) {
            fields.push_back({.path = JsonPath::of(name), .cursor = i});
            continue;
        }
        Field& field = object_lists[list];
        field.path = JsonPath::of(list.substr(0, list.size() - 1));
        const std::string key = JsonPath::of(name.substr(list.size())).keys.front();
        if (std::ranges::find(field.members, key, &Member::key) == field.members.end())
            field.members.push_back({key, i});
    }
    for (auto& [list, field] : object_lists) {
        std::ranges::sort(field.members, {}, &Member::key);
        fields.push_back(std::move(field));
    }
    return fields;
}

void JsonRows::put_row(const Row& row) {
    nesting_.begin();
    for (Field& field : fields_) {
        if (field.cursor)
            put_column(row, field);
        else if (!field.members.empty())
            put_objects(row, field);
        else
            (this->*field.put)(row, field.path);
    }
    nesting_.end();
}

void JsonRows::put_column(const Row& row, const Field& field) {
    proto::ColumnCursor& cursor = cursors_[*field.cursor];
    const proto::ValueRange range = cursor.at(row.index);
    if (range.empty()) return;
    nesting_.value_at(field.path);
    if (!cursor.column().list()) return put_value(cursor.column(), range.first);
    json_.StartArray();
    for (std::size_t value = range.first; value < range.last; ++value) put_value(cursor.column(), value);
    json_.EndArray();
}

void JsonRows::put_objects(const Row& row, Field& field) {
    std::size_t objects = 0;
    for (Member& member : field.members) {
        member.range = cursors_[member.cursor].at(row.index);
        objects = std::max(objects, member.range.size());
    }
    if (objects == 0) return;
    nesting_.value_at(field.path);
    json_.StartArray();
    for (std::size_t object = 0; object < objects; ++object) {
        json_.StartObject();
        for (const Member& member : field.members) put_member(member, object);
        json_.EndObject();
    }
    json_.EndArray();
}

// An empty text holds the place of what is not known.
void JsonRows::put_member(const Member& member, std::size_t object) {
    if (object >= member.range.size()) return;
    const proto::ColumnView& column = cursors_[member.cursor].column();
    const std::size_t value = member.range.first + object;
    if (column.kind() == wire::Column::TEXT && column.text(value).empty()) return;
    put_json_quoted(json_, member.key);
    put_value(column, value);
}

void JsonRows::put_value(const proto::ColumnView& column, std::size_t value) {
    switch (column.kind()) {
        case wire::Column::TEXT:
            return put_json_text(json_, column.text(value), scratch_);
        case wire::Column::ADDRESS:
            return put_json_text(json_, addresses_.text(static_cast<std::uint32_t>(column.number(value))),
                                 scratch_);
        default:
            return put_number(column, column.number(value));
    }
}

void JsonRows::put_number(const proto::ColumnView& column, std::uint64_t number) {
    const rows::FieldKind kind = column.field() == nullptr ? rows::FieldKind::number : column.field()->kind;
    if (kind == rows::FieldKind::flag) {
        json_.Bool(number != 0);
    } else if (kind == rows::FieldKind::time) {
        put_json_text(json_, time_.text(static_cast<std::int64_t>(number)), scratch_);
    } else if (column.keyword()) {
        put_json_text(json_, std::to_string(number), scratch_);
    } else {
        json_.Uint64(number);
    }
}

std::vector<JsonRows::Field> JsonRows::fixed_fields() const {
    struct Fixed {
        const rows::FieldInfo* info;
        void (JsonRows::*put)(const Row&, const JsonPath&);
    };
    constexpr Fixed table[] = {
        {&rows::field("@timestamp"), &JsonRows::put_time},
        {&rows::field("destination.ip"), &JsonRows::put_destination_ip},
        {&rows::field("destination.mac"), &JsonRows::put_destination_mac},
        {&rows::field("destination.port"), &JsonRows::put_destination_port},
        {&rows::field("ecs.version"), &JsonRows::put_ecs_version},
        {&rows::field("event.duration"), &JsonRows::put_duration},
        {&rows::field("event.end"), &JsonRows::put_time},
        {&rows::field("event.sequence"), &JsonRows::put_sequence},
        {&rows::field("event.start"), &JsonRows::put_begin},
        {&rows::field("network.bytes"), &JsonRows::put_network_bytes},
        {&rows::field("network.iana_number"), &JsonRows::put_iana_number},
        {&rows::field("network.protocol"), &JsonRows::put_network_protocol},
        {&rows::field("network.transport"), &JsonRows::put_transport},
        {&rows::field("network.type"), &JsonRows::put_network_type},
        {&rows::field("observer.egress.interface.name"), &JsonRows::put_egress_interface},
        {&rows::field("observer.ingress.interface.name"), &JsonRows::put_ingress_interface},
        {&rows::field("packetsentry.captured_bytes"), &JsonRows::put_captured},
        {&rows::field("packetsentry.context"), &JsonRows::put_context},
        {&rows::field("packetsentry.incomplete"), &JsonRows::put_incomplete},
        {&rows::field("packetsentry.job"), &JsonRows::put_job},
        {&rows::field("packetsentry.malformed"), &JsonRows::put_malformed},
        {&rows::field("packetsentry.protocol"), &JsonRows::put_word},
        {&rows::field("packetsentry.summary"), &JsonRows::put_summary},
        {&rows::field("packetsentry.tcp.flags"), &JsonRows::put_tcp_flags},
        {&rows::field("packetsentry.tcp.duplicate_ack"),
         &JsonRows::put_tcp_note<wire::TCP_NOTE_DUPLICATE_ACK>},
        {&rows::field("packetsentry.tcp.keep_alive"), &JsonRows::put_tcp_note<wire::TCP_NOTE_KEEP_ALIVE>},
        {&rows::field("packetsentry.tcp.lost_segment"), &JsonRows::put_tcp_note<wire::TCP_NOTE_LOST_SEGMENT>},
        {&rows::field("packetsentry.tcp.out_of_order"), &JsonRows::put_tcp_note<wire::TCP_NOTE_OUT_OF_ORDER>},
        {&rows::field("packetsentry.tcp.retransmission"),
         &JsonRows::put_tcp_note<wire::TCP_NOTE_RETRANSMISSION>},
        {&rows::field("packetsentry.tcp.zero_window"), &JsonRows::put_tcp_note<wire::TCP_NOTE_ZERO_WINDOW>},
        {&rows::field("packetsentry.time_back"), &JsonRows::put_time_back},
        {&rows::field("source.ip"), &JsonRows::put_source_ip},
        {&rows::field("source.mac"), &JsonRows::put_source_mac},
        {&rows::field("source.port"), &JsonRows::put_source_port},
    };
    constexpr auto is_fixed = [](const rows::FieldInfo& info) { return info.dense() && !info.quiet(); };
    static_assert(std::ranges::count_if(rows::kFields, is_fixed) == std::ssize(table),
                  "each dense field that is not quiet has a function here, and no other field has one");
    std::vector<Field> fields;
    for (const Fixed& fixed : table)
        if (fixed.info->is_of(view_->table()))
            fields.push_back({.path = JsonPath::of(fixed.info->path), .put = fixed.put});
    if (flows::RowCommunityIds::are_for(*view_))
        fields.push_back({.path = JsonPath::of(rows::field("network.community_id").path),
                          .put = &JsonRows::put_community_id});
    if (with_names_)
        fields.push_back({.path = JsonPath::of("packetsentry.names"), .put = &JsonRows::put_names});
    return fields;
}

std::unique_ptr<RowWriter> make_json_writer(const FormatSettings& settings) {
    return std::make_unique<JsonRows>(settings.names);
}

}  // namespace packetsentry::ctl::render
