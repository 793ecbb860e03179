#include "proto/query/read/source_reader.h"

#include "proto/query/aliases.h"
#include "proto/query/literals.h"
#include "proto/query/named_text.h"
#include "proto/query/restrictions.h"

namespace packetsentry::query {
namespace {

using rows::FieldKind;
using wire::Column;

Column::Kind column_kind(const Source& source) {
    return rows::column_kind(source.info->kind);
}

FieldValue flag_value(bool set) {
    return {.kind = FieldKind::flag, .number = set ? 1U : 0U};
}

}  // namespace

SourceReader::SourceReader(const Reference& field, const Source& source, NamedValues named)
    : source_(source),
      word_(field.word),
      mask_(field.mask),
      shift_(field.shift),
      dense_(dense_value(*source.info)),
      add_(way_of(field.reading, *source.info)),
      rows_(source.restriction) {
    if (source.info == &rows::field("network.community_id")) community_ids_.emplace();
    if (source.numbers == nullptr || source.info->kind != FieldKind::text) return;
    gives_numbers_ = named == NamedValues::numbers;
    if (gives_numbers_ || source.numbers->only) numbers_.emplace(*source.numbers);
}

SourceReader::Add SourceReader::way_of(Reference::Reading reading, const rows::FieldInfo& info) {
    switch (reading) {
        case Reference::Reading::presence:
            return &SourceReader::add_presence;
        case Reference::Reading::listed:
            return &SourceReader::add_listed;
        case Reference::Reading::plain:
            break;
    }
    return info.dense() ? &SourceReader::add_dense : &SourceReader::add_column;
}

SourceReader::Cursor SourceReader::cursor(std::string_view path, Column::Kind kind) const {
    const proto::ColumnView* const column = find_column(*batch_.view, path, kind);
    return column == nullptr ? Cursor() : proto::ColumnCursor(*column);
}

void SourceReader::bind(const ReadBatch& batch) {
    batch_ = batch;
    rows_.bind(*batch.view);
    if (numbers_) numbers_->forget();
    if (source_.info->dense()) return;
    if (community_ids_) {
        const bool computed = flows::RowCommunityIds::are_for(*batch.view);
        add_ = computed ? &SourceReader::add_community_id : &SourceReader::add_column;
        if (computed) return community_ids_->bind(*batch.view);
    }
    cursor_ = cursor(source_.info->path, column_kind(source_));
    if (add_ == &SourceReader::add_listed) owner_ = cursor(kFlagListOwner, Column::TEXT);
    if (source_.restriction.kind != Restriction::Kind::record_type) return;
    types_ = find_column(*batch.view, record_types_of(*source_.info), Column::TEXT);
    // One type for each value, or no value can be told from another.
    if (!cursor_ || types_ == nullptr || types_->values() != cursor_->column().values()) cursor_.reset();
}

void SourceReader::add_dense(std::uint32_t row, std::vector<FieldValue>& values) {
    if (dense_ == nullptr) return;
    if (const auto value = dense_(batch_, row)) put(*value, values);
}

void SourceReader::add_column(std::uint32_t row, std::vector<FieldValue>& values) {
    if (!cursor_) return;
    const proto::ValueRange range = cursor_->at(row);
    for (std::size_t value = range.first; value < range.last; ++value)
        if (is_chosen(value)) put(column_value(value), values);
}

void SourceReader::add_community_id(std::uint32_t row, std::vector<FieldValue>& values) {
    if (const auto* const known = community_ids_->at(row)) put(FieldValue::of_text(known->id()), values);
}

void SourceReader::add_presence(std::uint32_t row, std::vector<FieldValue>& values) {
    if (dense_ != nullptr) {
        if (dense_(batch_, row)) values.push_back(flag_value(true));
        return;
    }
    if (!cursor_) return;
    const proto::ValueRange range = cursor_->at(row);
    for (std::size_t value = range.first; value < range.last; ++value)
        if (!only_numbers() || numbers_->number_of(cursor_->column().text(value)))
            return values.push_back(flag_value(true));
}

void SourceReader::add_listed(std::uint32_t row, std::vector<FieldValue>& values) {
    if (!owner_ || owner_->at(row).empty()) return;
    bool set = false;
    const proto::ValueRange range = cursor_ ? cursor_->at(row) : proto::ValueRange();
    for (std::size_t value = range.first; value < range.last; ++value)
        set |= cursor_->column().text(value) == word_;
    values.push_back(flag_value(set));
}

bool SourceReader::is_chosen(std::size_t value) const {
    return source_.restriction.kind != Restriction::Kind::record_type ||
           types_->text(value) == source_.restriction.name;
}

// A number without a name is a text too: quic.version has "0x1a2a3a4a".
std::optional<std::uint64_t> SourceReader::number_of(std::string_view text) {
    if (const auto number = numbers_->number_of(text)) return *number;
    return text.starts_with("0x") ? parse_number(text) : std::nullopt;
}

FieldValue SourceReader::column_value(std::size_t value) const {
    const proto::ColumnView& column = cursor_->column();
    if (column.kind() == Column::TEXT) return FieldValue::of_text(column.text(value));
    return {.kind = source_.info->kind, .number = column.number(value)};
}

// A text that is no number is not a value of a name whose values are numbers: tls.handshake.type has none
// where the row tells of application data.
void SourceReader::put(FieldValue value, std::vector<FieldValue>& values) {
    if (value.kind == FieldKind::address && source_.address_size != 0 &&
        (value.number == 0 ||
         batch_.view->address_size(static_cast<std::uint32_t>(value.number)) != source_.address_size))
        return;
    if (numbers_ && value.kind == FieldKind::text) {
        const auto number = number_of(value.text);
        if (!number) return;
        if (gives_numbers_) value = FieldValue::of_number(*number);
    }
    if (value.kind == FieldKind::text) value.text = named_text(source_, value.text, room_);
    if (value.kind == FieldKind::number) value.number = (value.number & mask_) >> shift_;
    values.push_back(value);
}

}  // namespace packetsentry::query
